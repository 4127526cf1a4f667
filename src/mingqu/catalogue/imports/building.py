"""
A row and a mapping make a definition (format 1.0): empty where the row is silent, every element with where it stood,
and what a person must know or confirm. Pure: the register is passed in.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Mapped
from dataclasses import replace
from typing import Any

from mingqu.catalogue import gates, promises
from mingqu.catalogue.directory.rules import proposed_type
from mingqu.catalogue.imports import kinds, stages
from mingqu.catalogue.imports.findings import finding
from mingqu.catalogue.imports.mapping import Mapping
from mingqu.catalogue.imports.organs import Organs, organ_of
from mingqu.catalogue.imports.takes import Taken, flat, taken
from mingqu.catalogue.imports.templates import leave_undecided, with_template
from mingqu.catalogue.imports.types import Built, Finding, Organ, Row, Stage, default_post
from mingqu.catalogue.rules import ENQUIRY, ON_APPLICATION, WEB, document_of
from mingqu.catalogue.types import FORMAT, ClockRule, Clocks
from mingqu.clocks.types import Unit
from mingqu.kernel.codelists import code_list

CODE = re.compile(r"[\w.\-]{1,64}")
NAME, LINK = 200, 1900
REGION = re.compile("[0-9]{12}")
YEAR = {"working_days": 250, "days": 365, "months": 12, "years": 1}


def build(
    row: Row,
    mapping: Mapping,
    organs: Organs,
    *,
    file: str,
    region: str = "",
    defaults: bool = False,
) -> Built:
    """
    What one row comes to. `region`: the 12 digits of the region the batch is for; `defaults`: put what mapping and
    template have for what the source does not know, marked 默认值，待确认.
    """
    if row.unreadable:
        return _refused(row, [finding("row_unreadable", line=row.line, reason=row.unreadable)])
    said = taken(row, mapping, defaults=defaults)
    wrong = list(_stops(said))
    if wrong:
        return _refused(row, wrong, said)
    return _Draft(row, mapping, organs, said, region).built(file, defaults=defaults)


def _stops(said: Taken) -> Iterator[Finding]:
    code, name = said.text("code"), said.text("name")
    if not said.text("key"):
        yield finding("key_missing")
    if not code:
        yield finding("code_missing", "item.code")
    elif not CODE.fullmatch(code):
        yield finding("code_malformed", "item.code", code=code[:80])
    if not name:
        yield finding("name_missing", "item.name")
    elif len(name) > NAME:
        yield finding("name_too_long", "item.name")


def _refused(row: Row, wrong: list[Finding], said: Taken | None = None) -> Built:
    texts = said or Taken()
    organ = Organ("", texts.text("organ_name")[:120])
    return Built(
        line=row.line,
        key=texts.text("key")[:64] or f"第{row.line}行",
        item_code=texts.text("code")[:64],
        name=texts.text("name")[:NAME],
        organ=organ,
        item_type="",
        type_words=texts.text("type_words")[:40],
        handling_kind="",
        raw=flat(row),
        document={},
        findings=wrong,
        shut={one.code: "import" for one in wrong},
        refused=True,
    )


def doubled(built: Built, first: int) -> Built:
    """A row whose key stands in an earlier line: it is kept to be seen, under a key of its own, and goes nowhere."""
    found = finding("key_doubled", key=built.key, line=first)
    return replace(
        built,
        key=f"第{built.line}行",
        document={},
        findings=[found],
        shut={found.code: "import"},
        refused=True,
    )


class _Draft:
    """One row while its definition is made. `where`: path in the document → target it was taken from."""

    def __init__(self, row: Row, mapping: Mapping, organs: Organs, said: Taken, region: str) -> None:
        self.row, self.mapping, self.organs, self.said, self.region = row, mapping, organs, said, region
        self.findings: list[Finding] = list(said.findings)
        self.where: dict[str, str] = {}
        self.proposed: dict[str, str] = {}  # path → why; a default or a rule of ours, to be confirmed
        self.organ, found = organ_of(said, mapping, organs)
        self.findings += found

    def note(self, code: str, path: str = "", /, **values: object) -> None:
        self.findings.append(finding(code, path, **values))

    def text(self, target: str, path: str) -> str:
        """What the row says of a target, and that it stands at the path."""
        text = self.said.text(target)
        if text:
            self.where[path] = target
        return text

    def many(self, target: str, path: str) -> list[str]:
        found = self.said.many(target)
        if found:
            self.where[path] = target
        return found

    def built(self, file: str, *, defaults: bool) -> Built:
        materials = self._materials()
        item = self._item(bool(materials))
        applied = item["handling_kind"] == ON_APPLICATION
        document: dict[str, Any] = {
            "format": FORMAT,
            "item": item,
            "basis": [],
            "guide": self._guide(),
            "handling": [self._handling(materials)] if applied else [],
        }
        self.note("basis_missing", "basis")
        document["sources"] = self._sources(document, file)
        if defaults:
            document = with_template(document)
            if any(one.code == "several_deciders" for one in self.findings):
                leave_undecided(document)
        return Built(
            line=self.row.line,
            key=self.said.text("key"),
            item_code=item["code"],
            name=item["name"],
            organ=self.organ,
            item_type=item["type"],
            type_words=self.said.text("type_words")[:40],
            handling_kind=item["handling_kind"],
            raw=flat(self.row),
            document=document,
            findings=list(dict.fromkeys(self.findings)),
            quotes=self.said.text("quotes"),
            shut=shut_of(document),
        )

    # -- the item ---------------------------------------------------------------------------------------------

    def _item(self, materials: bool) -> dict[str, Any]:
        code, name = self.text("code", "item.code"), self.text("name", "item.name")
        item_type = self._type(name)
        kind, reason = kinds.proposed_kind(kinds.Signs(item_type, name, materials))
        kind_words = code_list("handling_kind").name(kind)
        self.proposed["item.handling_kind"] = reason
        self.note("kind_proposed", "item.handling_kind", kind=kind_words, reason=reason)
        if self.organ.code:
            self.where["item.organ"] = "organ_codes" if self.said.many("organ_codes") else "organ_name"
        aliases = [*self.many("aliases", "item.aliases"), self.said.text("main_item")]
        return {
            "code": code,
            "name": name,
            "base_code": self.text("base_code", "item.base_code"),
            "type": item_type,
            "organ": self.organ.code,
            "responsible_post": "",
            "level": self.text("level", "item.level"),
            "region_code": self._region(),
            "audience": self.many("audience", "item.audience"),
            "summary": self.text("summary", "item.summary"),
            "theme": self.text("theme", "item.theme"),
            "handling_kind": kind,
            "link": self._link() if kind == ENQUIRY else "",
            "life_events": self.many("life_events", "item.life_events"),
            "aliases": [one for one in dict.fromkeys(aliases) if one and one != name],
        }

    def _type(self, name: str) -> str:
        given, words = self.text("type", "item.type"), self.said.text("type_words")
        if given:
            return given
        found, certain = proposed_type(words) if words else ("", False)
        if not found:
            self.note("type_unknown", "item.type")
        elif not certain:
            self.proposed["item.type"] = f"按“{words}”推定"
            self.note("type_proposed", "item.type", words=words)
        return found

    def _region(self) -> str:
        """The row's own where it lies in the batch's, else the batch's."""
        own = self.said.text("region").ljust(12, "0") if self.said.text("region") else ""
        if REGION.fullmatch(own) and own.startswith(_prefix(self.region)):
            self.where["item.region_code"] = "region"
            return own
        if own:
            self.note("region_outside", "item.region_code", region=own[:20])
        return self.region

    def _link(self) -> str:
        link = self.text("link", "item.link")
        if len(link) < LINK and WEB.fullmatch(link):
            return link
        self.where.pop("item.link", None)
        self.note("link_malformed" if link else "link_missing", "item.link", link=link[:60])
        return ""

    # -- the guide --------------------------------------------------------------------------------------------

    def _guide(self) -> dict[str, Any]:
        consult = self.text("consult", "guide.consult")
        if not consult:
            self.note("telephone_missing", "guide.consult")
        windows = []
        if address := self.text("window_address", "guide.windows"):
            windows = [
                {
                    "name": self.said.text("window_name") or self.organ.name,
                    "address": address,
                    "hours": self.said.text("window_hours"),
                    "telephone": self.said.text("window_telephone") or consult,
                }
            ]
        return {
            "consult": consult,
            "complain": self.text("complain", "guide.complain"),
            "quantity": self.text("quantity", "guide.quantity"),
            "reconsideration_organ": self.text("reconsideration_organ", "guide.reconsideration_organ"),
            "court": self.text("court", "guide.court"),
            "windows": windows,
        }

    # -- the one 业务办理项 of a row ------------------------------------------------------------------------------

    def _handling(self, materials: list[dict[str, Any]]) -> dict[str, Any]:
        code = self.said.text("handling_code") or "01"
        at = f"handling[{code}]"
        self.where |= {f"{at}.materials": "materials"} if materials else {}
        kind = self.text("handling_kind", f"{at}.kind")
        if not kind:
            kind = "new"
            self.proposed[f"{at}.kind"] = "来源没有写，按新办"
            if words := kinds.other_handling(self.said.text("name")):
                self.note("handling_kind_unconfirmed", f"{at}.kind", words=words)
        conditions = self.many("conditions", f"{at}.conditions")
        if not conditions:
            self.note("conditions_missing", f"{at}.conditions")
        if not materials:
            self.note("materials_missing", f"{at}.materials")
        made: dict[str, Any] = {
            "code": code,
            "name": self.text("handling_name", f"{at}.name") or "申请办理",
            "kind": kind,
            "conditions": conditions,
            "materials": materials,
            "visits": self._visits(at),
        }
        if clocks := self._clocks(at):
            made["clocks"] = clocks
        return made | self._several(at)

    def _materials(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for name in self.said.many("materials"):
            if name in found:
                self.note("material_doubled", name=name[:80])
                continue
            found[name] = {"code": f"m{len(found) + 1}", "name": name, "explain": "", "accept": []}
        return list(found.values())

    def _visits(self, at: str) -> int:
        text = self.text("visits", f"{at}.visits")
        if text.isascii() and text.isdigit() and len(text) < 4:
            return int(text)
        if text:
            self.note("visits_unreadable", f"{at}.visits", value=text[:20])
        return 0

    def _clocks(self, at: str) -> dict[str, Any] | None:
        statutory, promised = (self.said.limits.get(name) for name in ("statutory", "promised"))
        path = f"{at}.clocks"
        if statutory is None or promised is None:
            code = "statutory_missing" if promised else "promised_missing" if statutory else "limits_missing"
            self.note(code, path)
            return None
        words = {"statutory": _words(statutory), "promised": _words(promised)}
        if statutory[0] >= YEAR.get(statutory[1], 10**6):
            self.note("limit_over_a_year", path, **words)
        if promises.problem(Clocks(*(ClockRule(*one) for one in (statutory, promised)))):
            self.note("promise_exceeds", path, **words)
            return None
        if statutory[1] != promised[1]:
            self.note("units_differ", path, **words)
        self.where |= {f"{path}.statutory": "statutory", f"{path}.promised": "promised"}
        return {
            name: {"limit": limit, "unit": unit}
            for name, (limit, unit) in (("statutory", statutory), ("promised", promised))
        }

    # -- an approval by several organs --------------------------------------------------------------------------

    def _several(self, at: str) -> dict[str, Any]:
        text = self.said.text("stages")
        if not text:
            return {}
        try:
            found = stages.parse(text)
        except ValueError:
            self.note("stages_unreadable", f"{at}.steps", text=text[:80])
            return {}
        self.findings += stages.findings(found, f"{at}.steps")
        organs = {one.words: self.stage_organ(one) for one in found}
        posts = {words: default_post(organ, "review") for words, organ in organs.items()}
        made: dict[str, Any] = {"steps": stages.steps(found, posts)}
        if deciding := stages.decider(found):
            made["decide"] = stages.decision(found, default_post(organs[deciding.words], "decide"))
            self.proposed[f"{at}.decide.limit"] = "来源没有各环节的期限"
        for step in made["steps"]:
            self.proposed[f"{at}.steps[{step['id']}].limit"] = "来源没有各环节的期限"
            self.note(
                "stage_organ_proposed",
                f"{at}.steps[{step['id']}].post",
                name=step["name"],
                organ=step["name"][:-2],
            )
        if made["steps"]:
            self.where[f"{at}.steps"] = "stages"
        else:
            del made["steps"]
        return made

    def stage_organ(self, stage: Stage) -> str:
        """The code of the organ meant: the row's own where level and line of work agree, else one entered for it."""
        level = code_list("exercise_level").name(self.said.text("level")) if self.said.text("level") else ""
        words = self.mapping.organ_words.get(stage.organ, stage.organ)
        if stage.level == level and words in self.organ.name:
            return self.organ.code
        found = self.organs.by_name(stage.words)
        return found.code if found else ""

    # -- where everything comes from ----------------------------------------------------------------------------

    def _sources(self, document: Mapped[str, Any], file: str) -> list[dict[str, Any]]:
        at = f"{file} 第{self.row.line}行"
        found = []
        for path, target in self.where.items():
            default = target in self.said.default
            source = "默认值" if default else f"{at} {self.said.path.get(target, target)}"
            found.append({"path": path, "source": source} | ({"default": True} if default else {}))
        found += [
            {"path": path, "source": f"规则：{why}", "default": True} for path, why in self.proposed.items()
        ]
        applied = bool(document["handling"])
        return [one for one in found if applied or not str(one["path"]).startswith("handling")]


def _prefix(region: str) -> str:
    """440000000000 → 44: what every code within begins with."""
    for digits in (2, 4, 6, 9):
        if region[digits:].strip("0") == "":
            return region[:digits]
    return region


def _words(limit: tuple[int, str]) -> str:
    return f"{limit[0]}{Unit(limit[1]).text}"


def shut_of(document: Mapped[str, Any]) -> dict[str, str]:
    """Which conditions shut which gate: code → gate."""
    return {one.code: one.gate for one in gates.gates(document_of(document)).shut}

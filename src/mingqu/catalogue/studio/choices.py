"""What may be chosen on a sheet: code lists, posts, materials, steps and questions of the document itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mingqu.catalogue.conditions import STEP_OUTCOMES
from mingqu.catalogue.scenarios import DEED_WORDS, OUTCOME_WORDS
from mingqu.catalogue.studio.asking import KINDS, SLOTS
from mingqu.catalogue.studio.choosing import chosen
from mingqu.kernel.codelists import code_list

FORMATS = ("pdf", "jpg", "png", "heic")
RULE = "outcome."  # before the code of 自动判定, in conditions and in what is ticked


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Question:
    ask: str
    text: str
    many: bool
    options: list[Option] = field(default_factory=list)


class Choices:
    """Of one 业务办理项 of a document, or of the whole (`handling` None). `posts`: code → words."""

    def __init__(
        self, document: Mapping[str, Any], handling: Mapping[str, Any] | None, posts: Mapping[str, str]
    ) -> None:
        self.document, self.handling, self.posts = document, handling or {}, posts
        self.questions = [
            Question(
                str(q.get("ask", "")),
                str(q.get("text", "")) or "没有写的问题",
                q.get("many") is True,
                _options(q.get("choices"), "value", "label"),
            )
            for q in _rows(self.handling, "situations")
        ]
        self.rules = [
            Question(
                RULE + str(route.get("code", "")),
                f"自动判定：{route.get('name') or '没有名称'}",
                False,
                _options(route.get("results"), "value", "label"),
            )
            for route in _rows(self.handling, "routes")
        ]

    def of(self, kind: str, name: str, metadata: Mapping[str, Any], path: str) -> list[Option] | None:
        """What a field offers; None where it is typed."""
        if "lists" in metadata:
            return [Option(*pair) for key in metadata["lists"] for pair in code_list(key).choices()]
        match kind, name:
            case "Asked", "kind":
                return [Option(*pair) for pair in KINDS.items()]
            case "Asked", "prefill":
                return [Option(*pair) for pair in SLOTS.items()]
            case "Material", "accept":
                return [Option(one, one.upper()) for one in FORMATS]
            case ("Step", "checks") | ("Expected", "materials"):
                return self._own("materials")
            case "Given", "missing":
                return [
                    Option(str(m.get("code")), str(m.get("name")))
                    for m in _rows(self.handling, "materials")
                    if m.get("may_follow")
                ]
            case "Step", "checklist":
                return [Option("", "没有"), *self._own("checklists")]
            case "Expected", "path":
                return self._steps()
            case "Deed", "do":
                return [Option(*pair) for pair in DEED_WORDS.items()]
            case "Deed", "step":
                return [Option("", "不涉及"), *self._steps()]
            case "Deed", "material":
                return [Option("", "不涉及"), *self._own("materials")]
            case "Deed", "ground":
                return [
                    Option("", "不涉及"),
                    *(Option(*pair) for pair in code_list("special_procedure").choices()),
                ]
            case "Deed", "outcome":
                return [Option("", "不涉及"), *(Option(*p) for p in STEP_OUTCOMES.items()), *_results()]
            case "DiscretionRule", "outcome":
                return [Option("", "准予或者不予"), *_results()]
            case "Discretion", "sets":
                return [Option("", "只写在决定里"), Option("valid_years", "证照的有效年数")]
            case "Expected", "result":
                return [Option("", "不看"), *_results()]
            case "CertificateField", "value":
                return self._values()
        return [Option(one, one) for one in metadata["values"]] if "values" in metadata else None

    def post_words(self, code: str) -> str:
        return f"{self.posts[code]}（{code}）" if code in self.posts else code

    def post_code(self, typed: str) -> str | None:
        """The code of what was typed or picked; None where there is no such post."""
        said = typed.strip()
        if not said or said in self.posts:
            return said
        _, _, tail = said.rpartition("（")
        if tail.endswith("）") and tail[:-1] in self.posts:
            return tail[:-1]
        named = [code for code, words in self.posts.items() if said in (words, words.rpartition("·")[2])]
        return named[0] if len(named) == 1 else None

    def asked(self, path: str) -> list[Question]:
        """What the condition at this place may be chosen from: of a step also what 自动判定 gives."""
        return self.questions + (self.rules if ".steps[" in path else [])

    def ticked(self, when: str, path: str = "") -> list[str] | None:
        """The ticked answers as ask=value; None where the expression is no choice of answers."""
        found = chosen(when)
        known = {answer.value for _, answers in self.answers_by_question(path) for answer in answers}
        if found is None:
            return None
        picked = [f"{ask}={value}" for ask, values in found.items() for value in values]
        return picked if set(picked) <= known else None

    def answers_by_question(self, path: str = "") -> list[tuple[str, list[Option]]]:
        return [
            (q.text, [Option(f"{q.ask}={one.value}", one.label) for one in q.options])
            for q in self.asked(path)
        ]

    def condition_words(self, when: str, path: str) -> str:
        """What ticked answers come to, in words."""
        found = chosen(when)
        if not when:
            return "每件都办" if ".steps" in path else "所有情形"
        if found is None or not found.keys() <= {question.ask for question in self.asked(path)}:
            return ""
        said = []
        for question in self.asked(path):
            if values := found.get(question.ask):
                words = {o.value: o.label for o in question.options}
                rule = "是" if question in self.rules else ""
                said.append(f"{question.text}{rule}{'、'.join(words.get(v, v) for v in values)}")
        return "；".join(said)

    def measures(self) -> list[Option]:
        """Numbers of the form, for rows that go by one."""
        form = self.handling.get("form")
        schema = form.get("schema") if isinstance(form, Mapping) else None
        asked = questions_of(schema, "form")
        return [
            Option("", "不按数分档"),
            *(Option(path, title) for path, title, kind in asked if kind in ("number", "integer")),
        ]

    def _own(self, name: str) -> list[Option]:
        return _options(self.handling.get(name), "code", "name")

    def _steps(self) -> list[Option]:
        decide = self.handling.get("decide")
        rows = [*_rows(self.handling, "steps"), *([decide] if isinstance(decide, Mapping) else [])]
        return _options(rows, "id", "name")

    def _values(self) -> list[Option]:
        """What a line of the certificate may say: the applicant, the form, the answers."""
        form = self.handling.get("form")
        schema = form.get("schema") if isinstance(form, Mapping) else None
        asked = [
            Option(f"string({path})" if kind in ("number", "integer") else path, f"申请表：{title}")
            for path, title, kind in questions_of(schema, "form")
        ]
        said = [Option(f"situation.{q.ask}", f"情形：{q.text}") for q in self.questions]
        return [Option("", "请选择"), Option("applicant.name", "申请人姓名或者名称"), *asked, *said]


def questions_of(schema: Any, at: str) -> list[tuple[str, str, str]]:
    """(path, title, type) of the questions of a form, as far as they can be read."""
    found: list[tuple[str, str, str]] = []
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    for name, below in properties.items() if isinstance(properties, Mapping) else ():
        if not isinstance(below, Mapping):
            continue
        path = f"{at}.{name}" if at else name
        if below.get("type") == "object":
            found += questions_of(below, path)
        else:
            found.append((path, str(below.get("title") or name), str(below.get("type"))))
    return found


def _results() -> list[Option]:
    return [Option(code, words) for code, words in OUTCOME_WORDS.items() if code]


def _rows(of: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = of.get(name)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _options(rows: Any, code: str, words: str) -> list[Option]:
    return [
        Option(str(row.get(code, "")), str(row.get(words) or "没有写"))
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping)
    ]

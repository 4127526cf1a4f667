"""Items with their definitions, plans and entries of the search; counties, bureaus and posts."""

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

from django.db import transaction

from mingqu.cases.tests import factories as f
from mingqu.catalogue.checking import check
from mingqu.catalogue.models import HandlingPlan, Revision, ServiceItem
from mingqu.catalogue.search import lexemes
from mingqu.catalogue.search.services import index
from mingqu.catalogue.search.types import Source
from mingqu.catalogue.services.publishing import item_id
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.history.copying import Lines, Rows, columns, copy
from mingqu.identity.models import Department, Post
from mingqu.kernel.json import canonical
from mingqu.kernel.models import Region
from mingqu.process import services as process
from tests.bench.million import land
from tests.bench.million.land import Bureau, County, Size
from tests.bench.million.pour import note, owner, pour, settle
from tests.bench.search import DEEDS, GRAINS, THINGS

KINDS_AT_ONCE = 50
HANDLING = "01"
GUIDE = ("code", "name", "kind", "visits", "fees", "conditions", "materials")  # of what is only listed
TABLES = ["catalogue_serviceitem", "catalogue_revision", "catalogue_handlingplan", "catalogue_searchentry"]
ENTRY = [
    "id",
    "kind",
    "code",
    "name",
    "aliases",
    "summary",
    "department_code",
    "department_name",
    "region_code",
    "audience",
    "theme",
    "handling_kind",
    "applicable",
    "body",
    "sounds",
    "initials",
    "lexemes",
]


def document(*, whole: bool) -> dict[str, Any]:
    """A definition with gaps: one that can be applied for, or one that is only listed."""
    made = f.food_licence()
    made["item"] |= {
        "code": "@code@",
        "name": "@name@",
        "organ": "@organ@",
        "responsible_post": "@organ@-01",
        "region_code": "@region@",
        "summary": "@summary@",
        "aliases": ["@alias@"],
        "life_events": [],
    }
    handling = made["handling"][0]
    made["handling"] = [{name: part for name, part in handling.items() if name != "scenarios"}]
    made["sources"], made["guide"]["faq"] = [], []
    if whole:
        for step in (*handling["steps"], handling["decide"]):
            step["post"] = (
                "@organ@-" + {"check": "01", "visit": "HC", "fitness": "QLS", "decide": "LEAD"}[step["id"]]
            )
    else:
        made["handling"] = [{name: handling[name] for name in GUIDE if name in handling}]
    return made


def source(kind: int, county: County, size: Size) -> Source:
    """What the search knows of an item; its name is the same in every county."""
    dice = size.dice("item", kind)
    thing = dice.choices(THINGS, [1 / (n + 3) for n in range(len(THINGS))])[0]
    before, after = ("".join(dice.choices(GRAINS, k=2)) for _ in range(2))
    deed = dice.choice(DEEDS)
    bureau = land.bureau_of(kind, county)
    papers = [f"{one}{tail}" for one in dice.sample(THINGS, 3) for tail in ("申请表", "证明")]
    return Source(
        code=land.item_code(kind, county),
        name=f"{before}{thing}{after}{deed}",
        aliases=[f"办{thing}"],
        summary=f"{thing}的{deed}",
        department_code=bureau.code,
        department_name=bureau.name,
        region_code=county.code,
        item_type="01",
        audience=["enterprise" if kind % 2 else "natural_person"],
        theme=("准营准办", "其他", "设立变更")[kind % 3],
        applicable=land.applicable(kind),
        materials=papers,
    )


def pour_land(size: Size) -> dict[str, str]:
    """Regions, bureaus, posts and one stored plan for each bureau: bureau -> digest of its plan."""

    def make() -> dict[str, str]:
        regions, bureaus, posts = (Lines(columns(one)) for one in (Region, Department, Post))
        for county in land.counties():
            city = f"{county.stem[:4]}00000000"
            row = (land.named("region", county.code), county.code, county.name, "county", city, None, None)
            regions.add(*row, "bench", False)
            for bureau in land.bureaus(county):
                bureaus.add(*(_department(bureau)[one] for one in bureaus.columns))
                for which in land.POSTS:
                    code = bureau.post(which)
                    post = {"id": land.named("post", code), "code": code, "name": f"岗位{which}"}
                    post |= {"department_id": bureau.id, "item_types": [], "rank": 0}
                    posts.add(*(post[one] for one in posts.columns))
        with owner() as cursor:
            for model, lines in ((Region, regions), (Department, bureaus), (Post, posts)):
                copy(cursor, model._meta.db_table, lines)
        with transaction.atomic():
            return {bureau.code: plan(bureau) for one in land.counties() for bureau in land.bureaus(one)}

    found: dict[str, str] = note("land", make)
    return found


def _department(bureau: Bureau) -> dict[str, Any]:
    return {
        "id": bureau.id,
        "code": bureau.code,
        "name": bureau.name,
        "credit_code": "",
        "region_code": bureau.county.code,
        "parent_id": None,
        "path": f"/{bureau.code}/",
        "review_organ": "",
        "closed_on": None,
        "successor_id": None,
    }


def plan(bureau: Bureau) -> str:
    """The plan by which cases of the bureau run, stored; its digest."""
    text = canonical(document(whole=True)).decode()
    checked = check(json.loads(_filled(text, bureau, "@code@", "@name@", "", "")), clocks.current_calendar())
    return process.keep_plan(checked.plans[HANDLING])


def _filled(text: str, bureau: Bureau, code: str, name: str, summary: str, alias: str) -> str:
    given = {"code": code, "name": name, "organ": bureau.code, "region": bureau.county.code}
    for gap, value in (given | {"summary": summary, "alias": alias}).items():
        text = text.replace(f"@{gap}@", value)
    return text


def pour_items(size: Size, tell: Callable[[str], None]) -> int:
    """All items of all counties; how many were made now."""
    plans = pour_land(size)
    texts = [canonical(document(whole=whole)).decode() for whole in (False, True)]
    kinds = size.kinds
    batches = -(-kinds // KINDS_AT_ONCE)

    def make(batch: int) -> tuple[int, Rows]:
        rows: Rows = {
            "catalogue_serviceitem": Lines(columns(ServiceItem)),
            "catalogue_revision": Lines(columns(Revision)),
            "catalogue_handlingplan": Lines(columns(HandlingPlan)),
            "catalogue_searchentry": Lines(ENTRY),
        }
        numbers = range(batch * KINDS_AT_ONCE, min(kinds, (batch + 1) * KINDS_AT_ONCE))
        for kind in numbers:
            for county in land.counties():
                _item(rows, source(kind, county, size), land.bureau_of(kind, county), texts, plans)
        return len(numbers) * land.COUNTIES, rows

    with owner() as cursor:
        cursor.execute("DROP INDEX IF EXISTS search_lexemes")  # made last, as a restored backup does
    made = pour("items", batches, make, kinds * land.COUNTIES, tell)
    with owner() as cursor:
        cursor.execute(
            "CREATE INDEX search_lexemes ON catalogue_searchentry USING gin (lexemes) WITH (fastupdate = off)"
        )
        if made:
            cursor.execute("DELETE FROM catalogue_searchterm")
            cursor.execute(index._COUNT_ANEW, [lexemes.FILTER])
    settle([*TABLES, "catalogue_searchterm"])
    return made


def _item(rows: Rows, of: Source, bureau: Bureau, texts: list[str], plans: dict[str, str]) -> None:
    text = _filled(texts[of.applicable], bureau, of.code, of.name, of.summary, of.aliases[0])
    revision, item = land.revision_id(of.code), item_id(of.code)
    row: dict[str, Any] = defaults() | {
        "id": item,
        "code": of.code,
        "name": of.name,
        "summary": of.summary,
        "department_id": bureau.id,
        "region_code": of.region_code,
        "item_type": of.item_type,
        "audience": of.audience,
        "theme": of.theme,
        "life_events": [],
        "handling_kind": of.handling_kind,
        "applicable": of.applicable,
        "lawful": of.applicable,
        "base_code": "",
        "base_standing": "",
        "words": " ".join((of.name, of.summary, *of.aliases, *of.materials)),
        "current_id": revision,
        "remarks": [],
        "withdrawn_at": None,
        "withdrawn_reason": "",
    }
    lines = rows["catalogue_serviceitem"]
    lines.add(*(row[one] for one in lines.columns))
    published = {
        "id": revision,
        "item_id": item,
        "number": 1,
        "digest": sha256(text.encode()).hexdigest(),
        "document": text,
        "published_at": "2025-01-02 04:00:00+00",
    }
    lines = rows["catalogue_revision"]
    lines.add(*(published[one] for one in lines.columns))
    if of.applicable:
        handling = {"id": land.named("handling", of.code), "revision_id": revision, "code": HANDLING}
        handling |= {"name": "新办", "kind": "new", "position": 0, "plan_digest": plans[bureau.code]}
        lines = rows["catalogue_handlingplan"]
        lines.add(*(handling[one] for one in lines.columns))
    found = lexemes.lexemes(of)
    *entry, _found = index._values(of, found)
    rows["catalogue_searchentry"].add(*entry, " ".join(_quoted(one) for one in found))


@cache
def defaults() -> dict[str, Any]:
    """Of the columns of items: those that a later version adds stand as it makes them."""
    return {str(one.column): one.get_default() for one in ServiceItem._meta.concrete_fields}


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"

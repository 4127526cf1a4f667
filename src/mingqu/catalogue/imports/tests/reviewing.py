"""Rows as an import leaves them, for tests of what comes after: small, made of the tests' own definition."""

import copy
from datetime import timedelta
from typing import Any
from uuid import UUID

from mingqu.cases.tests import factories as f
from mingqu.catalogue.gates import gates
from mingqu.catalogue.imports import review_services
from mingqu.catalogue.imports.models import ImportBatch, ImportedItem
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.review_publishing import work as publish_on
from mingqu.catalogue.imports.review_selectors import Filter, fingerprint
from mingqu.catalogue.imports.review_services import Begun, Chosen, Order
from mingqu.catalogue.rules import document_of
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.tests.made_once import made_once
from mingqu.kernel.types import Actor

AT = people.NOON + timedelta(days=1)
DEMO = f.food_licence()
ORGAN, ORGAN_NAME = "QH-SCJG", "清禾区市场监督管理局"
BASIS = {
    "law": "食品安全法",
    "article": 35,
    "paragraph": 1,
    "point": 0,
    "found_in": "受理条件",
    "accepted_by": "",
}


def document(code: str, *, applicable: bool = False, name: str = "", organ: str = ORGAN) -> dict[str, Any]:
    """A definition nobody has confirmed; one that is only listed has no 业务办理项."""
    made = copy.deepcopy(DEMO)
    made["item"].update(
        code=code, name=name or f"事项{code}", organ=organ, summary="", aliases=[], life_events=[]
    )
    made["basis"] = []
    made["sources"] = [
        {"path": "item.type", "source": "导入", "default": True},
        {"path": "item.handling_kind", "source": "导入", "default": True},
    ]
    if not applicable:
        made["handling"] = []
    return made


@made_once
def _officers() -> tuple[f.World, tuple[Actor, ...]]:
    world = f.world()
    return world, (
        people.staff_actor("catalogue_editor", department_id=world.bureau, name="叶知秋"),
        people.staff_actor("catalogue_reviewer", department_id=world.bureau, name="范定"),
        people.staff_actor("catalogue_reviewer", department_id=world.bureau, name="季平"),
        people.staff_actor("catalogue_reviewer", name="别局"),
    )


class House:
    """A bureau with an importer and two reviewers, another bureau's reviewer, and a batch."""

    def __init__(self, rows: int = 3, **more: Any) -> None:
        self.world, (self.importer, self.reviewer, self.second, self.strange) = _officers()
        self.batch = batch(self.importer.id)
        self.rows = [row(self.batch, line, **more) for line in range(1, rows + 1)]

    def ticked(self, *lines: int) -> Chosen:
        found = ImportedItem.objects.filter(batch=self.batch)
        found = found.filter(line__in=lines) if lines else found
        return Chosen(rows=tuple(found.values_list("pk", "version")))

    def begin(
        self, kind: str, *lines: int, by: Actor | None = None, chosen: Chosen | None = None, **order: Any
    ) -> Begun:
        return review_services.begin(
            batch_id=self.batch.pk,
            order=Order(kind, **order),
            chosen=chosen or self.ticked(*lines),
            by=by or self.reviewer,
            at=AT,
            key=new_id(),
        )

    def do(self, kind: str, *lines: int, **more: Any) -> UUID:
        """Begun and carried out to the end."""
        deed_id = self.begin(kind, *lines, **more).deed_id
        finish(deed_id)
        return deed_id

    def row(self, line: int) -> ImportedItem:
        return ImportedItem.objects.get(batch=self.batch, line=line)


def publish_rows(batch_id: UUID, by: Actor) -> ReviewDeed:
    """All accepted rows of a batch, as the page asks for them, carried out here without a job."""
    accepted = Filter(state=ImportedItem.State.ACCEPTED)
    of = ImportBatch.objects.get(pk=batch_id)
    begun = review_services.begin(
        batch_id=batch_id,
        order=Order("publish"),
        chosen=Chosen(asked=accepted, seen=fingerprint(by, of, accepted, "catalogue.publish")),
        by=by,
        at=AT,
        key=new_id(),
    )
    finish(begun.deed_id)
    return ReviewDeed.objects.get(pk=begun.deed_id)


def finish(deed_id: UUID) -> None:
    while review_services.work(deed_id, AT) or publish_on(deed_id, AT):
        pass


def batch(
    author: UUID, *, region: str = people.REGION, state: str = "ready", name: str = "事项清单.csv"
) -> ImportBatch:
    return ImportBatch.objects.create(
        file_name=name,
        digest="0" * 64,
        mapping="test",
        mapping_version=1,
        region_code=region,
        author_id=author,
        state=state,
        created_at=AT,
        updated_at=AT,
    )


def row(
    of: ImportBatch, line: int, *, code: str = "", applicable: bool = False, **columns: Any
) -> ImportedItem:
    code = code or f"IMP-{of.pk.hex[-6:]}-{line:04d}"
    made = columns.pop("document", None) or document(
        code, applicable=applicable, name=columns.get("name", "")
    )
    found = gates(document_of(made))
    values: dict[str, Any] = {
        "key": code,
        "item_code": code,
        "name": made["item"]["name"],
        "organ_code": ORGAN,
        "organ_name": ORGAN_NAME,
        "item_type": made["item"]["type"],
        "type_words": "行政许可",
        "handling_kind": made["item"].get("handling_kind", "on_application"),
        "raw": {
            "事项名称": made["item"]["name"],
            "办理时限": "20个工作日",
            "受理条件": ["依据《食品安全法》第三十五条"],
        },
        "document": made,
        "listed": found.open("listed"),
        "applicable": found.open("applicable"),
        "lawful": found.open("lawful"),
        "stopped_by": [one.code for one in found.shut],
        "kind_confirmed": True,
        "bases": [BASIS | {"standing": "in_force", "sentence": "现行有效"}],
    }
    return ImportedItem.objects.create(batch=of, line=line, **values | columns)

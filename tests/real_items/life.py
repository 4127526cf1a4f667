"""One application for a real item, lived by the commands of production; each deed is also tried by who may not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

import pytest

from mingqu.cases import errors, services
from mingqu.cases.models import Case
from mingqu.cases.services.files import Holder, Upload, add_draft_files
from mingqu.cases.tests.factories import PNG
from mingqu.cases.types import Finding, Served
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Kind
from mingqu.documents.models import DocumentRequest
from mingqu.forms import services as forms
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel import relay
from mingqu.kernel.models import AuditEntry, DeadLetter
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks
from tests.real_items.calendar import last_day
from tests.real_items.house import FILED, House

DAY = timedelta(days=1)
CREDIT_CODE = "11990104MB0000019E"
ANSWERS = {
    "applicant_name": "李晓禾",
    "address": "青澜街道望渠路5号",
    "contact_phone": "19900001234",
    "matter": "按所附材料申请办理",
}


@dataclass
class Life:
    """An application on its way; `today` moves with its deeds."""

    house: House
    case: Case
    today: datetime = FILED

    @property
    def day(self) -> date:
        return self.today.date()

    def fresh(self) -> Case:
        self.case.refresh_from_db()
        return self.case


def filed(house: House) -> Life:
    """Handed in online with every material; the receipt names them all, and the five days run."""
    item, definition = catalogue.current_definition(house.document["item"]["code"])
    assert item.current is not None
    assert item.audience == house.document["item"]["audience"]
    started = forms.start_draft(
        about=item.code,
        form_digest=item.current.digest,
        context={
            "revision_id": str(item.current_id),
            "handling": definition.handling_item.code,
            "situation": {},
            "delivery": "electronic",
        },
        by=house.citizen,
        at=FILED,
        answers=_answers(definition.form.schema),
    )
    for material in definition.materials:
        upload = [Upload(f"{material.code}.png", PNG)]
        holder = Holder(house.citizen)
        add_draft_files(
            draft_id=started.draft_id, material=material.code, uploads=upload, holder=holder, at=FILED
        )
    services.file_case(
        draft_id=started.draft_id, base_version=started.version, by=house.citizen, at=FILED, key=uuid4()
    )
    life = Life(house, Case.objects.get(pk=started.draft_id))
    assert life.case.status == "received"
    assert life.case.due_on == last_day(FILED.date(), 5, "working_days"), "行政许可法 32(4)"
    named = str(paper(life, "receipt")["materials"])
    assert all(material["name"] in named for material in house.handling["materials"])
    return life


def accepted(life: Life) -> Life:
    """By the window, and nobody else who has no business with it; both clocks run from that day."""
    house, case = life.house, life.case

    def accept(by: Actor) -> None:
        services.accept_case(case_id=case.pk, by=by, at=life.today, key=uuid4())

    refused(NotAuthorised, accept, house.stranger, house.citizen, *_of_role(house, "SH", "PZ"))
    accept(house.clerk)
    assert life.fresh().status == "accepted"
    for kind, name in ((Kind.STATUTORY, "statutory"), (Kind.PROMISED, "promised")):
        rule = house.handling["clocks"][name]
        assert clocks.due_on(case.pk, kind) == last_day(life.day, rule["limit"], rule["unit"]), name
    assert paper(life, "acceptance_notice")["accepted_on"] == life.day.isoformat()
    return life


def reviewed(life: Life) -> Life:
    """Every step by its own post, side by side where the table says so; the next opens with the last of them."""
    case, house = life.case, life.house
    for group in groups(house.handling["steps"]):
        waiting = {step["id"]: step for step in group}
        while waiting:
            found = {task.step: task for task in tasks.open_tasks(case.pk)}
            assert set(found) == set(waiting), "this group and nothing after it"
            with pytest.raises(errors.ReviewUnfinished):
                _decide(life, house.staff[house.handling["decide"]["post"]], "granted")
            step = waiting.pop(min(waiting))
            _complete(life, step, found[step["id"]])
        life.today += DAY
    assert [task.step for task in tasks.open_tasks(case.pk)] == ["decide"]
    assert life.fresh().status == "accepted"
    return life


def _complete(life: Life, step: dict[str, Any], task: Any) -> None:
    assert task.post == step["post"]
    assert task.due_on == last_day(task.opened_at.date(), step["limit"], "working_days")

    def complete(by: Actor) -> None:
        services.complete_step(
            case_id=life.case.pk,
            task_id=task.task_id,
            finding=Finding("met"),
            by=by,
            at=life.today,
            key=uuid4(),
        )

    house = life.house
    refused((NotAuthorised, errors.NotYourTask), complete, house.clerk, house.stranger, house.citizen)
    refused((NotAuthorised, errors.NotYourTask), complete, *_others(house, step["post"]))
    complete(house.staff[step["post"]])


def decided(life: Life, outcome: str = "granted") -> Life:
    house = life.house
    post = house.handling["decide"]["post"]
    for other in (house.clerk, house.stranger, house.citizen, *_others(house, post)):
        with pytest.raises((NotAuthorised, errors.NotYourTask)):
            _decide(life, other, outcome)
    _decide(life, house.staff[post], outcome)
    case = life.fresh()
    assert (case.status, case.outcome) == ("decided", outcome)
    assert case.due_on == last_day(life.day, 10, "working_days"), "行政许可法 44"
    licence = house.document["item"]["type"] == "01"
    told = paper(life, f"{'decision' if licence else 'approval'}_{outcome}")
    if outcome == "granted":
        assert told["result_type"] == "approval_document" and "申请的内容" in told["scope"]
    else:
        assert told["reasons"] == ["不符合受理条件"]
    return life


def _decide(life: Life, by: Actor, outcome: str) -> None:
    services.decide_case(
        case_id=life.case.pk,
        outcome=outcome,
        reasons="" if outcome == "granted" else "不符合受理条件",
        by=by,
        at=life.today,
        key=uuid4(),
    )


def delivered(life: Life) -> Life:
    """What follows by itself brings no certificate; the window hands the decision over."""
    relay.deliver_root(life.case.pk, life.today)
    assert not DeadLetter.objects.exists(), list(DeadLetter.objects.values_list("subscriber", "error"))
    assert life.fresh().certificate_id is None

    def deliver(by: Actor) -> None:
        served = Served.at_window("李晓禾")
        services.deliver_case(case_id=life.case.pk, served=served, by=by, at=life.today, key=uuid4())

    refused(NotAuthorised, deliver, life.house.stranger, life.house.citizen)
    deliver(life.house.clerk)
    assert life.fresh().status == "delivered"
    return life


def archived(life: Life) -> Life:
    own = life.house.staff[f"{life.house.document['item']['organ']}-CB"]

    def archive(by: Actor) -> None:
        services.archive_case(case_id=life.case.pk, by=by, at=life.today, key=uuid4())

    refused(NotAuthorised, archive, life.house.stranger, life.house.citizen)
    archive(own)
    assert life.fresh().status == "archived"
    return life


def withdrawn(life: Life) -> Life:
    services.withdraw_case(case_id=life.case.pk, by=life.house.citizen, at=life.today, key=uuid4())
    assert life.fresh().status == "withdrawn"
    assert not tasks.open_tasks(life.case.pk)
    return life


def deeds(life: Life) -> list[str]:
    """What the ledger says was done, in order."""
    return list(
        AuditEntry.objects.filter(root_id=life.case.pk).order_by("seq").values_list("action", flat=True)
    )


def groups(steps: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows that lie side by side, one after the other."""
    for _, rows in groupby(steps, key=lambda step: step.get("parallel") or step["id"]):
        yield list(rows)


def paper(life: Life, kind: str) -> dict[str, Any]:
    """What the last paper of a kind that was asked for says."""
    found = DocumentRequest.objects.filter(root_id=life.case.pk, kind=kind).last()
    assert found is not None, kind
    return dict(found.data)


def refused(error: Any, deed: Callable[[Actor], None], *actors: Actor) -> None:
    for actor in actors:
        with pytest.raises(error):
            deed(actor)


def _of_role(house: House, *suffixes: str) -> list[Actor]:
    return [actor for post, actor in house.staff.items() if post.endswith(suffixes)]


def _others(house: House, post: str) -> list[Actor]:
    return [actor for other, actor in house.staff.items() if other != post]


def _answers(schema: dict[str, Any]) -> dict[str, Any]:
    numbers = {"citizen_number": people.citizen_number(), "credit_code": CREDIT_CODE}
    known = {**ANSWERS, **numbers}
    return {name: known[name] for name in schema["required"]}

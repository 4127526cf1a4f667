"""The demo district loads by commands, twice without a second effect, and only into a demo installation."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from mingqu.cases.flows import flows_in_use
from mingqu.cases.many.questions import to_pay
from mingqu.cases.models import Bundle, BundlePart, Case, CaseMaterial, JointVisit, ManyFiling, Project
from mingqu.catalogue.models import Revision
from mingqu.certificates.models import Certificate
from mingqu.clocks import selectors as clocks
from mingqu.clocks.rules.notice import seed_calendar
from mingqu.config import demo
from mingqu.config.demo import bulk, moving, neighbour, supervision
from mingqu.config.demo.district import DEFINITIONS, SEALED
from mingqu.config.demo.looking import SITES
from mingqu.config.demo.stories import STORIES
from mingqu.config.demo.walk_ins import WALK_INS
from mingqu.hall.models import Consignment, Shift, ShiftLine
from mingqu.identity import selectors as people
from mingqu.kernel.codelists import code_list
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.yaml_text import read_yaml
from mingqu.outreach.models import Errand
from mingqu.process.models import Wait
from mingqu.regulation.models import Inspection

LOOKED_AT = 4  # parts of a stage that are received at once
HISTORY = 20  # cases of the years before


@pytest.mark.django_db
def test_loading_twice_is_loading_once():
    demo.load(0)
    entries, cases = AuditEntry.objects.count(), Case.objects.count()

    demo.load(0)

    assert (AuditEntry.objects.count(), Case.objects.count()) == (entries, cases)
    assert (Bundle.objects.count(), Project.objects.count()) == (3 + len(SITES), 1 + len(SITES))
    assert set(BundlePart.objects.values_list("state", flat=True)) == {
        "accepted", "granted", "due", "waiting", "outside"
    }  # fmt: skip
    looked = {(one.state, one.recorded_by is None) for one in JointVisit.objects.all()}
    assert looked == {("agreed", True), ("agreed", False)}, (
        "one shared record is being written, one is closed"
    )
    filed = Case.objects.filter(pk__in=Errand.objects.values("draft_id")).count()
    assert filed == 1, "one handed in by an agent"
    received = len(neighbour.CAME) + LOOKED_AT * len(SITES) + len(bulk.SITES)
    assert cases == len(STORIES) + len(WALK_INS) + len(moving.FILED) + filed + received + 1  # 慕云茶铺
    table = ManyFiling.objects.get(state="filed")
    assert len(to_pay(table)) == len(bulk.SITES), "fees to be paid at once"
    assert table.total == len(bulk.SITES) + 1, "one row is wrong"
    assert sorted(Consignment.objects.values_list("state", flat=True)) == ["moving", "returned"]
    asked = Case.objects.filter(by_post=True, status="decided", bundle_id=None)
    assert asked.count() == 3, "one waits to be sent, one is on its way, one came back"
    together_sent = Bundle.objects.get(by_post=True)
    assert together_sent.sent_to["receiver"] == "韩清和", "results of a bundle asked for in one parcel"
    in_use = {(code, number) for code, _handling, _revision, number in flows_in_use(Q())}
    assert (moving.DRAIN, len(moving.FILED)) in in_use, "流程迁移 has something to plan"
    assert Revision.objects.filter(item__code=moving.DRAIN).count() == 2
    assert Wait.objects.filter(node="look.late").count() == len(moving.FILED), "and timers that run"
    days = Case.objects.filter(due_on__isnull=False, status="accepted", suspended_since=None)
    today = legal_day(timezone.now())
    assert days.filter(due_on__lt=today, deemed_accepted=False).count() == 2, "two are overdue"
    waits = Case.objects.filter(suspended_since__isnull=False)
    assert (waits.count(), waits.filter(suspended_until__lt=today).count()) == (2, 1), "one is past its day"
    assert Shift.objects.get().state == Shift.State.GIVEN, "a shift with 通办 in it waits to be taken over"
    assert set(ShiftLine.objects.values_list("kind", flat=True)) == {"draft", "reception"}
    owed = CaseMaterial.objects.get(state="owed", case__bundle_id=None)
    assert owed.owed_until == clocks.current_calendar().next_working_day(today)
    ending = Certificate.objects.filter(valid_until__lte=today + timedelta(days=30), holder_id__isnull=False)
    assert ending.count() == 3
    assert {"received", "correction", "accepted", "decided", "withdrawn", "not_required"} <= set(
        Case.objects.values_list("status", flat=True)
    )
    demo.load(HISTORY)
    assert Case.objects.count() > cases + HISTORY, "each way was gone by commands first, and then copied"
    _the_inspected_shop_applies_again()


def _the_inspected_shop_applies_again():
    """As in a demo that somebody tried and started again: its newest case has no decision."""
    shop = next(story for story in STORIES if "grant" in story.then)
    newest = Case.objects.filter(status="received").latest("id")
    newest.applicant_id = people.citizen_with_phone(shop.phone).person_id
    newest.save(update_fields=["applicant_id"])

    supervision.tell(timezone.now(), list)

    assert Inspection.objects.count() == 1


def test_who_leads_a_bundle_has_a_seal_so_that_its_receipt_is_made():
    bundles = (DEFINITIONS.parent / "bundles").glob("*.yaml")
    leads = {read_yaml(path.read_text("utf-8"))["lead"] for path in bundles}

    assert leads and leads <= set(SEALED)


def test_demo_data_never_loads_into_a_real_site(monkeypatch):
    monkeypatch.setattr(settings, "MINGQU_DEMO", False)

    with pytest.raises(RuntimeError, match="real site"):
        demo.load()


DECIDED = [
    (story.days_ago, place)
    for story in STORIES
    for place, deed in enumerate(story.then, start=1)
    if deed in {"grant", "refuse"}
]


def test_whatever_day_the_demo_starts_its_decisions_are_served_within_ten_working_days():
    """行政许可法 44; papers are made and served electronically when it first runs."""
    calendar = seed_calendar()
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]

    late = [
        (day, days_ago)
        for day in days
        for days_ago, place in DECIDED
        if calendar.add_working_days(day - timedelta(days=days_ago - place), 10) < day
    ]

    assert len(DECIDED) == 3 and not late


def test_each_demo_service_has_a_theme_of_the_national_lists():
    known = {one.name for key in ("theme_person", "theme_enterprise") for one in code_list(key)}
    themes = {path.name: read_yaml(path.read_bytes())["item"]["theme"] for path in DEFINITIONS.glob("*.yaml")}

    assert themes and {name: theme for name, theme in themes.items() if theme not in known} == {}

"""What the demo's history writes by COPY stands as what commands wrote: a case really handled, and its copies."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Served
from mingqu.certificates import selectors as certificates
from mingqu.certificates.models import Certificate
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.history import cases as poured
from mingqu.config.demo.history import ledger
from mingqu.config.demo.history.copying import columns
from mingqu.config.demo.history.making import KINDS, NOW
from mingqu.config.demo.history.patterns import ALL, PEOPLE, read
from mingqu.config.demo.history.templates import dump
from mingqu.config.demo.history.ways import FOREVER, Way, days_before, ways_of
from mingqu.evaluation import services as evaluation
from mingqu.evaluation.models import Rating, RatingCount
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.insight import selectors as statistics
from mingqu.insight import services as counting
from mingqu.insight.types import Span
from mingqu.kernel import ledger as sealing
from mingqu.kernel import receipts, relay
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry, AuditHead
from mingqu.process import selectors as process
from mingqu.workbench.selectors.tabs import TABS

TODAY = f.FRIDAY_NOON + timedelta(days=60)
CASES = 120


def later(days):
    calendar = clocks.current_calendar()
    day = calendar.add_working_days(legal_day(f.FRIDAY_NOON), days)
    return f.FRIDAY_NOON.replace(year=day.year, month=day.month, day=day.day)


def accepted(w):
    case = f.received_case(w)
    services.accept_case(case_id=case.pk, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    case.refresh_from_db()
    return case


def told(case):
    """The certificate before what comes later, as the relay has it."""
    relay.deliver_root(case.pk, later(5))
    case.refresh_from_db()
    relay.deliver_root(case.certificate_id, later(5))


def archived(w):
    case = accepted(w)
    for step, day in (("fitness", 2), ("check", 3)):
        f.review(w, case, step, at=later(day))
    services.decide_case(
        case_id=case.pk, outcome="granted", reasons="", by=w.leader, at=later(5), key=uuid4()
    )
    told(case)
    served = Served.at_window(case.applicant_name)
    services.deliver_case(case_id=case.pk, served=served, by=w.clerk, at=later(6), key=uuid4())
    evaluation.rate_case(
        case_id=case.pk, answer=evaluation.Answer(2, ("speed",), ""), by=w.citizen, at=later(7), key=uuid4()
    )
    services.archive_case(case_id=case.pk, by=w.reviewer, at=later(8), key=uuid4())
    case.refresh_from_db()
    return case


@pytest.fixture
def history(db):
    """An open case and one that was granted, served, rated and archived; and what was copied from them."""
    w = f.world()
    first = {
        Way("accepted", 0, 9, 1, None): accepted(w),
        Way("archived", 8, FOREVER, 1, None, 2): archived(w),
    }
    with connection.connection.cursor() as cursor:
        made = {(NOW, way): read(cursor, case) for way, case in first.items()}
        pouring = poured.Pouring(cursor, made, days_before(legal_day(TODAY), 1), legal_day(f.FRIDAY_NOON))
        pouring.pour(CASES)
        ledger.seal(cursor, pouring.entries, TODAY)
    originals = [case.pk for case in first.values()]
    yield w, first, list(Case.objects.exclude(pk__in=originals))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def rows_of(case):
    granted = Certificate.objects.filter(case_id=case.pk).values_list("pk", flat=True)
    with connection.connection.cursor() as cursor:
        found = {one.table: one for one in dump(cursor, [case.pk, *granted], ALL)}
    return {table: len(one.text.splitlines()) for table, one in found.items()}


def test_a_copied_case_has_the_rows_steps_clocks_and_ledger_of_one_that_was_handled(history):
    _w, first, copies = history
    like = {case.status: case for case in first.values()}

    assert len(copies) == CASES and {case.status for case in copies} == set(like)
    for case in copies[::9]:
        one = like[case.status]
        assert rows_of(case) == rows_of(one)
        assert clocks.due_on(case.pk) == case.due_on
        assert not process.differences(case.pk, case.instance_id)
        assert case.applicant_name in PEOPLE and case.applicant_name in json.dumps(
            case.answers, ensure_ascii=False
        )
        told, seen = (
            list(AuditEntry.objects.filter(root_id=root).order_by("seq").values_list("action", flat=True))
            for root in (one.pk, case.pk)
        )
        assert told == seen
        assert AuditHead.objects.get(root_id=case.pk).seq == len(seen)
        report = receipts.verify(json.dumps(sealing.receipt(case.pk)).encode())
        assert report.intact and not report.unsealed, report


def test_what_was_copied_told_nobody_and_is_counted_by_the_scan(history):
    counted = counting.rebuild(TODAY)

    days = Span(date(2020, 1, 1), legal_day(TODAY))
    kept = statistics.sums(statistics.Kept.everything(), days)
    scanned = counting.scan(days)
    assert counted == CASES + 2 == scanned["received"]
    assert {name: kept[name] for name in scanned} == scanned
    assert kept["level2"] == scanned["decided"] and counting.day_is_whole(legal_day(f.FRIDAY_NOON))


def test_every_note_of_the_ledger_is_proved_by_its_digest(history):
    _w, _first, copies = history

    case = next(one for one in copies if one.status == "archived")
    entries = AuditEntry.objects.filter(root_id__in=[case.pk, case.certificate_id])
    noted = [(entry, name, value) for entry in entries for name, value in entry.notes.items()]
    assert len(noted) > 10
    assert all(sealing.proves(*one) for one in noted)
    assert case.number in [value for _entry, _name, value in noted]


def test_a_copied_case_is_found_by_its_code_and_its_certificate_by_its_own(history):
    _w, first, copies = history
    case = next(one for one in copies if one.status == "archived")
    granted = Certificate.objects.get(pk=case.certificate_id)

    assert cases.case_by_query_code(case.number, case.query_code).pk == case.pk
    public = certificates.public_by_code(granted.verification_code, TODAY)
    assert public.number == granted.number
    assert granted.valid_until.year == granted.valid_from.year + 5
    assert granted.fields["person"] == case.applicant_name
    codes = {one.query_code for one in copies}
    assert len(codes) == len(copies) and not codes & {one.query_code for one in first.values()}


def test_numbers_go_on_where_the_history_ended_and_ratings_are_counted_once(history):
    w, _first, copies = history

    days = [case.received_on for case in copies]
    assert all(clocks.current_calendar().working_day(day) for day in days)
    assert max(days) < legal_day(TODAY) and min(days) < legal_day(TODAY) - timedelta(days=500)
    newest = max(case.number for case in copies)
    at = f.FRIDAY_NOON.replace(year=int(newest[6:10]), month=int(newest[10:12]), day=int(newest[12:14]))
    assert int(f.received_case(w, at=at).number[14:]) == int(newest[14:]) + 1
    counted = {one: one.count for one in RatingCount.objects.all()}
    assert sum(counted.values()) == Rating.objects.count() - 1, "that of the first waits for the relay"


def test_the_pages_of_staff_applicant_and_everybody_work_among_copies(history, settings):
    """Page after page of the desk to its end, a case without papers, search, and what everyone may read."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    w, _first, copies = history
    desk = people.signed_in(Client(), User.objects.get(pk=w.clerk.user_id))
    seen, address = [], "/desk/?tab=all"
    while address:
        page = desk.get(address)
        seen += [row.number for row in page.context["page"].rows]
        address = page.context["next_url"]
    assert len(seen) == len(set(seen)) >= CASES
    for tab in TABS:
        assert desk.get(f"/desk/?tab={tab}").status_code == 200
    case = next(one for one in copies if one.status == "archived")
    shown = desk.get(reverse("workbench:case", args=[case.number]))
    assert shown.status_code == 200 and case.applicant_name[0] in shown.content.decode()
    assert case.number in desk.get(f"/desk/search/?q={case.number}", follow=True).request["PATH_INFO"]
    anybody = Client()
    for address in ("portal:results", "portal:efficiency", "portal:display"):
        assert anybody.get(reverse(address)).status_code == 200


def test_every_row_of_a_case_is_copied_or_is_said_not_to_be(history):
    """A room that keeps something new of a case is met here: the history has it, or says why not."""
    _w, first, _copies = history
    roots = {root for case in first.values() for root in (case.pk, case.certificate_id) if root}
    keyed = (
        (model, key) for model in apps.get_models() for key in ("root_id", "case_id") if key in columns(model)
    )
    written = {
        model._meta.label for model, key in keyed if model.objects.filter(**{f"{key}__in": roots}).exists()
    }

    assert written - set(ALL) == NOT_COPIED


NOT_COPIED = {
    # the ledger, written by itself; keys of commands, events and who had them; papers, which take a second each
    "kernel.AuditEntry",
    "kernel.AuditHead",
    "kernel.UnsealedEntry",
    "kernel.CommandRecord",
    "kernel.OutboxEvent",
    "kernel.Delivery",
    "documents.DocumentRequest",
    # months without anybody who inspected would fill the list of what nobody looked at in time
    "regulation.Supervised",
}


@pytest.mark.parametrize("kind", [one for one in KINDS if not one.before], ids=lambda one: one.code)
def test_whatever_its_age_a_case_stands_somewhere(kind):
    for age in range(60):
        assert [way.name for way in ways_of(kind) if way.life <= age <= way.until]

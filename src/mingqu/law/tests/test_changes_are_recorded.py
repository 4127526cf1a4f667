"""What became of a law after the collection was made: recorded once, with its paper, and what it changes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry, OutboxEvent
from mingqu.law import library, selectors
from mingqu.law.errors import (
    ChangeClosed,
    ChangeRefused,
    ChangeUnknown,
    ChangeWaits,
    LawUnknown,
    OwnChange,
    ReasonMissing,
)
from mingqu.law.models import AwaitedChange, Law, LawChange, LawVersion
from mingqu.law.services import confirm_change, decline_change, record_change
from mingqu.law.tests.made import bring_in, folder
from mingqu.law.types import Change

pytestmark = pytest.mark.django_db
STALLS = "样例摊位管理条例"
SLUG = "yang-li-tan-wei-guan-li-tiao-li"


@pytest.fixture(autouse=True)
def texts(tmp_path):
    at = folder(tmp_path)
    bring_in(at, people.NOON)
    return at


def record(kind, on, decided_on=None, *, by=None, slug=SLUG, key=None):
    change = Change(kind, on, "样例说明", "样例令第1号", decided_on)
    by = by or people.staff_actor("law_officer")
    recorded = record_change(slug=slug, change=change, by=by, at=people.NOON, key=key or new_id())
    if AwaitedChange.objects.get(pk=recorded.awaited_id).state == "waiting":
        confirm(recorded.awaited_id)
    return recorded


def wait(kind="repealed", on=date(2026, 1, 1), by=None):
    change = Change(kind, on, "样例说明", "样例令第1号")
    by = by or people.staff_actor("law_officer")
    return record_change(slug=SLUG, change=change, by=by, at=people.NOON, key=new_id()).awaited_id


def confirm(awaited_id, key=None, by=None):
    by = by or people.staff_actor("law_officer", name="乙法制")
    return confirm_change(awaited_id=awaited_id, by=by, at=people.NOON, key=key or new_id())


def state(on, article=1):
    return selectors.standing(STALLS, article, on=on).state


def test_a_repeal_ends_the_law_on_its_day():
    record("repealed", date(2026, 1, 1))

    assert (state(date(2025, 12, 31)), state(date(2026, 1, 1))) == ("in_force", "repealed")
    assert AuditEntry.objects.get(action="law.confirm").notes["paper"] == "样例令第1号"
    assert OutboxEvent.objects.get(name="law.law_changed").payload["law"] == STALLS


def test_what_one_officer_recorded_has_no_effect_before_another_confirms_it():
    first, second = people.staff_actor("law_officer"), people.staff_actor("law_officer", name="乙法制")
    before = list(LawVersion.objects.order_by("pk").values())

    awaited = wait(by=first)
    with pytest.raises(OwnChange):
        confirm(awaited, by=first)
    with pytest.raises(NotAuthorised):
        confirm(awaited, by=people.staff_actor("catalogue_editor"))
    with pytest.raises(ChangeWaits):
        wait(by=second)

    assert list(LawVersion.objects.order_by("pk").values()) == before
    assert state(date(2026, 1, 1)) == "in_force" and not OutboxEvent.objects.exists()

    confirm(awaited, by=second)
    assert state(date(2026, 1, 1)) == "repealed"
    change = LawChange.objects.get()
    assert (change.by_id, change.confirmed_by_id) == (first.id, second.id)
    with pytest.raises(ChangeClosed):
        confirm(awaited, by=second)


def test_the_database_too_takes_no_change_confirmed_by_the_one_who_recorded_it():
    by = people.staff_actor("law_officer")
    awaited = wait(by=by)

    with pytest.raises(IntegrityError), transaction.atomic():
        AwaitedChange.objects.filter(pk=awaited).update(state="confirmed", closed_by_id=by.id)


def test_what_is_not_confirmed_says_why_and_never_has_an_effect():
    by = people.staff_actor("law_officer")
    awaited, given = wait(by=by), {"by": by, "at": people.NOON}

    with pytest.raises(ReasonMissing):
        decline_change(awaited_id=awaited, reason="  ", key=new_id(), **given)
    decline_change(awaited_id=awaited, reason="文号写错了", key=new_id(), **given)

    assert state(date(2026, 1, 1)) == "in_force" and not LawChange.objects.exists()
    with pytest.raises(ChangeClosed):
        confirm(awaited)
    assert wait()  # the law is free again


def test_a_wrong_repeal_is_put_right_and_both_records_stay():
    record("repealed", date(2026, 1, 1))
    record("repealed", date(2026, 3, 1))
    assert state(date(2026, 1, 1)) == "in_force"

    record("restored", date(2026, 1, 2))

    assert state(date(2027, 1, 1)) == "in_force"
    assert LawChange.objects.count() == 3


def test_a_new_version_without_its_text_leaves_its_articles_open_until_the_text_comes(texts):
    held = library.as_of()
    record("new_version", date(2026, 5, 1), date(2026, 2, 1))

    assert held and library.as_of() == held, "the other laws are no newer for it"
    assert state(date(2026, 4, 30)) == "in_force"
    found = selectors.standing(STALLS, 1, on=date(2026, 5, 1))
    assert (found.state, "还没有入库" in found.sentence) == ("unknown_date", True)

    name = "行政法规/样例摊位管理条例(2026-02-01).md"
    (texts / name).write_text(f"# {STALLS}\n\n<!-- INFO END -->\n\n第一条 新。\n", encoding="utf-8")
    bring_in(texts, people.NOON)

    found = selectors.standing(STALLS, 1, on=date(2026, 5, 1))
    assert (found.state, found.since, found.article.text) == ("in_force", date(2026, 5, 1), "新。")


def test_a_first_day_the_source_does_not_state_is_recorded(texts):
    version = LawVersion.objects.get(law__key=STALLS, label="2022-06-15")
    LawVersion.objects.filter(pk=version.pk).update(since=None, since_from="")

    record("in_force", date(2022, 10, 1), date(2022, 6, 15))
    bring_in(texts, people.NOON)

    version.refresh_from_db()
    assert (version.since, version.since_from) == (date(2022, 10, 1), "staff")


@pytest.mark.parametrize(
    ("kind", "on", "decided_on", "says"),
    [
        ("repealed", date(2022, 9, 1), None, "失效日期应当晚于2022年9月1日"),
        ("repealed", date(2026, 1, 1), date(1999, 1, 1), "没有1999年1月1日通过或公布的版本"),
        ("restored", date(2026, 1, 1), None, "没有登记过废止"),
        ("in_force", date(2026, 1, 1), None, "来源已写明自2022年9月1日起施行"),
        ("new_version", date(2026, 1, 1), None, "请填写新版本通过或者公布的日期"),
        ("new_version", date(2026, 1, 1), date(2022, 6, 15), "应当晚于已有的最新版本"),
        ("new_version", date(2026, 1, 1), date(2026, 2, 1), "不能早于通过或者公布"),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(kind, on, decided_on, says):
    before = list(LawVersion.objects.order_by("pk").values())

    with pytest.raises(ChangeRefused) as refused:
        record(kind, on, decided_on)

    assert says in refused.value.message
    assert list(LawVersion.objects.order_by("pk").values()) == before
    assert not LawChange.objects.exists()


def test_the_same_deed_twice_is_done_once():
    key, by = new_id(), people.staff_actor("law_officer")

    first = record("repealed", date(2026, 1, 1), by=by, key=key)

    assert record("repealed", date(2026, 1, 1), by=by, key=key) == first
    assert LawChange.objects.count() == 1


def test_only_who_keeps_the_library_records():
    with pytest.raises(NotAuthorised):
        record("repealed", date(2026, 1, 1), by=people.staff_actor("catalogue_editor"))
    with pytest.raises(LawUnknown):
        record("repealed", date(2026, 1, 1), slug="nothing")


def test_every_kind_of_change_has_its_words():
    law = Law.objects.get(key=STALLS)
    assert all(
        LawChange(law=law, kind=kind).kind_words
        for kind in ("repealed", "restored", "new_version", "in_force")
    )


def test_a_change_that_nobody_recorded_is_neither_confirmed_nor_declined():
    with pytest.raises(ChangeUnknown):
        confirm(new_id())
    with pytest.raises(ChangeUnknown):
        decline_change(
            awaited_id=new_id(),
            reason="没有依据",
            by=people.staff_actor("law_officer"),
            at=people.NOON,
            key=new_id(),
        )
    assert not LawChange.objects.exists()

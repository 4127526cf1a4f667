"""Drafts: nothing is lost, nothing is overwritten, nobody else looks in."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from mingqu.forms import selectors, services
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere, DraftNotFound, DraftTooLarge
from mingqu.forms.models import Draft
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
ZHANG = Actor(kind="citizen", id=uuid4(), name="张伟")
LI = Actor(kind="citizen", id=uuid4(), name="李娜")
CLERK = Actor(kind="staff", id=ZHANG.id, post_id=uuid4())


def begun(by=None):
    return services.start_draft(
        about="service:food-licence", form_digest="d" * 64, context={"subject": "person"}, by=by, at=NOON
    )


def saved(draft, base, at=LATER, by=None, **changes):
    return services.save_draft(
        draft_id=draft.draft_id,
        changes={path.replace("__", "."): value for path, value in changes.items()},
        base_version=base,
        by=by,
        at=at,
        token=draft.token,
    )


def opened(draft, by=None, at=LATER, token=None):
    return selectors.draft(draft.draft_id, by=by, at=at, token=draft.token if token is None else token)


def claimed(draft, by=ZHANG, key=None):
    return services.claim_draft(
        draft_id=draft.draft_id, token=draft.token, by=by, at=LATER, key=key or uuid4()
    )


def test_anyone_begins_a_draft_without_signing_in_and_goes_on_with_its_token():
    draft = begun()

    assert saved(draft, 1, operator__name="张伟").version == 2
    view = opened(draft)
    assert view.answers == {"operator": {"name": "张伟"}} and view.context == {"subject": "person"}
    assert view.expires_at == LATER + timedelta(days=30)


def test_a_save_adds_to_what_was_saved_before():
    draft = begun()
    saved(draft, 1, operator__name="张伟", operator__phone="1")
    saved(draft, 2, operator__phone=None, premises__area_m2="一百二")

    assert opened(draft).answers == {"operator": {"name": "张伟"}, "premises": {"area_m2": "一百二"}}


def test_a_second_tab_does_not_overwrite_the_first():
    draft = begun()
    saved(draft, 1, operator__name="张伟")

    with pytest.raises(DraftChangedElsewhere) as refusal:
        saved(draft, 1, operator__name="李娜")

    assert refusal.value.code == "draft_changed_elsewhere" and refusal.value.status == 409
    assert opened(draft).answers == {"operator": {"name": "张伟"}}


def test_the_same_save_again_after_a_lost_reply_is_no_conflict():
    draft = begun()
    first = saved(draft, 1, operator__name="张伟")

    again = saved(draft, 1, at=LATER + timedelta(seconds=3), operator__name="张伟")

    assert again == first


def test_a_save_that_lost_the_race_in_the_database_is_refused(monkeypatch):
    draft = begun()
    stale = Draft.objects.get(id=draft.draft_id)
    saved(draft, 1, operator__name="张伟")
    monkeypatch.setattr("mingqu.forms.services.drafts.permitted", lambda *_a, **_k: stale)

    with pytest.raises(DraftChangedElsewhere):
        saved(draft, 1, operator__name="李娜")


@pytest.mark.parametrize("token", ["", "x", "é"])
def test_without_the_token_an_anonymous_draft_does_not_exist(token):
    draft = begun()

    for actor in (None, ZHANG, CLERK):
        with pytest.raises(DraftNotFound):
            opened(draft, by=actor, token=token)


def test_the_token_itself_is_not_in_the_database():
    draft = begun()

    assert draft.token.encode() not in bytes(Draft.objects.get(id=draft.draft_id).token_digest)
    assert len(draft.token) == 16, "31 letters: about 79 bits, and short enough for a slip of paper"


def test_a_draft_is_found_by_its_token_as_written_on_paper_until_somebody_claims_it():
    draft = begun()
    written = f" {draft.token[:4].lower()} {draft.token[4:8]}-{draft.token[8:]}"

    assert selectors.draft_of_token(written, at=LATER)[0].draft_id == draft.draft_id
    with pytest.raises(DraftNotFound):
        selectors.draft_of_token("2" * 16, at=LATER)
    with pytest.raises(DraftNotFound):
        selectors.draft_of_token(draft.token, at=LATER + timedelta(days=31))
    claimed(draft)
    with pytest.raises(DraftNotFound):
        selectors.draft_of_token(draft.token, at=LATER)


def test_another_context_keeps_the_answers_and_does_not_overwrite_another_tab():
    draft = begun()
    saved(draft, 1, operator__name="张伟")
    changed = {
        "draft_id": draft.draft_id,
        "context": {"subject": "firm"},
        "by": None,
        "at": LATER,
        "token": draft.token,
    }

    assert services.change_context(base_version=2, **changed).version == 3
    view = opened(draft)
    assert (view.context, view.answers) == ({"subject": "firm"}, {"operator": {"name": "张伟"}})
    with pytest.raises(DraftChangedElsewhere):
        services.change_context(base_version=2, **changed)
    with pytest.raises(DraftNotFound):
        services.change_context(base_version=3, **(changed | {"token": "x"}))


def test_answers_are_not_readable_in_the_database():
    draft = begun()
    saved(draft, 1, operator__name="张伟", operator__number="990104198001010013")

    with connection.cursor() as cursor:
        cursor.execute("SELECT d::text, answers FROM forms_draft d WHERE id = %s", [draft.draft_id])
        row, answers = cursor.fetchone()
    assert "张伟" not in row and "990104198001010013" not in row
    assert "张伟".encode() not in bytes(answers)


def test_signing_in_claims_the_draft_and_closes_the_token():
    draft = begun()
    saved(draft, 1, operator__name="张伟")

    assert claimed(draft).owner_id == ZHANG.id
    assert opened(draft, by=ZHANG, token="").answers == {"operator": {"name": "张伟"}}
    with pytest.raises(DraftNotFound):
        opened(draft)
    with pytest.raises(DraftNotFound):
        opened(draft, by=LI)
    with pytest.raises(DraftNotFound):
        opened(draft, by=CLERK)  # the same person as a clerk is not the owner
    with pytest.raises(DraftNotFound):
        claimed(draft, by=LI)


def test_claiming_twice_changes_nothing():
    draft, key = begun(), uuid4()

    claimed(draft, key=key)

    assert claimed(draft, key=key).owner_id == ZHANG.id
    assert claimed(draft).owner_id == ZHANG.id


def test_a_signed_in_citizen_owns_the_draft_from_the_start():
    draft = begun(by=ZHANG)

    assert draft.token == ""
    assert [d.draft_id for d in selectors.drafts_of(ZHANG, at=LATER)] == [draft.draft_id]
    assert selectors.drafts_of(LI, at=LATER) == []


def filed(draft, base, by=ZHANG):
    with command("case.submit", draft.draft_id, by=by, at=LATER, key=uuid4()) as cmd:
        taken = services.take_for_filing(draft_id=draft.draft_id, base_version=base, by=by, at=LATER)
        cmd.done(None)
    return taken


def test_filing_takes_the_answers_out_of_the_draft():
    draft = begun(by=ZHANG)
    saved(draft, 1, by=ZHANG, operator__name="张伟")

    assert filed(draft, 2).answers == {"operator": {"name": "张伟"}}

    row = Draft.objects.get(id=draft.draft_id)
    assert row.answers["values"] == {} and row.filed_at == LATER
    with pytest.raises(DraftAlreadyFiled):
        saved(draft, 2, by=ZHANG, operator__name="李娜")
    with pytest.raises(DraftAlreadyFiled):
        filed(draft, 2)
    assert selectors.drafts_of(ZHANG, at=LATER) == []


@pytest.mark.parametrize(
    ("base", "by", "refusal"), [(1, ZHANG, DraftChangedElsewhere), (2, LI, DraftNotFound)]
)
def test_a_refused_filing_leaves_the_draft_unchanged(base, by, refusal):
    draft = begun(by=ZHANG)
    saved(draft, 1, by=ZHANG, operator__name="张伟")

    with pytest.raises(refusal):
        filed(draft, base, by=by)

    assert opened(draft, by=ZHANG).answers == {"operator": {"name": "张伟"}}


def test_what_is_said_beside_the_form_goes_with_it_and_not_into_a_draft_that_was_filed_meanwhile(monkeypatch):
    draft = begun(by=ZHANG)
    services.keep_aside(draft_id=draft.draft_id, aside={"phone": "19900000001"}, by=ZHANG, at=LATER)
    seen = Draft.objects.get(id=draft.draft_id)

    assert filed(draft, 1).aside == {"phone": "19900000001"}
    # It looked a moment before the filing and writes a moment after it.
    monkeypatch.setattr("mingqu.forms.services.drafts.permitted", lambda *given, **more: seen)
    with pytest.raises(DraftAlreadyFiled):
        services.keep_aside(draft_id=draft.draft_id, aside={"phone": "19900000002"}, by=ZHANG, at=LATER)
    assert Draft.objects.get(id=draft.draft_id).aside is None


def test_only_the_application_with_the_same_id_may_take_a_draft():
    draft = begun(by=ZHANG)

    with (
        pytest.raises(ValueError, match="id"),
        command("case.submit", uuid4(), by=ZHANG, at=LATER, key=uuid4()),
    ):
        services.take_for_filing(draft_id=draft.draft_id, base_version=1, by=ZHANG, at=LATER)


def test_a_draft_nobody_touched_for_thirty_days_is_gone():
    old, young = begun(), begun()
    saved(young, 1, at=NOON + timedelta(days=29), operator__name="张伟")
    month_later = NOON + timedelta(days=30)

    with pytest.raises(DraftNotFound):
        opened(old, at=month_later)
    assert services.delete_expired_drafts(month_later) == 1
    assert services.delete_expired_drafts(month_later) == 0
    assert opened(young, at=month_later).version == 2


def test_the_owner_throws_a_draft_away():
    draft = begun(by=ZHANG)

    with pytest.raises(DraftNotFound):
        services.delete_draft(draft_id=draft.draft_id, by=LI, at=LATER)
    services.delete_draft(draft_id=draft.draft_id, by=ZHANG, at=LATER)

    with pytest.raises(DraftNotFound):
        opened(draft, by=ZHANG)


def test_a_draft_has_a_size_it_does_not_exceed():
    draft = begun()

    with pytest.raises(DraftTooLarge):
        saved(draft, 1, remark="长" * 70_000)
    assert opened(draft).version == 1


def test_answers_of_an_unknown_format_are_not_guessed_at():
    draft = begun()
    Draft.objects.filter(id=draft.draft_id).update(context={"format": 99, "values": {}})

    with pytest.raises(ValueError, match="format"):
        opened(draft)

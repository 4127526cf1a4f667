"""A question “what if” from the form to the answer: on cases that were really handled."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from mingqu.cases.tests import factories as f
from mingqu.catalogue.revisions import selectors as revisions
from mingqu.identity.tests import factories as people
from mingqu.kernel.models import AuditEntry
from mingqu.redesign import errors, rules, services
from mingqu.redesign.models import SimulationRun
from mingqu.redesign.selectors import reading
from mingqu.redesign.selectors.runs import result_of, run_seen
from mingqu.redesign.services import running
from mingqu.redesign.services.building import drawn_after
from mingqu.redesign.services.running import answer
from mingqu.redesign.types import Asked, Basis, Result

pytestmark = pytest.mark.django_db
ITEM, DAY = "QH-SPJYXK", date(2026, 9, 18)


@pytest.fixture
def w():
    return f.world()


@pytest.fixture
def editor(w):
    return people.staff_user("周正", people.post(w.bureau, "catalogue_editor"))


def asked_for(**given) -> Asked:
    row = revisions.of_item(revisions.item(ITEM))[0]
    basis = Basis(row.digest, number=row.number)
    return replace(
        Asked(ITEM, "01", basis, basis, DAY - timedelta(days=30), DAY, title="多派一个人"), **given
    )


def typed(page, **changed) -> dict:
    """What the form says when it is sent as it was shown."""
    form = page.context["form"]
    said = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {k: v for k, v in (said | {"title": "试一试"} | changed).items() if v not in (None, False)}


def finished(run_id):
    services.run(run_id, f.FRIDAY_NOON, lambda: f.FRIDAY_NOON)
    return SimulationRun.objects.get(pk=run_id)


def test_what_stands_beside_a_drawn_process_is_said_and_not_left_out_in_silence(w):
    nothing = Result([])

    drawn = reading.order(nothing, asked_for(arrangement="serial"), drawn=True)
    assert "先后由流程图决定" in drawn and "没有起作用" in drawn
    assert "没有起作用" not in reading.order(nothing, asked_for(), drawn=True)
    assert "没有可以同时办的环节" in reading.order(nothing, asked_for(), drawn=False)
    assert not drawn_after(asked_for())


def test_an_editor_asks_and_reads_the_answer(w, editor, client):
    f.decided_case(w)
    people.signed_in(client, editor)
    address = reverse("redesign:new", args=[ITEM, "01"])
    sent = client.post(address, typed(client.get(address), since="2026-09-01", until="2026-09-30"))
    assert sent.status_code == 302, sent.context["form"].errors

    row = finished(SimulationRun.objects.get().pk)
    page = client.get(sent.url)

    assert row.state == "done", row.refusal
    result = result_of(row)
    assert [one.cases for one in result.variants] == [1] * len(result.variants)
    assert result.recorded_cases == 1
    assert "改前改后都是当天办完" in page.content.decode()
    book = load_workbook(BytesIO(client.get(f"{sent.url}export/").content)).active
    assert any(cells[0] == "十件里有九件，几天内办完" for cells in book.values)
    assert AuditEntry.objects.filter(root_id=row.pk).count() == 2


def test_the_same_question_has_the_same_answer(w):
    f.decided_case(w)
    asked = asked_for(source="sampled", cases=60, per_day=30.0, staff={}, staff_after={}, seed=7)

    one, again, other = answer(asked), answer(asked), answer(replace(asked, seed=8))

    assert rules.digest(one) == rules.digest(again) != rules.digest(other)


def test_without_anything_recorded_a_replay_is_refused_and_says_so(w, editor):
    actor = people.staff_actor("catalogue_editor", department_id=w.bureau)
    run_id = services.ask(asked=asked_for(), by=actor, at=f.FRIDAY_NOON, key=uuid4())

    row = finished(run_id)

    assert (row.state, row.result) == ("failed", None)
    assert row.refusal == errors.NothingRecorded.sentence


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"cases": 0}, errors.NumbersWrong),
        ({"hours": 0.0}, errors.NumbersWrong),
        ({"order": "last"}, errors.NumbersWrong),
        ({"staff": {"SCJG-LEAD": 0}}, errors.NumbersWrong),
        ({"minutes": {"decide": -1.0}}, errors.NumbersWrong),
        ({"staff_after": {"SCJG-HC": 1}}, errors.TooFewOfficers),  # a visit takes two
        ({"until": date(2020, 1, 1)}, errors.NumbersWrong),
        ({"handling": "99"}, errors.BasisUnknown),
        ({"after": Basis("0" * 64, draft_id=uuid4(), version=1)}, errors.BasisUnknown),
    ],
)
def test_a_question_that_can_t_be_answered_is_refused_and_nothing_is_kept(w, given, refusal):
    actor = people.staff_actor("catalogue_editor", department_id=w.bureau)

    with pytest.raises(refusal):
        services.ask(asked=asked_for(**given), by=actor, at=f.FRIDAY_NOON, key=uuid4())

    assert not SimulationRun.objects.exists()


def test_a_draft_whose_process_can_t_run_is_refused_and_says_why(w):
    actor = people.staff_actor("catalogue_editor", department_id=w.bureau)
    document = f.food_licence()
    document["handling"][0]["steps"][0]["when"] = 'situation.nobody = "yes"'
    f.catalogue_services.save_draft(
        document=document, draft_id=None, version=0, by=actor, at=f.FRIDAY_NOON, key=uuid4()
    )
    draft = revisions.open_draft(actor, ITEM)
    after = Basis(draft.digest, draft_id=draft.id, version=draft.version)

    with pytest.raises(errors.ProcessNotPlayable, match="改后"):
        services.ask(asked=asked_for(after=after), by=actor, at=f.FRIDAY_NOON, key=uuid4())


def test_one_at_a_time_and_what_is_stopped_stays_stopped(w):
    actor = people.staff_actor("catalogue_editor", department_id=w.bureau)
    key = uuid4()
    run_id = services.ask(asked=asked_for(), by=actor, at=f.FRIDAY_NOON, key=key)
    assert services.ask(asked=asked_for(), by=actor, at=f.FRIDAY_NOON, key=key) == run_id
    with pytest.raises(errors.TooManyRuns):
        services.ask(asked=asked_for(), by=actor, at=f.FRIDAY_NOON, key=uuid4())

    services.stop(run_id=run_id, by=actor, at=f.FRIDAY_NOON, key=uuid4())

    assert finished(run_id).state == "stopped"
    with pytest.raises(errors.RunOver):
        services.stop(run_id=run_id, by=actor, at=f.FRIDAY_NOON, key=uuid4())


def test_a_run_of_another_organ_does_not_exist(w, client):
    actor = people.staff_actor("catalogue_editor", department_id=w.bureau)
    run_id = services.ask(asked=asked_for(), by=actor, at=f.FRIDAY_NOON, key=uuid4())
    stranger = people.staff_user("钱进", people.post(people.department(), "catalogue_editor"))
    people.signed_in(client, stranger)

    with pytest.raises(errors.RunUnknown):
        run_seen(people.staff_actor("catalogue_editor"), run_id)
    for name in ("run", "export"):
        assert client.get(reverse(f"redesign:{name}", args=[run_id])).status_code == 404
    assert client.post(reverse("redesign:stop", args=[run_id])).status_code == 404
    assert list(client.get(reverse("redesign:runs")).context["rows"]) == []
    assert client.get(reverse("redesign:new", args=[ITEM, "01"])).status_code == 403


def test_what_a_killed_worker_left_is_begun_again(w):
    actor = people.staff_actor("catalogue_editor", department_id=w.bureau)
    run_id = services.ask(asked=asked_for(), by=actor, at=f.FRIDAY_NOON, key=uuid4())
    SimulationRun.objects.filter(pk=run_id).update(state="running", done=3)
    later = f.FRIDAY_NOON + timedelta(minutes=5)

    services.sweep(later)

    assert SimulationRun.objects.get(pk=run_id).moved_at == later
    assert finished(run_id).state == "failed"  # nothing recorded: it came to its end


def test_the_list_costs_the_same_however_long_it_is(w, editor, client, django_assert_max_num_queries):
    people.signed_in(client, editor)
    actor = people.staff_actor("catalogue_editor", department_id=w.bureau)
    for _ in range(3):
        run_id = services.ask(asked=asked_for(), by=actor, at=f.FRIDAY_NOON, key=uuid4())
        services.stop(run_id=run_id, by=actor, at=f.FRIDAY_NOON, key=uuid4())
    client.get(reverse("redesign:runs"))

    with django_assert_max_num_queries(10):
        page = client.get(reverse("redesign:runs"))

    assert len(page.context["rows"]) == 3


def test_what_would_take_more_than_a_hundred_years_is_refused_and_does_not_begin_again_for_ever(w):
    f.decided_case(w)
    by = people.staff_actor("catalogue_editor", department_id=w.bureau)
    asked = asked_for(source="sampled", cases=5_000, per_day=0.01, staff={}, staff_after={})
    run_id = services.ask(asked=asked, by=by, at=f.FRIDAY_NOON, key=uuid4())

    row = finished(run_id)

    assert row.state == "failed" and "一百年" in row.refusal
    with pytest.raises(errors.NumbersWrong):
        services.ask(
            asked=replace(asked, since=date(9999, 1, 1), until=date(9999, 1, 2)),
            by=by, at=f.FRIDAY_NOON, key=uuid4(),
        )  # fmt: skip


def test_what_breaks_off_again_and_again_ends_and_says_so(w, monkeypatch):
    by = people.staff_actor("catalogue_editor", department_id=w.bureau)
    run_id = services.ask(asked=asked_for(), by=by, at=f.FRIDAY_NOON, key=uuid4())

    def broken(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(running, "answer", broken)
    for minutes in (0, 5, 10):
        with pytest.raises(ZeroDivisionError):
            finished(run_id)
        services.sweep(f.FRIDAY_NOON + timedelta(minutes=minutes + 5))

    row = SimulationRun.objects.get(pk=run_id)
    assert (row.state, row.refusal) == ("failed", running.BROKE_OFF)
    services.ask(asked=asked_for(), by=by, at=f.FRIDAY_NOON, key=uuid4())  # and another may be asked


def test_a_post_with_hours_of_its_own_works_by_them(w):
    f.decided_case(w)
    asked = asked_for(source="sampled", cases=60, per_day=30.0, staff={}, staff_after={}, hours=7.0, seed=7)
    posts = sorted(w.posts)

    same = answer(replace(asked, hours_of=dict.fromkeys(posts, 7.0)))
    short = replace(asked, hours_of=dict.fromkeys(posts, 1.0))
    less = answer(short)
    daily = answer(replace(short, weekend_of=posts))

    assert rules.digest(same) == rules.digest(answer(asked))
    assert less.variants[0].days.mean > same.variants[0].days.mean
    assert daily.variants[0].days.mean <= less.variants[0].days.mean
    assert reading.own_hours(replace(short, weekend_of=posts[:1]), {posts[0]: "承办"})[0] == (
        "承办每天1小时，周末和节假日也办"
    )
    with pytest.raises(errors.NumbersWrong):
        by = people.staff_actor("catalogue_editor", department_id=w.bureau)
        services.ask(asked=asked_for(hours_of={posts[0]: 0.0}), by=by, at=f.FRIDAY_NOON, key=uuid4())

"""认领, 放回: one of several officers of a post takes a step for herself; what it meets, cell by cell of the table."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction

from mingqu.cases import errors, selectors, services
from mingqu.cases.consulting.types import Question
from mingqu.cases.models import Case
from mingqu.cases.services import claims
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import asking, variants
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.test_standing_aside import told
from mingqu.cases.tests.test_steps_in_several_hands import hand, hold, refusing, sign, task_of
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised, Recused
from mingqu.identity.types import Span
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor
from mingqu.process import selectors as tasks

pytestmark = pytest.mark.django_db
NOW, POST, OTHER = f.FRIDAY_NOON, "SCJG-SPXK-01", "SCJG-SPXK-SH"
ROOT = Path(__file__).parents[4]


def colleague(w: f.World, name: str = "同岗", **span) -> Actor:
    """Somebody else who holds the reviewer's post."""
    user, post = f.people.staff_user(name), w.posts[POST]
    days = Span(legal_day(NOW), span.get("until_on"), deputy_for=span.get("deputy_for"))
    identity.assign_post(user_id=user.pk, post_id=post, span=days, by=f.SYSTEM, at=NOW, key=uuid4())
    place = w.reviewer.id if days.deputy_for else None
    return Actor("staff", user.person_id, post_id=post, user_id=user.pk, name=name, deputy_for=place)


@pytest.fixture
def w() -> f.World:
    return f.world()


@pytest.fixture
def case(w) -> Case:
    return f.accepted_case(w)


def claim(case, by, at=NOW):
    return services.claim_step(case_id=case.pk, task_id=task_of(case, POST), by=by, at=at, key=uuid4())


def release(case, by, reason="", at=NOW):
    return services.release_step(
        case_id=case.pk, task_id=task_of(case, POST), reason=reason, by=by, at=at, key=uuid4()
    )


def claimed(case, day=None):
    """Whose claim counts."""
    known = claims.standing(tasks.open_tasks(case.pk), day or legal_day(NOW))
    return next((t.claimed_by for t in known if t.post == POST), None)


def test_who_claims_a_step_handles_it_and_the_others_read_who_has_it(w, case):
    other = colleague(w)
    claim(case, w.reviewer)
    claim(case, w.reviewer)  # again: no change

    with refusing(case, errors.StepClaimed) as refusal:
        sign(case, other, POST)
    assert w.reviewer.name in str(refusal.value.message) and refusal.value.code == "step_claimed"
    sign(case, w.reviewer, POST)
    assert [o.person_id for o in selectors.opinions_of(case)] == [w.reviewer.id]


def test_where_nobody_has_claimed_it_anybody_of_the_post_handles_it(w, case):
    sign(case, colleague(w), POST)

    assert len(selectors.opinions_of(case)) == 1


def test_put_back_it_is_the_others_again_and_the_ledger_says_who_did_what(w, case):
    other = colleague(w)
    claim(case, w.reviewer)
    release(case, w.reviewer)
    claim(case, other)

    assert claimed(case) == other.id
    done = AuditEntry.objects.filter(root_id=case.pk, action__in=("case.claim", "case.release"))
    assert list(done.order_by("seq").values_list("action", "actor_id")) == [
        ("case.claim", w.reviewer.id),
        ("case.release", w.reviewer.id),
        ("case.claim", other.id),
    ]


def test_a_claim_of_another_is_put_back_by_the_head_alone_with_the_reason(w, case):
    other, head = colleague(w), asking.head_of(w)
    with refusing(case, errors.StepNotClaimed):
        release(case, w.reviewer)
    claim(case, w.reviewer)

    with refusing(case, errors.StepClaimed):
        release(case, other)
    with refusing(case, errors.ReasonMissing):
        release(case, head)
    with refusing(case, NotAuthorised):
        release(case, w.clerk)
    release(case, head, "外出培训，李某代办")

    assert claimed(case) is None
    entry = AuditEntry.objects.get(root_id=case.pk, action="case.release_others")
    assert "李某" not in str(entry.notes)
    assert told(w.reviewer, "step_put_back") == ["您认领的环节由负责人放回了：食品经营许可"]
    assert told(other, "step_put_back") == told(head, "step_put_back") == []


def test_what_she_puts_back_herself_is_no_news_to_her(w, case):
    claim(case, w.reviewer)
    release(case, w.reviewer)

    assert told(w.reviewer, "step_put_back") == []


def test_who_has_left_the_post_since_is_not_told(w, case):
    other, head = colleague(w, until_on=legal_day(NOW)), asking.head_of(w)
    claim(case, other)
    release(case, head, "调走了", at=NOW + timedelta(days=1))

    assert told(other, "step_put_back") == []


def test_who_has_left_the_post_holds_nothing_the_next_day(w, case):
    other, tomorrow = colleague(w), NOW + f.DAY
    claim(case, w.reviewer)
    identity.end_post(
        user_id=w.reviewer.user_id,
        post_id=w.posts[POST],
        until_on=legal_day(NOW),
        by=f.SYSTEM,
        at=NOW,
        key=uuid4(),
    )

    assert (claimed(case), claimed(case, legal_day(tomorrow))) == (w.reviewer.id, None)
    claim(case, other, tomorrow)
    assert claimed(case, legal_day(tomorrow)) == other.id
    sign(case, other, POST, at=tomorrow)


def test_a_deputy_goes_on_with_what_was_claimed_by_whose_place_she_holds(w, case):
    other = colleague(w)
    deputy = colleague(w, "代理", until_on=legal_day(NOW + 7 * f.DAY), deputy_for=w.reviewer.user_id)
    claim(case, w.reviewer)

    with refusing(case, errors.StepClaimed):
        sign(case, other, POST)
    release(case, deputy)
    claim(case, deputy)
    assert claimed(case) == w.reviewer.id  # hers again when she is back
    sign(case, deputy, POST)


def test_who_stands_aside_holds_nothing_and_claims_nothing(w, case):
    claim(case, w.reviewer)
    services.recuse(case_id=case.pk, why=StandAside("kin", "表弟"), by=w.reviewer, at=NOW, key=uuid4())

    assert claimed(case) is None
    with refusing(case, Recused):
        claim(case, w.reviewer)
    sign(case, colleague(w), POST)


def test_another_post_claims_nothing(w, case):
    with refusing(case, errors.NotYourTask):
        claim(case, w.inspector)


def _same(command, **given):
    return lambda w, c, by: command(
        case_id=c.pk, task_id=task_of(c, POST), **given, by=by, at=NOW, key=uuid4()
    )


DEEDS = {
    "completes": lambda w, c, by: sign(c, by, POST),
    "claims": lambda w, c, by: claim(c, by),
    "puts back": lambda w, c, by: release(c, by),
    "passes it on": lambda w, c, by: hand(services.pass_on, c, by, task_of(c, POST), OTHER),
    "lends it": lambda w, c, by: hand(services.pass_on, c, by, task_of(c, POST), OTHER, back=True),
    "adds a signer": lambda w, c, by: hand(services.change_signers, c, by, task_of(c, POST), OTHER, add=True),
    "holds it": lambda w, c, by: hold(c, by, task_of(c, POST)),
    "asks an organ": _same(services.consult, question=Question("QXJ-01", "是否符合消防要求", 3)),
    "stands aside": lambda w, c, by: services.recuse(
        case_id=c.pk, why=StandAside("kin", "表弟"), by=by, at=NOW, key=uuid4()
    ),
    "withdraw": lambda w, c, by: services.withdraw_case(case_id=c.pk, by=w.citizen, at=NOW, key=uuid4()),
}
BEFORE = {
    "unclaimed": lambda w, c, other: None,
    "the officer claimed it": lambda w, c, other: claim(c, w.reviewer),
}


def table() -> list[tuple[str, str, str, str]]:
    """State, deed, who (officer, colleague), cell: who has claimed it then, or the refusal."""
    lines = (ROOT / "docs/process-human-steps.md").read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| the step is \\ then"))
    heads = [cell.strip() for cell in lines[start].strip("|").split("|")][1:]
    cells = []
    for line in lines[start + 2 : start + 2 + 2 * len(BEFORE)]:
        state, *row = (cell.strip().strip("`") for cell in line.strip("|").split("|"))
        before, _, who = state.partition(", the ")
        cells += [(before, head, who, cell) for head, cell in zip(heads, row, strict=True)]
    return cells


def test_the_table_has_every_state_and_deed():
    assert {(state, deed) for state, deed, _who, _cell in table()} == {(s, d) for s in BEFORE for d in DEEDS}


@pytest.mark.parametrize("state", BEFORE)
@pytest.mark.parametrize("who", ["officer", "colleague"])
def test_each_cell_of_the_table(w, case, state, who):
    variants.other_organ()
    other = colleague(w)
    BEFORE[state](w, case, other)
    by = w.reviewer if who == "officer" else other
    for _state, deed, _who, cell in (c for c in table() if (c[0], c[2]) == (state, who)):
        with transaction.atomic():
            assert _came_of(w, case, deed, by, other) == cell, deed
            transaction.set_rollback(True)


def _came_of(w, case, deed, by, other) -> str:
    try:
        DEEDS[deed](w, case, by)
    except DomainError as refusal:
        return refusal.code
    left = [t.claimed_by for t in tasks.open_tasks(case.pk) if t.post in (POST, OTHER) and t.step == "check"]
    names = {w.reviewer.id: "officer", other.id: "colleague", None: "–"}
    return names[next((one for one in left if one), None)]

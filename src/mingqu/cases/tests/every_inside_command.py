"""
征求意见 and 回避, each on a case that is ready for it, beside every other command (statements, `make bench`).

`EVERY` is compared with `cases.services`, so that no command is forgotten.
"""

from typing import Any
from uuid import UUID, uuid4

from mingqu.cases import services
from mingqu.cases.consulting.types import Question
from mingqu.cases.models import Case, Consultation, Discretion, FilingChange, Recusal
from mingqu.cases.services.discretion import Choice
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import asking, at_window, every_command, mail, variants
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.every_command import AT, Deed, as_the_web_has_it, at_step, task
from mingqu.identity.models import Post, User
from mingqu.identity.types import StaffActor
from mingqu.kernel.types import Actor

KIN = StandAside("kin", "申请人的表弟")


def _with_head(w: f.World) -> tuple[Case, StaffActor]:
    return f.accepted_case(w), as_the_web_has_it(asking.head_of(w))


def _exclude(w: f.World, it: tuple[Case, StaffActor]) -> object:
    given: dict[str, Any] = {"case_id": it[0].pk, "person_id": w.reviewer.id, "why": KIN}
    return services.exclude(**given, by=it[1], at=AT, key=uuid4())


def _stood_aside(w: f.World) -> tuple[Recusal, StaffActor]:
    case, head = _with_head(w)
    services.recuse(case_id=case.pk, why=KIN, by=w.reviewer, at=AT, key=uuid4())
    return Recusal.objects.get(case=case), head


def _need_not(w: f.World, it: tuple[Recusal, StaffActor]) -> object:
    given: dict[str, Any] = {"recusal_id": it[0].id, "stands": False, "text": "不是亲属"}
    return services.decide_recusal(case_id=it[0].case_id, **given, by=it[1], at=AT, key=uuid4())


def _step_nobody_is_left_for(w: f.World) -> tuple[Recusal, StaffActor, UUID]:
    one, head = _stood_aside(w)
    return one, head, task(one.case, "check")


def _reassign(w: f.World, it: tuple[Recusal, StaffActor, UUID]) -> object:
    given: dict[str, Any] = {"task_id": it[2], "post": "SCJG-HC", "reason": "都回避"}
    return services.reassign(case_id=it[0].case_id, **given, by=it[1], at=AT, key=uuid4())


def _claiming(command: Any) -> Any:
    return lambda w, it: command(case_id=it[0].pk, task_id=it[1], by=w.reviewer, at=AT, key=uuid4())


def _claimed(w: f.World) -> Case:
    case = f.accepted_case(w)
    _claiming(services.claim_step)(w, (case, task(case, "check")))
    return case


QUESTION = Question("QXJ-01", "是否符合消防要求", 3)


def _to_ask_others(w: f.World) -> tuple[Case, UUID]:
    """There is one other organ, made once."""
    if not Post.objects.filter(code=QUESTION.post).exists():
        variants.other_organ()
    return at_step("check")(w)


def _asked_others(w: f.World) -> tuple[Consultation, StaffActor]:
    case, _task = _to_ask_others(w)
    account = User.objects.get(holdings__post__code=QUESTION.post)
    post = Post.objects.get(code=QUESTION.post)
    other = Actor("staff", account.person_id, post_id=post.pk, user_id=account.pk, name="防雷审核")
    return asking.asked(case, w.reviewer, limit=3), as_the_web_has_it(other)


def _filed_here(w: f.World) -> Case:
    return at_window.filed_case(w)


def _void_asked(w: f.World) -> FilingChange:
    case = _filed_here(w)
    services.ask_void(case_id=case.pk, reason="收错事项", by=w.clerk, at=AT, key=uuid4())
    return FilingChange.objects.get(case=case)


def _mend(w: f.World, case: Case) -> object:
    given: dict[str, Any] = {"changes": {"area_m2": 90}, "reason": "打错"}
    return services.mend_entry(case_id=case.pk, **given, by=w.clerk, at=AT, key=uuid4())


def _agree(w: f.World, it: FilingChange) -> object:
    given: dict[str, Any] = {"change_id": it.id, "agrees": True, "text": ""}
    return services.answer_change(case_id=it.case_id, **given, by=w.reviewer, at=AT, key=uuid4())


OUTSIDE = Choice("granted", "", 4, "租约只剩四年，申请人要求与租约一致")  # of two to three years


def _decide_with(w: f.World, case: Case, choice: Choice = OUTSIDE) -> object:
    return services.decide_with(case_id=case.pk, choice=choice, by=w.leader, at=AT, key=uuid4())


def _asked_outside(w: f.World) -> Discretion:
    case = f.reviewed_case(w)
    _decide_with(w, case)
    return Discretion.objects.get(case=case)


def _second_word(w: f.World, it: Discretion) -> object:
    given: dict[str, Any] = {"discretion_id": it.id, "agrees": True, "text": ""}
    return services.answer_discretion(case_id=it.case_id, **given, by=w.checker, at=AT, key=uuid4())


def _pass_word(w: f.World, it: tuple[Discretion, str]) -> object:
    given: dict[str, Any] = {"discretion_id": it[0].id, "post": it[1]}
    return services.pass_discretion(case_id=it[0].case_id, **given, by=w.checker, at=AT, key=uuid4())


def _with_another_post(w: f.World) -> tuple[Discretion, str]:
    return _asked_outside(w), Post.objects.get(pk=asking.head_of(w).post_id).code


EVERY: dict[str, Deed] = {
    **every_command.EVERY,
    "ask_void": Deed(
        _filed_here,
        lambda w, it: services.ask_void(case_id=it.pk, reason="收错事项", by=w.clerk, at=AT, key=uuid4()),
    ),
    "mend_entry": Deed(_filed_here, _mend),
    "answer_change": Deed(_void_asked, _agree),
    "decide_with": Deed(
        f.reviewed_case,
        lambda w, it: _decide_with(w, it, Choice("granted", "", 2)),
        variants.with_discretion,
    ),
    "decide_with: outside": Deed(f.reviewed_case, _decide_with, variants.with_discretion),
    "answer_discretion": Deed(_asked_outside, _second_word, variants.with_discretion),
    "pass_discretion": Deed(_with_another_post, _pass_word, variants.with_discretion),
    "recuse": Deed(
        f.accepted_case,
        lambda w, it: services.recuse(case_id=it.pk, why=KIN, by=w.reviewer, at=AT, key=uuid4()),
    ),
    "claim_step": Deed(at_step("check"), _claiming(services.claim_step)),
    "release_step": Deed(at_step("check", _claimed), _claiming(services.release_step)),
    "exclude": Deed(_with_head, _exclude),
    "decide_recusal": Deed(_stood_aside, _need_not),
    "reassign": Deed(_step_nobody_is_left_for, _reassign),
    "consult": Deed(
        _to_ask_others,
        lambda w, it: services.consult(
            case_id=it[0].pk, task_id=it[1], question=QUESTION, by=w.reviewer, at=AT, key=uuid4()
        ),
    ),
    "note_arrival": Deed(mail.awaiting, lambda w, it: mail.noted(*it, w.reviewer, at=AT), mail.drawn),
    "answer_consultation": Deed(_asked_others, lambda w, it: asking.answered(it[0], it[1])),
    "end_consultation": Deed(_asked_others, lambda w, it: asking.called_off(it[0], w.reviewer)),
    "watch_consultation": Deed(_asked_others, lambda w, it: asking.watched(it[0], AT + 30 * f.DAY)),
}

"""
Where a case stands, for its own page: whose turn, the way as a picture, side-by-side steps, deadlines, what
happened, papers, messages, ledger. Composed of few statements, because the page asks again every 30 seconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingqu.cases import picture, places, routing, rules, selectors, ways
from mingqu.cases.answerable import Answerable, answerable
from mingqu.cases.models import AfterCheck, AskedAnswer, Case, CaseMaterial
from mingqu.cases.picture import ELSEWHERE, Picture
from mingqu.cases.routing import RouteLine
from mingqu.cases.services.served import Line, lines
from mingqu.cases.turns import YOU, asked_by, expected, turn_of
from mingqu.cases.types import Turn
from mingqu.catalogue.types import Definition, Guide, Step
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import GROUNDS, Explanation, Kind, State
from mingqu.documents import selectors as documents
from mingqu.documents.selectors import DocumentView
from mingqu.exchange import selectors as exchange
from mingqu.exchange.types import HandoverView
from mingqu.identity import selectors as identity
from mingqu.kernel.json import canonical
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry, Checkpoint, CheckpointLeaf
from mingqu.kernel.types import Instant
from mingqu.notifications import selectors as notifications
from mingqu.notifications.types import Message
from mingqu.payments import selectors as payments
from mingqu.payments.types import NoticeView
from mingqu.process import selectors as process
from mingqu.process.types import TaskRow
from mingqu.ui import language

SOON = 2  # units left at which a deadline is shown as near


@dataclass(frozen=True)
class Branch:
    """One of the steps that are done side by side."""

    name: str
    organ: str
    tag: str
    words: str
    due_on: date | None


@dataclass(frozen=True)
class Shown:
    """A deadline with its explanation, for the `due` tag."""

    label: str
    day: date
    state: str
    explanation: Explanation


@dataclass(frozen=True)
class Happening:
    at: datetime
    what: str


@dataclass(frozen=True)
class Promised:
    """
    A material that was promised (告知承诺) and is checked after the decision: what is checked, by when, what was found.
    """

    name: str
    points: list[str]
    within: int  # working days after the decision, as the definition says
    tag: str
    words: str
    due_on: date | None = None  # known with the decision


@dataclass(frozen=True)
class Overview:
    """`version` changes when anything on the page does."""

    case: Case
    definition: Definition
    organ: str
    turn: Turn
    yours: bool
    licence: bool
    flow: Picture
    branches: list[Branch]
    answers: list[Answerable]  # 谁负责
    given: int
    automatic: list[RouteLine]  # 自动判定
    deadlines: list[Shown]
    happenings: list[Happening]
    asked: list[CaseMaterial]
    asked_answers: list[AskedAnswer]
    owed: list[CaseMaterial]
    promised: list[Promised]
    papers: list[DocumentView]
    fees: list[NoticeView]
    away: list[HandoverView]  # open steps in other systems
    certificate: CertificateView | None
    messages: list[Message]
    served: list[Line]
    entries: int
    sealed_at: datetime | None
    today: date
    version: str = ""

    @property
    def waits(self) -> bool:
        """Something may still change by itself: the page goes on asking."""
        unfinished = any(p.state in {"waiting", "rendering"} for p in self.papers)
        return self.case.is_open or unfinished or self.sealed_at is None

    @property
    def remedies(self) -> Guide | None:
        """
        Where to go with a complaint, as its paper tells: for what was refused or turned away (行政许可法 38; 行政复议法
        20, 22; 行政诉讼法 46). None for what was granted, withdrawn or is under way.
        """
        away = {Case.Status.NOT_ACCEPTED, Case.Status.NOT_REQUIRED, Case.Status.TERMINATED}
        against = self.case.status in away or self.case.outcome == Case.Outcome.REFUSED
        return self.definition.guide if against else None


def overview(case: Case, at: Instant, *, own: bool) -> Overview:
    """`own`: for the applicant; else for whoever has number and query code, without papers and messages."""
    definition, today = selectors.definition_of(case), legal_day(at)
    steps = selectors.situation_of(case).steps
    every = process.all_tasks(case.pk) if case.instance_id else []
    tasks = places.latest(every)
    wanted = {*(s.post for s in [*steps, definition.decide]), *(task.post for task in every)}
    posts = identity.posts_by_code(wanted)
    organs = {code: post.department.name for code, post in posts.items()}
    organ = identity.department(case.department_id).name
    entries = list(AuditEntry.objects.filter(root_id=case.pk).order_by("seq"))
    asked = _asked(case)
    owed = selectors.owed_materials(case) if case.status == Case.Status.ACCEPTED else []
    turn = turn_of(case, organ, owed_until=min(filter(None, (m.owed_until for m in owed)), default=None))
    turn = expected(turn, case, today)
    # A service that is handled here alone costs no statement.
    away = _away(case, [*steps, definition.decide])
    if asks := next((one for one in away if one.asks), None):
        turn = asked_by(turn, asks.system)
    way = ways.way_of_case(case, definition)
    side_by_side = [s for s in steps if (way.goes_beside(s.id) if way else s.parallel)] if tasks else []
    stands = case.suspended_since is not None
    branches = [_branch(s, tasks.get(s.id), organs, stands=stands) for s in side_by_side]
    brought = case.outcome == Case.Outcome.GRANTED and definition.result.is_certificate
    kind = definition.result.certificate_type
    papers = documents.documents_of(case.pk) if own else []
    shown = Overview(
        case=case,
        definition=definition,
        organ=organ,
        turn=turn,
        yours=turn.whose == YOU,
        licence=selectors.is_licence(case),
        flow=picture.picture(
            steps,
            definition.decide,
            organs,
            places.places_of(case, [*steps, definition.decide], tasks, way=way),
            picture.to_applicant(case.item_type),
            way,
        ),
        branches=branches,
        answers=answerable(case, organ, [*steps, definition.decide], every, posts),
        given=sum(1 for b in branches if b.tag == "done"),
        automatic=routing.of_case(case),
        deadlines=_deadlines(case, clocks.explanations(case.pk, at)),
        happenings=list(_happenings(entries, {s.id: s.name for s in steps}))[::-1],
        asked=asked,
        asked_answers=selectors.asked_answers(case) if case.status == Case.Status.CORRECTION else [],
        owed=owed,
        promised=_promised(case, definition) if own else [],
        papers=papers,
        # A service that charges nothing costs no statement.
        fees=payments.notices_of_case(case.pk) if own and any(f.table for f in definition.fees) else [],
        away=away,
        certificate=certificates.of_case(case.pk, kind, at) if own and brought else None,
        messages=notifications.messages_about(case.applicant_id, case.pk) if own else [],
        served=[one for one in lines(case, papers) if one.way] if own else [],
        entries=len(entries),
        sealed_at=_sealed_at(case),
        today=today,
    )
    return _versioned(shown)


def _away(case: Case, steps: Sequence[Step]) -> list[HandoverView]:
    """Open steps in other systems, with how old the news of them is; of a case taken back, whether they stop there."""
    withdrawn = case.status == Case.Status.WITHDRAWN
    if not (withdrawn or case.status == Case.Status.ACCEPTED) or not any(
        step.where in ELSEWHERE for step in steps
    ):
        return []
    every = exchange.views_of(case.pk).values()
    return [one for one in every if (one.recalled if withdrawn else not one.ended)]


def _versioned(shown: Overview) -> Overview:
    told = [
        shown.entries,
        shown.sealed_at,
        shown.today,
        [(p.id, p.state) for p in shown.papers],
        [(f.number, f.state) for f in shown.fees],
        [(p.tag, p.due_on) for p in shown.promised],
        shown.certificate and (shown.certificate.id, shown.certificate.file_id),
        [m.id for m in shown.messages],
        [(one.reference, one.standing, str(one.as_of)) for one in shown.away],
        [(one.paper_id, one.read_at) for one in shown.served],
    ]
    return replace(shown, version=sha256(canonical(told)).hexdigest()[:16])


def _asked(case: Case) -> list[CaseMaterial]:
    if case.status != Case.Status.CORRECTION:
        return []
    return [m for m in selectors.materials_of(case) if m.state == CaseMaterial.State.ASKED]


def _promised(case: Case, definition: Definition) -> list[Promised]:
    """告知承诺 of this case. A service without any costs no statement; a case that ended without a grant has none."""
    refused = case.outcome != Case.Outcome.GRANTED and not case.is_open
    if refused or not any(m.source.kind == rules.COMMITMENT for m in definition.materials):
        return []
    checks = {check.material_code: check for check in selectors.after_checks_of(case)}
    found = []
    for material in selectors.materials_of(case):
        if material.how != CaseMaterial.How.COMMITMENT:
            continue
        commitment = definition.commitment(definition.material(material.code).source.of)
        check = checks.get(material.code)
        tag, words = _CHECKED[AfterCheck.Finding(check.finding if check else "")]
        due_on = check.due_on if check and not check.finding else None
        found.append(
            Promised(material.name, commitment.promised, commitment.check_within, tag, str(words), due_on)
        )
    return found


_CHECKED = {
    AfterCheck.Finding.NONE: ("accepted", gettext_lazy("还没有核查")),
    AfterCheck.Finding.KEPT: ("done", gettext_lazy("核查属实")),
    AfterCheck.Finding.BROKEN: ("refused", gettext_lazy("与承诺不符")),
}


def _branch(step: Step, task: TaskRow | None, organs: Mapping[str, str], *, stands: bool) -> Branch:
    """`stands`: the clocks stand still (特别程序), so that no day of a step is told."""
    tag, words = "void", _("还没到")
    due_on = None
    if task is not None and task.status == "completed":
        tag, words = "done", _("已办完")
    elif task is not None and task.status == "open":
        tag, words, due_on = "accepted", _("正在办"), None if stands else task.due_on
    elif task is not None:
        words = _("已停办")
    return Branch(step.name, organs.get(step.post, ""), tag, words, due_on)


# Deadlines --------------------------------------------------------------------------------------------------


def _deadlines(case: Case, told: tuple[Explanation, ...]) -> list[Shown]:
    """Of the stage the case is in: the answer on acceptance, then promise and law, then delivery."""
    wanted: dict[str, tuple[Kind, ...]] = {
        Case.Status.RECEIVED: (Kind.CORRECTION_NOTICE,),
        Case.Status.ACCEPTED: (Kind.PROMISED, Kind.STATUTORY),
        Case.Status.DECIDED: (Kind.DELIVERY, Kind.PROMISED),
        Case.Status.DELIVERED: (Kind.PROMISED,),
        Case.Status.ARCHIVED: (Kind.PROMISED,),
    }
    found = []
    for kind in wanted.get(case.status, ()):
        of_kind = [one for one in told if one.deadline.kind is kind]
        if of_kind:
            found.append(shown(of_kind[-1]))
    return found


def shown(one: Explanation) -> Shown:
    """A deadline of a case, or the joint one of a bundle, in the words of its page."""
    deadline = one.deadline
    what = _("%(kind)s（%(total)d%(unit)s），") % {
        "kind": _("告诉您是否受理") if deadline.kind is Kind.CORRECTION_NOTICE else _(deadline.kind.text),
        "total": deadline.total,
        "unit": language.unit(deadline.total, deadline.counted_in.text),
    }
    if deadline.state is State.STOPPED:
        late = deadline.in_time is False
        return Shown(
            what + (_("超过了") if late else _("没有超过")),
            deadline.due_on or deadline.projected_on,
            "late" if late else "done",
            one,
        )
    state = {State.OVERDUE: "late", State.PAUSED: "stopped"}.get(deadline.state)
    near = deadline.remaining <= SOON
    words = {State.PAUSED: _("时限暂停，预计"), State.OVERDUE: _("超过了")}
    label = what + words.get(deadline.state, _("最晚"))
    return Shown(label, deadline.due_on or deadline.projected_on, state or ("soon" if near else "ok"), one)


# What happened ----------------------------------------------------------------------------------------------


def _happenings(entries: Iterable[AuditEntry], steps: Mapping[str, str]) -> Iterable[Happening]:
    plain = {
        "case.file": _("您提交申请，收件"),
        "case.ask_correction": _("一次性告知要补正的材料"),
        "case.supplement": _("您交来补正的材料"),
        "case.accept": _("受理，开始计算办理期限"),
        "case.bring_owed": _("您补交了承诺补交的材料"),
        "case.choose_delivery": _("您改了送达方式"),
        "case.deem_accepted": _("满五个工作日没有答复，依法视为已经受理"),
        "case.resume": _("特别程序结束，期限继续计算"),
        "case.wait_for_payment": _("等待缴费，所需时间不计入期限"),
        "case.payment_came": _("费用已缴清，期限继续计算"),
        "case.extend": _("办理期限延长，理由写在延期告知书里"),
        "case.terminate": _("终止办理，理由写在告知书里"),
        "case.deem_renewed": _("有效期届满前没有作出决定，依法视为准予延续"),
        "case.plan_visit": _("约定现场核查的时间和人员"),
        "case.move_visit": _("现场核查改期"),
        "case.ask_new_date": _("您请求现场核查改期"),
        "case.withdraw": _("您撤回了申请"),
        "exchange.answer": _("补正转给其他系统"),
        "case.deliver": _("决定送达"),
        "case.archive": _("归档"),
    }
    for entry in entries:
        what = plain.get(entry.action, "") or _more(entry.action, entry.notes, steps)
        if what:
            yield Happening(entry.at, what)


def _more(action: str, notes: Mapping[str, Any], steps: Mapping[str, str]) -> str:
    granted = notes.get("outcome") == "granted"
    match action:
        case "case.review" | "case.check":
            return _("“%(step)s”办完") % {"step": steps.get(notes.get("step", ""), "")}
        case "case.decide":
            return _("作出决定：准予") if granted else _("作出决定：不予许可")
        case "case.settle":
            return _("当场受理并作出决定：准予") if granted else _("当场受理并作出决定：不予许可")
        case "case.refuse_acceptance":
            return _("告知不需要许可") if notes.get("ground") == "not_required" else _("不予受理")
        case "case.tell_about_owed" if notes.get("missed"):
            return _("承诺补交的材料到期没有收到，已提醒您")
        case "case.check_commitment":
            broken = notes.get("finding") == "broken"
            return _("告知承诺事后核查：与承诺不符") if broken else _("告知承诺事后核查：属实")
        case "case.note_arrival":
            return _("收到“%(name)s”") % {"name": notes.get("awaited", "")}
        case "case.pause":
            ground = _(GROUNDS[notes["ground"]].text)
            return _("开始%(ground)s，所需时间不计入期限") % {"ground": ground}
        case "case.expect_later":
            ground, until = _(GROUNDS[notes["ground"]].text), date.fromisoformat(notes["expected_until"])
            told = _("%(ground)s要更长时间，现在预计到%(day)s，理由写在告知书里")
            return told % {"ground": ground, "day": language.day(until)}
    return ""  # not the applicant's matter: a copy brought up to date, a paper made again, a return inside the house


def _sealed_at(case: Case) -> datetime | None:
    """When the last entry of this case that is sealed was sealed."""
    numbers = CheckpointLeaf.objects.filter(root_id=case.pk).values("checkpoint")
    found = Checkpoint.objects.filter(number__in=numbers).order_by("-number")
    return found.values_list("at", flat=True).first()

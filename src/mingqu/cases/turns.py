"""Whose turn it is in a case, in one line: for its own page and for lists of cases."""

from dataclasses import replace
from datetime import date

from django.db.models import Exists, Q
from django.utils.translation import gettext as _

from mingqu.cases import legal
from mingqu.cases.models import Case
from mingqu.cases.rules import is_licence
from mingqu.cases.types import Turn
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks.types import GROUNDS, PAYMENT
from mingqu.exchange import selectors as exchange
from mingqu.ui import language

YOU = "you"
CANCEL = "cancel"  # the kind of handling that ends a certificate
TAGS = {
    "received": "received",
    "correction": "correct",
    "accepted": "accepted",
    "not_accepted": "refused",
    "withdrawn": "void",
    "not_required": "done",
    "terminated": "void",
    "voided": "void",
}

# The same for the database, for lists: where `turn_of` says that it is the applicant's turn.
YOURS = (
    Q(status=Case.Status.CORRECTION)
    | Q(status=Case.Status.ACCEPTED, owes=True, suspended_since=None)
    | Q(status=Case.Status.ACCEPTED, suspended_ground=PAYMENT)
    | (Q(status=Case.Status.ACCEPTED) & Q(Exists(exchange.asking())))
    | Q(
        status=Case.Status.DECIDED,
        delivery_way=Case.DeliveryWay.WINDOW,
        by_post=False,
        deemed_granted=False,
    )
)


def asked_by(turn: Turn, system: str) -> Turn:
    """Of a case that another system, which handles one of its steps, waits for."""
    what = _("%(system)s要求补正") % {"system": system}
    return replace(turn, what=what, whose=YOU, by=None, tag="correct", words=_("等您补正"))


def expected(turn: Turn, case: Case, today: date) -> Turn:
    """By when a special procedure is to be over, as was told; that the day has passed is not kept from anybody."""
    until = case.suspended_until
    if until is None or case.status != Case.Status.ACCEPTED:
        return turn
    day = {"day": language.day(until)}
    if until >= today:
        more = _("预计到%(day)s完成") % day
    else:
        more = _("原来预计%(day)s完成，已经超过，还没有完成；新的日子和原因会书面告诉您") % day
    return replace(turn, what=_("%(what)s。%(more)s") % {"what": turn.what, "more": more})


def turn_of(case: Case, organ: str, *, owed_until: date | None = None) -> Turn:
    """
    What happens now, who must act (`you`: the applicant), and by when; `organ` in words. `owed_until`: the last day for
    what was promised to follow, where something is still owed.
    """
    tag, words = _tag(case)
    licence = is_licence(case.item_type)
    match case.status:
        case Case.Status.RECEIVED:
            what = _("正在看您交的材料") if _materials(case) else _("正在看您的申请")
            return Turn(what + _("，会告诉您是否受理"), organ, case.due_on, tag, words)
        case Case.Status.CORRECTION:
            return Turn(_("请把要补的材料交上来"), YOU, None, tag, words)
        case Case.Status.ACCEPTED if case.suspended_ground == PAYMENT:
            return Turn(_("请缴费，缴清以前的时间不计入办理期限"), YOU, None, tag, words)
        case Case.Status.ACCEPTED if case.suspended_since:
            ground = _(GROUNDS[case.suspended_ground].text)
            what = _("正在%(ground)s，这段时间不计入办理期限") % {"ground": ground}
            what = legal.cited(what, "special", case.item_type)
            return Turn(what, organ, None, tag, words)
        case Case.Status.ACCEPTED if case.owes:
            what = _("已经受理，正在审查。您承诺补交的材料还没有交齐，请补交")
            return Turn(what, YOU, owed_until, tag, words)
        case Case.Status.ACCEPTED:
            return Turn(_("已经受理，正在审查，会作出决定"), organ, case.due_on, tag, words)
        case Case.Status.DECIDED if case.deemed_granted:
            return Turn(
                _("有效期届满前没有作出决定，依法视为准予延续，正在制作证照"), organ, case.due_on, tag, words
            )
        case Case.Status.DECIDED if case.by_post:
            return Turn(_("结果出来了，会寄到您填的地址，签收以后才算送达"), organ, case.due_on, tag, words)
        case Case.Status.DECIDED if case.delivery_way == Case.DeliveryWay.WINDOW:
            return Turn(_("结果出来了，请带身份证件到窗口领取"), YOU, case.due_on, tag, words)
        case Case.Status.DECIDED if case.outcome == Case.Outcome.GRANTED and case.handling_kind == CANCEL:
            return Turn(_("决定准予注销，正在送达决定书"), organ, case.due_on, tag, words)
        case Case.Status.DECIDED if case.outcome == Case.Outcome.GRANTED and not _certificate(case):
            return Turn(_("决定准予，正在送达决定书"), organ, case.due_on, tag, words)
        case Case.Status.DECIDED if case.outcome == Case.Outcome.GRANTED:
            return Turn(_("决定准予，正在制作证照"), organ, case.due_on, tag, words)
        case Case.Status.DECIDED:
            refused = _("决定不予许可，正在送达决定书") if licence else _("决定不予办理，正在送达决定书")
            return Turn(refused, organ, case.due_on, tag, words)
        case Case.Status.NOT_ACCEPTED:
            return Turn(_("这件申请不予受理，理由写在通知书里"), "", None, tag, words)
        case Case.Status.NOT_REQUIRED:
            needless = (
                _("这件事不需要许可，理由写在告知书里")
                if licence
                else _("这件事不需要办理，理由写在告知书里")
            )
            return Turn(needless, "", None, tag, words)
        case Case.Status.TERMINATED:
            return Turn(_("这件申请已经终止办理，理由写在告知书里"), "", None, tag, words)
        case Case.Status.WITHDRAWN:
            return Turn(_("您已经撤回这件申请"), "", None, tag, words)
        case Case.Status.VOIDED:
            return Turn(_("窗口录错了，这次收件已经作废，编号不再使用"), "", None, tag, words)
        case Case.Status.ARCHIVED if not case.outcome:
            undecided = _("这件申请已经办结归档，没有作出决定")
            if licence:
                undecided = _("这件申请已经办结归档，没有作出许可决定")
            return Turn(undecided, "", None, tag, words)
    if case.outcome == Case.Outcome.GRANTED and case.handling_kind == CANCEL:
        return Turn(_("已经办结：准予注销，原来的证照不能再用"), "", None, tag, words)
    if case.outcome == Case.Outcome.GRANTED and not _certificate(case):
        return Turn(_("已经办结：准予。办理结果是决定书，在“文书”里"), "", None, tag, words)
    if case.outcome == Case.Outcome.GRANTED:
        return Turn(_("已经办结：准予。证照在“我的证照”里"), "", None, tag, words)
    refused = _("已经办结：不予办理，理由和救济途径写在决定书里")
    if licence:
        refused = _("已经办结：不予许可，理由和救济途径写在决定书里")
    return Turn(refused, "", None, tag, words)


def _materials(case: Case) -> bool:
    """Whether its answers ask for any material; without a statement, as below."""
    definition = catalogue.definition(case.revision_id, case.handling_code)
    return bool(catalogue.situation_of_answers(definition, case.situation).materials)


def _certificate(case: Case) -> bool:
    """Whether a grant brings a certificate; the definition it was filed under is read once per process."""
    return catalogue.definition(case.revision_id, case.handling_code).result.is_certificate


def _tag(case: Case) -> tuple[str, str]:
    """The state for the `status` tag and its word."""
    if case.suspended_since and case.status == Case.Status.ACCEPTED:
        return "special", _("特别程序，期限暂停")
    if case.status in TAGS:
        words = {
            "received": _("已收件"),
            "correction": _("等您补正"),
            "accepted": _("审查中"),
            "not_accepted": _("不予受理"),
            "withdrawn": _("已撤回"),
            "not_required": _("不需要许可") if is_licence(case.item_type) else _("不需要办理"),
            "terminated": _("已终止"),
            "voided": _("已作废"),
        }
        return TAGS[case.status], words[case.status]
    if case.outcome == Case.Outcome.REFUSED:
        return "refused", _("不予许可") if is_licence(case.item_type) else _("不予办理")
    if not case.outcome:
        return "void", _("已归档")
    return "done", _("准予，正在送达") if case.status == Case.Status.DECIDED else _("办结，准予")

"""Whose turn it is in a case, in one line: for its own page and for lists of cases."""

from django.utils.translation import gettext as _

from mingqu.cases.models import Case
from mingqu.cases.types import Turn

YOU = "you"
TAGS = {
    "received": "received",
    "correction": "correct",
    "accepted": "accepted",
    "not_accepted": "refused",
    "withdrawn": "void",
}


def turn_of(case: Case, organ: str) -> Turn:
    """What happens now, who must act (`you`: the applicant), and by when; `organ` in words."""
    tag, words = _tag(case)
    match case.status:
        case Case.Status.RECEIVED:
            return Turn(_("正在看您交的材料，会告诉您是否受理"), organ, case.due_on, tag, words)
        case Case.Status.CORRECTION:
            return Turn(_("请把要补的材料交上来"), YOU, None, tag, words)
        case Case.Status.ACCEPTED:
            return Turn(_("已经受理，正在审查，会作出决定"), organ, case.due_on, tag, words)
        case Case.Status.DECIDED if case.outcome == Case.Outcome.GRANTED:
            return Turn(_("决定准予，正在制作证照"), organ, case.due_on, tag, words)
        case Case.Status.DECIDED:
            return Turn(_("决定不予许可，正在送达决定书"), organ, case.due_on, tag, words)
        case Case.Status.NOT_ACCEPTED:
            return Turn(_("这件申请不予受理，理由写在通知书里"), "", None, tag, words)
        case Case.Status.WITHDRAWN:
            return Turn(_("您已经撤回这件申请"), "", None, tag, words)
    if case.outcome == Case.Outcome.GRANTED:
        return Turn(_("已经办结：准予。证照在“我的证照”里"), "", None, tag, words)
    return Turn(_("已经办结：不予许可，理由和救济途径写在决定书里"), "", None, tag, words)


def _tag(case: Case) -> tuple[str, str]:
    """The state for the `status` tag and its word."""
    if case.status in TAGS:
        words = {
            "received": _("已收件"),
            "correction": _("等您补正"),
            "accepted": _("审查中"),
            "not_accepted": _("不予受理"),
            "withdrawn": _("已撤回"),
        }
        return TAGS[case.status], words[case.status]
    if case.outcome == Case.Outcome.REFUSED:
        return "refused", _("不予许可")
    return "done", _("准予，正在送达") if case.status == Case.Status.DECIDED else _("办结，准予")

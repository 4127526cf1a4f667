"""Refusals of 换班交接."""

from mingqu.kernel.errors import DomainError, NotFound


class ShiftUnknown(NotFound):
    """Absent, or between two others: the answer is the same."""

    code = "shift_not_found"
    sentence = "没有找到这张换班交接单。"


class ShiftTakerWrong(DomainError):
    code = "shift_taker_wrong"
    sentence = "只能交给本部门今天在岗、可以接班的另一位同事。"


class ShiftNothingInHand(DomainError):
    code = "shift_nothing_in_hand"
    sentence = "手上没有要交接的。"


class ShiftGivenAlready(DomainError):
    code = "shift_given_already"
    sentence = "您有一张换班交接单还在等对方确认。要重新开，先撤回那一张。"
    status = 409


class ShiftAnswered(DomainError):
    code = "shift_answered"
    sentence = "这张换班交接单已经接了，或者已经撤回。请刷新后查看。"
    status = 409


class ShiftReasonMissing(DomainError):
    code = "shift_reason_missing"
    sentence = "不接的，请写明差什么。"

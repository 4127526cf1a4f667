"""Refusals of voice. Nothing is kept of what was refused."""

from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class TicketUnknown(NotFound):
    """Absent, or somebody else's: the answer is the same."""

    code = "ticket_not_found"
    sentence = to_citizens("没有找到这件投诉、咨询或者建议。")


class KindUnknown(DomainError):
    code = "ticket_kind_unknown"
    sentence = to_citizens("请从投诉、咨询、建议里选一个。")


class WordsMissing(DomainError):
    code = "ticket_words_missing"
    sentence = to_citizens("请写下要说的事。")


class WordsTooLong(DomainError):
    code = "ticket_words_too_long"
    sentence = to_citizens("最多写{most}个字，您写了{length}个字。")


class OrganUnknown(DomainError):
    code = "ticket_organ_unknown"
    sentence = to_citizens("请选择由哪个机关答复。")


class TooManyTickets(DomainError):
    code = "ticket_too_many"
    sentence = to_citizens("一天最多提交{most}件。急事请打电话。")
    status = 429


class ConcernsYou(DomainError):
    """Who had a hand in the case does not answer a complaint about it."""

    code = "ticket_concerns_you"
    sentence = "这件投诉说的是您办过的办件，由本机关其他有权限的人员或者效能监督人员答复。"
    status = 403


class AlreadyAnswered(DomainError):
    code = "ticket_already_answered"
    sentence = "这一件已经答复过了，请刷新页面。"
    status = 409


class TicketOfCase(DomainError):
    """Who handles a case answers for it: what is said about one goes to nobody else."""

    code = "ticket_of_case"
    sentence = "这一件说的是办件，由办这件的机关答复，不能转给别的机关。"
    status = 409


class PassedEnough(DomainError):
    code = "ticket_passed_enough"
    sentence = "这一件已经转过{most}次，不能再转，请直接答复。"
    status = 409


class ReasonMissing(DomainError):
    code = "ticket_reason_missing"
    sentence = "请写明为什么该由对方答复，最多{most}个字。"


class NotAnsweredYet(DomainError):
    code = "ticket_not_answered_yet"
    sentence = to_citizens("还没有答复，有了答复以后才能说是否解决。")
    status = 409


class AlreadySaid(DomainError):
    code = "ticket_already_said"
    sentence = to_citizens("您已经说过是否解决了，只能说一次。")
    status = 409

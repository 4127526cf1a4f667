"""Refusals of the law library."""

from mingqu.kernel.errors import DomainError, NotFound


class LawUnreadable(DomainError):
    code = "law_unreadable"
    sentence = "{file}：{reason}。"


class LawUnknown(NotFound):
    code = "law_unknown"
    sentence = "法规库里没有这部法规或这一版。"


class ChangeRefused(DomainError):
    code = "law_change_refused"
    sentence = "不能这样记录：{reason}。"
    status = 409


class ChangeWaits(DomainError):
    code = "law_change_waits"
    sentence = "这部法规有一项登记正在等待另一位法制人员确认。请先确认或者撤下那一项，再登记。"
    status = 409


class ChangeUnknown(NotFound):
    code = "law_change_unknown"
    sentence = "没有这项登记。"


class ChangeClosed(DomainError):
    code = "law_change_closed"
    sentence = "这项登记已经处理过：{state}。请刷新页面。"
    status = 409


class OwnChange(DomainError):
    """Four eyes (SEC-05): an error or a misuse of one officer changes no law for everybody."""

    code = "law_change_own"
    sentence = "您自己登记的，要由另一位法制人员确认。您可以撤下它。"
    status = 403


class ReasonMissing(DomainError):
    code = "law_change_reason_missing"
    sentence = "请写明为什么不确认，一两句话即可。"

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

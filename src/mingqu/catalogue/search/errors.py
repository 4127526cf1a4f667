"""Refusals of search's own pages."""

from mingqu.kernel.errors import DomainError


class SayingInvalid(DomainError):
    code = "saying_invalid"
    sentence = "请写2至30个字的百姓用语，和1至6个规范用语（每个不超过40个字，用分号隔开）。"


class SayingUnknown(DomainError):
    code = "saying_unknown"
    sentence = "没有这条用语。"
    status = 404

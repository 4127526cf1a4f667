"""Refusals of what officers note for their own work: marks on materials, own phrases."""

from mingqu.cases.errors import CaseRefusal
from mingqu.kernel.errors import DomainError


class MarkTooLate(CaseRefusal):
    code = "mark_too_late"
    sentence = "这件申请已经决定或者办结，不能再标注材料。"


class PageUnknown(DomainError):
    code = "page_unknown"
    sentence = "这个文件只有{pages}页，请核对页码。"


class MarkMissing(DomainError):
    code = "mark_missing"
    sentence = "请写明有什么问题，例如：第2页尺寸读不出。"


class PhraseTooLong(DomainError):
    code = "phrase_too_long"
    sentence = "一条常用语最多{most}字，您写了{written}字。"


class TooManyPhrases(DomainError):
    code = "too_many_phrases"
    sentence = "自己的常用语最多{most}条，请先删去不用的。"

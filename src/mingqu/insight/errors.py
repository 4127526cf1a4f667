"""Refusals of insight."""

from mingqu.kernel.errors import DomainError, NotFound


class ReportUnknown(NotFound):
    code = "report_unknown"
    sentence = "没有这份报告，或者不在您的职责范围内。"


class ReportChanged(DomainError):
    code = "report_changed"
    status = 409
    sentence = "这份报告的文字在您打开以后被别人改过。请看过新的文字再改，您写的还在下面。"


class ReportTextTooLong(DomainError):
    code = "report_text_too_long"
    sentence = "文字最多{most}个字，现在有{length}个字。"

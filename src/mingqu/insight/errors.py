"""Refusals of insight."""

from mingqu.kernel.errors import DomainError, NotFound


class ReportUnknown(NotFound):
    code = "report_unknown"
    sentence = "没有这份报告，或者不在您的职责范围内。"


class ReportChanged(DomainError):
    code = "report_changed"
    status = 409
    sentence = "这份报告的文字在您打开以后被别人改过。请看过新的文字再改，您写的还在下面。"


class ReportSigned(DomainError):
    code = "report_signed"
    status = 409
    sentence = "这份报告已经签发，文字和数字都不再改。要改的，先由签发岗位撤回签发，写明理由。"


class ReportAtWork(DomainError):
    code = "report_at_work"
    status = 409
    sentence = "这份报告正在重新计算，算好以后再看、再签发。"


class ReportNotSigned(DomainError):
    code = "report_not_signed"
    status = 409
    sentence = "这份报告现在没有签发，可能已经有人撤回。"


class ReportDisagrees(DomainError):
    code = "report_disagrees"
    status = 409
    sentence = "这份报告和逐件清点不一致，不能签发。请先核对，再重新计算。"


class ReopenReasonMissing(DomainError):
    code = "report_reopen_reason_missing"
    sentence = "请写明为什么撤回签发，最多200个字。"


class ReportTextTooLong(DomainError):
    code = "report_text_too_long"
    sentence = "文字最多{most}个字，现在有{length}个字。"

"""Refusals of regulation. Nothing is kept of what was refused."""

from mingqu.identity.errors import Recused
from mingqu.kernel.errors import DomainError, NotFound


class SupervisedUnknown(NotFound):
    """Absent, or out of reach: the answer is the same."""

    code = "supervised_not_found"
    sentence = "没有找到这个监管对象。"


class SupervisionEnded(DomainError):
    code = "supervision_ended"
    sentence = "证照已经不再有效，监管已经结束，不能再登记。"
    status = 409


class AlreadyInspected(DomainError):
    """Somebody else wrote an inspection down meanwhile."""

    code = "supervised_moved_on"
    sentence = "这个监管对象刚有了新的登记，请看过以后再办。"
    status = 409


class InspectorRecused(Recused):
    """公务员法 76, 行政处罚法 43: an interest in the holder bars from inspecting."""

    code = "inspector_recused"
    sentence = "您同这家被许可人有利害关系，已经回避，不能登记检查，也不能改期。请由本机关的其他人办。"


class SecondInspectorUnfit(DomainError):
    code = "second_inspector_unfit"
    sentence = "一起检查的，要是本机关的另一位工作人员，并且没有回避。"


class FindingUnknown(DomainError):
    code = "inspection_finding_unknown"
    sentence = "请选检查的结论。"


class WordsMissing(DomainError):
    code = "inspection_words_missing"
    sentence = "请写清楚，不能空着。"


class WordsTooLong(DomainError):
    code = "inspection_words_too_long"
    sentence = "最多写{most}个字，您写了{length}个字。"


class WordsPersonal(DomainError):
    """Records of inspections are open to everybody (行政许可法 61)."""

    code = "inspection_words_personal"
    sentence = "记录向社会公开，里面有{passages}，请删去。"


class InspectedInFuture(DomainError):
    code = "inspected_in_future"
    sentence = "检查日期不能晚于今天。"


class InspectedTooEarly(DomainError):
    code = "inspected_too_early"
    sentence = "检查日期不能早于列入监管的那天，也不能早于上一次检查。"


class NextTooEarly(DomainError):
    code = "next_inspection_too_early"
    sentence = "检查的日期要在上一次以后，并且不早于明天。"


class NextTooLate(DomainError):
    code = "next_inspection_too_late"
    sentence = "检查的日期最晚不超过{years}年，请核对年份。"

"""Refusals about what a flow waits for from outside."""

from mingqu.cases.errors import CaseRefusal
from mingqu.kernel.errors import DomainError


class ArrivalNotAwaited(CaseRefusal):
    code = "arrival_not_awaited"
    sentence = "流程现在不等这件来件：可能已由他人登记，或者已经不需要了。请刷新后查看。"


class ArrivalNotTheirs(CaseRefusal):
    """Another system brings something that the flow does not expect of it."""

    code = "arrival_not_theirs"
    sentence = "流程图没有写明这件来件由这个系统传来，没有登记。"


class ArrivalUnsaid(DomainError):
    code = "arrival_unsaid"
    sentence = "请写明来了什么，例如文号、名称和结论。"


class ArrivalDayUnfit(DomainError):
    code = "arrival_day"
    sentence = "收到的日期不能早于收件那天，也不能晚于今天。"

"""Refusals about paper slips and what is typed in later (补录)."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import DomainError, NotFound


class OutageUnknown(NotFound):
    code = "outage_unknown"
    sentence = "没有找到这次停机登记。"


class OutageTimesWrong(DomainError):
    code = "outage_times_wrong"
    sentence = "停机的开始时间要早于结束时间，都不能晚于现在。"


class OutageTooOld(DomainError):
    code = "outage_too_old"
    sentence = "停机的开始时间不能早于{days}天以前：那时收的纸质单也不能再按纸上的时间补录。"


class OutageOver(CaseRefusal):
    code = "outage_over"
    sentence = "这次停机已经登记结束。"


class PackUnknown(NotFound):
    code = "paper_pack_unknown"
    sentence = "没有找到这一叠纸质收件单，请核对单子上的编号。"


class PackSizeWrong(DomainError):
    code = "paper_pack_size_wrong"
    sentence = "一叠最少1张，最多{most}张。"


class SlipNumberWrong(DomainError):
    code = "paper_slip_number_wrong"
    sentence = "没有这个单号。单号印在纸质收件单右上角，例如{example}。"


class SlipEntered(CaseRefusal):
    code = "paper_slip_entered"
    sentence = "这张纸质收件单已经登记过了。"


class SlipInFuture(DomainError):
    code = "paper_slip_in_future"
    sentence = "收件时间不能晚于现在。"


class SlipTooOld(DomainError):
    code = "paper_slip_too_old"
    sentence = "收件时间超过{days}天，不能补录了；请按今天收件，并向申请人说明。"


class SlipOutsideOutage(DomainError):
    code = "paper_slip_outside_outage"
    sentence = "收件时间不在这次停机期间，不能按纸上的时间补录。"


class SlipUnknown(NotFound):
    code = "paper_slip_unknown"
    sentence = "没有找到可以补录的纸质收件单，可能还没有复核，或者已经补录。"


class SlipOfAnother(DomainError):
    code = "paper_slip_of_another"
    sentence = "纸质收件单上的事项或者申请人和这份申请不一样，请核对。"

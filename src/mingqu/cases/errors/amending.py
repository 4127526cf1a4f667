"""Refusals about 作废 and 更正 of what a window took in."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import DomainError, NotFound


class NotOfWindow(CaseRefusal):
    """What an applicant typed herself is asked for again (补正), never changed for her."""

    code = "not_filed_at_window"
    sentence = "只有窗口代为录入的申请可以这样改；申请人自己填的，用补正。"


class PartOfBundle(CaseRefusal):
    """Its parts came in together; the applicant may withdraw all of it."""

    code = "part_not_voided_alone"
    sentence = "这件属于一件事，不能单独作废。申请人不想办的，可以撤回一件事。"


class VoidTooLate(CaseRefusal):
    code = "void_too_late"
    sentence = "这件申请不能作废了：只能在收件当天、受理和告知补正以前作废。申请人不想办的，可以撤回申请。"


class MendTooLate(CaseRefusal):
    code = "mend_too_late"
    sentence = "这件申请已经作出决定或者已经结束，录入的内容不能再更正。"


class NothingMended(DomainError):
    code = "nothing_mended"
    sentence = "更正的内容和原来的一样，没有要改的。"


class FieldNotMendable(DomainError):
    code = "field_not_mendable"
    sentence = "这一项不能更正，请只选申请表里的项目或者申请人姓名。"


class ChangeWaits(CaseRefusal):
    code = "filing_change_waits"
    sentence = "这件申请已经有一项改动等第二个人复核，请等它办完。"


class ChangeUnknown(NotFound):
    code = "filing_change_unknown"
    sentence = "没有找到等复核的改动，可能已经由别人办了，请刷新后查看。"


class SecondPersonNeeded(CaseRefusal):
    code = "second_person_needed"
    sentence = "要由另一位工作人员复核，提出的人自己不能同意。"

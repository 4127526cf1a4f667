"""Refusals about 回避: who stands aside, who decides it, who is left."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import DomainError, NotFound


class OfficerBarred(CaseRefusal):
    """回避: who stands aside goes on no visit of the case and signs nothing beside another."""

    code = "officer_barred"
    sentence = "{name}在这件申请上回避，请换一位工作人员。"


class NoOfficerOfCase(DomainError):
    code = "no_officer_of_case"
    sentence = "请选择办理这件申请的机关的工作人员。"


class RecusedAlready(CaseRefusal):
    code = "recused_already"
    sentence = "这位工作人员已经回避这件申请。"


class RecusalGroundMissing(DomainError):
    code = "recusal_ground_missing"
    sentence = "请选择回避的情形，并写明理由。"


class RecusalUnknown(NotFound):
    code = "recusal_unknown"
    sentence = "没有找到这项回避，可能已经由别人决定，请刷新后查看。"


class NotOnesOwn(CaseRefusal):
    """公务员法 77: the organ decides, not who is concerned."""

    code = "recusal_of_oneself"
    sentence = "本人的回避由机关的其他负责人决定；自己要回避的，用“申请回避”。"


class NotStranded(CaseRefusal):
    code = "step_not_stranded"
    sentence = "这个环节的岗位还有人可以办，不用另外指定。要换岗位的，由那个岗位转办。"

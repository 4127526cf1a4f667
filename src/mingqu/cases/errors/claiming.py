"""Refusals about 认领 and 放回."""

from mingqu.cases.errors.base import CaseRefusal


class StepClaimed(CaseRefusal):
    """认领: another officer of the post has taken the step for herself."""

    code = "step_claimed"
    sentence = "“{name}”已由{who}认领。请等{who}放回，或者请部门负责人放回。"


class StepNotClaimed(CaseRefusal):
    code = "step_not_claimed"
    sentence = "“{name}”现在没有人认领，不用放回。"

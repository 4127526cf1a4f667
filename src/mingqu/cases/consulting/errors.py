"""Refusals about questions to other organs."""

from mingqu.cases.errors import CaseRefusal
from mingqu.kernel.errors import DomainError, NotFound


class ConsultationUnknown(NotFound):
    """No such question, or none of this post's: the answer is the same for both."""

    code = "consultation_not_found"
    sentence = "没有找到这件征求意见。它可能问的是别的岗位。"


class ConsultationOpen(CaseRefusal):
    """The step waits for the answer, because who asked wanted it so."""

    code = "consultation_open"
    sentence = "这个环节要等{organ}答复征求的意见（最晚{day}），现在不能办结。不再等的，先撤回征求意见。"


class ConsultationOver(CaseRefusal):
    code = "consultation_over"
    sentence = "这件征求意见已经{state}，请刷新后查看。"


class ConsultedAlready(CaseRefusal):
    code = "consulted_already"
    sentence = "这个环节已经问了这个岗位，正在等它答复。"


class ConsultedTaken(CaseRefusal):
    """What was asked of others is a deed on the step that opened: it can't be made never to have been."""

    code = "consulted_meanwhile"
    sentence = "后面的环节已经向别的部门征求意见，不能再撤回。请那个环节内部退回。"


class QuestionMissing(DomainError):
    code = "question_missing"
    sentence = "请写明要对方答复什么。"


class LimitUnfit(DomainError):
    code = "consultation_limit"
    sentence = "答复期限填{least}到{most}个工作日。"


class NotAnotherOrgan(DomainError):
    code = "not_another_organ"
    sentence = "请选其他部门的岗位。本部门的岗位用委派或者加签。"


class AnswerMissing(DomainError):
    code = "consultation_answer_missing"
    sentence = "请选择同意、不同意或者提供情况，并写明意见。"

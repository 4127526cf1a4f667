"""Refusals of the process engine."""

from collections.abc import Sequence

from mingqu.kernel.errors import DomainError
from mingqu.process.types import Finding


class ProcessError(DomainError):
    """The parent of every refusal of this app."""

    code = "process_refused"
    status = 409


class PlanRefused(ProcessError):
    """The plan can't be published; `findings` names each element with its reason."""

    code = "plan_refused"
    sentence = "流程不能发布：{first}"
    status = 400

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(first=self.findings[0].sentence, count=len(self.findings))


class BpmnRefused(ProcessError):
    """The file is no BPMN 2.0 file that can be read or written; `reason` says why."""

    code = "bpmn_refused"
    sentence = "流程文件无法使用：{reason}。"
    status = 400


class PlanUnknown(ProcessError):
    """No stored plan has this digest."""

    code = "plan_unknown"
    sentence = "没有找到这份流程。"
    status = 404


class OwnerUnknown(ProcessError):
    """No handler is registered for this kind of owner: nothing starts that nobody would hear of."""

    code = "process_owner_unknown"
    sentence = "没有业务模块负责这类流程。"
    status = 500


class ProcessNotActive(ProcessError):
    """The instance has ended, or is none of this root's."""

    code = "process_not_active"
    sentence = "这件事的流程已经结束，不能再办理。"


class TaskNotOpen(ProcessError):
    """Somebody acted first: the task is completed, returned or dropped, or there is no such task."""

    code = "task_not_open"
    sentence = "这个环节已由他人办理，或者已被收回。"


class TaskTaken(ProcessError):
    """Another person has claimed the task."""

    code = "task_taken"
    sentence = "这个环节已由他人领取。"


class NotYourTask(ProcessError):
    """The actor's post is not the one the step is assigned to."""

    code = "not_your_task"
    sentence = "这个环节不属于您的岗位。"
    status = 403


class NotEarlier(ProcessError):
    """A return names a step that was not done before this one, or lies in a branch beside it."""

    code = "not_earlier"
    sentence = "只能退回到本环节之前已办过的环节。"
    status = 400


class NoWayOut(ProcessError):
    """No condition at a branching is true and it has no default."""

    code = "no_way_out"
    sentence = "“{node}”处没有一个条件成立，流程无法继续。请联系流程管理员。"


class RowsDiffer(ProcessError):
    """Stored instances are not what their history gives; the log names them, the rows are left as they are."""

    code = "process_rows_differ"
    sentence = "有{count}件的流程记录与其历史不一致，请运维人员查看日志。"
    status = 500


class ChangedMeanwhile(ProcessError):
    """A conditional update met other rows than were read. The transaction is rolled back; try again."""

    code = "process_changed"
    sentence = "这件事刚刚有了变化，请刷新后再试。"

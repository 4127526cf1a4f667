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
    sentence = "这个环节已由他人认领。"


class TaskHeld(ProcessError):
    """The task stands still (挂起)."""

    code = "task_held"
    sentence = "这个环节已挂起，恢复以后才能办理。"


class TaskNotHeld(ProcessError):
    """It is to be resumed and does not stand still."""

    code = "task_not_held"
    sentence = "这个环节没有挂起。"


class TaskLent(ProcessError):
    """The task is delegated (委派): it is done and given back, or called back by the post that delegated it."""

    code = "task_lent"
    sentence = "这个环节是委派的：受委派的岗位办完后交回，委派的岗位可以收回，别的不能办。"


class AlreadyAsked(ProcessError):
    """The post is asked, is to be asked, or has signed in this step."""

    code = "already_asked"
    sentence = "这个岗位已经在这个环节里了，请另选岗位。"


class NotAddedSigner(ProcessError):
    """减签 takes out only what 加签 brought in and has not signed yet: the definition's own signatures stay."""

    code = "not_added_signer"
    sentence = "只能减去加签加上的、还没有签署的岗位。"


class NothingToTakeBack(ProcessError):
    """Somebody has gone on with it."""

    code = "nothing_to_take_back"
    sentence = "后面的环节已经有人领取或者办理，不能撤回。需要重办的，请后面的环节内部退回。"


class NotYourTask(ProcessError):
    """The actor's post is not the one the step is assigned to."""

    code = "not_your_task"
    sentence = "这个环节不属于您的岗位。"
    status = 403


class NotReplannable(ProcessError):
    """The instance can't go on by another plan; `findings` names each element with its reason."""

    code = "not_replannable"
    sentence = "不能换到新流程：{first}"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(first=self.findings[0].sentence)


class ReplanTouched(ProcessError):
    """Something has happened since the move: it is not taken back."""

    code = "replan_touched"
    sentence = "换到新流程以后已经办理过，不能退回原来的流程。"


class NotEarlier(ProcessError):
    """A return names a step that was not done before this one, or lies in a branch beside it."""

    code = "not_earlier"
    sentence = "只能退回到本环节之前已办过的环节。"
    status = 400


class NoWayOut(ProcessError):
    """No condition at a branching is true and it has no default."""

    code = "no_way_out"
    sentence = "“{node}”处没有一个条件成立，流程无法继续。请联系流程管理员。"


class BadCount(ProcessError):
    """The count of an activity with several instances gave no whole number, or too many."""

    code = "bad_count"
    sentence = "“{node}”要办理几次没有得出0到{most}之间的整数，流程无法继续。请联系流程管理员。"


class BadTimer(ProcessError):
    """The moment of a timer can't be told from what its expression gave."""

    code = "bad_timer"
    sentence = "“{node}”的时间没有得出日期、时刻或者时长，流程无法继续。请联系流程管理员。"


class TimerTooOften(ProcessError):
    """A repetition of a drawing has no pause in which anything else could get its turn, or gives no moment at all."""

    code = "timer_too_often"
    sentence = "定时重复的，至少重复一次，间隔至少一分钟。"


class NotAwaited(ProcessError):
    """The message, signal or timer came when nobody waited for it: too late, or twice."""

    code = "not_awaited"
    sentence = "这件事的流程现在不等待这个消息。"


class UncaughtError(ProcessError):
    """A handler reported an error that the drawing does not catch."""

    code = "uncaught_error"
    sentence = "自动环节报告了差错“{code}”，流程没有写明怎么处理。请联系流程管理员。"


class EndlessRun(ProcessError):
    """What follows by itself does not come to an end: a signal, say, that calls itself forth."""

    code = "endless_run"
    sentence = "流程自动接连走了{most}步还没有停下。请联系流程管理员。"


class WorkUnknown(ProcessError):
    """The plan has service or business-rule tasks, and its owner has no handler for them."""

    code = "work_unknown"
    sentence = "没有业务模块办理“{node}”这个自动环节。"
    status = 500


class RowsDiffer(ProcessError):
    """Stored instances are not what their history gives; the log names them, the rows are left as they are."""

    code = "process_rows_differ"
    sentence = "有{count}件的流程记录与其历史不一致，请运维人员查看日志。"
    status = 500


class ChangedMeanwhile(ProcessError):
    """A conditional update met other rows than were read. The transaction is rolled back; try again."""

    code = "process_changed"
    sentence = "这件事刚刚有了变化，请刷新后再试。"

"""Refusals of simulations."""

from mingqu.kernel.errors import DomainError, NotFound


class RunUnknown(NotFound):
    """Also for one outside the post's scope."""

    code = "simulation_unknown"
    sentence = "没有这次模拟，或者不在您的范围内。"


class RunOver(DomainError):
    code = "simulation_over"
    sentence = "这次模拟已经结束了。"
    status = 409


class TooManyRuns(DomainError):
    """One at work for each person: they take a processor each."""

    code = "simulation_at_work"
    sentence = "您还有一次模拟没有算完。等它算完，或者先停下它。"
    status = 409


class BasisUnknown(DomainError):
    code = "simulation_basis_unknown"
    sentence = "没有这一版，或者草稿已经改过了。请刷新页面后重新选择。"


class ProcessNotPlayable(DomainError):
    """A draft whose process can't run yet."""

    code = "simulation_process_unfinished"
    sentence = "“{label}”的流程还不能走通：{why}"


class TooFewOfficers(DomainError):
    code = "simulation_too_few_officers"
    sentence = "环节“{step}”一次要{people}个人办，这个岗位的人数比这少。"


class NothingRecorded(DomainError):
    code = "simulation_nothing_recorded"
    sentence = "这段日子里没有受理并且办结的件，不能重放。换一段日子，或者改用“按记录抽样”。"


class NumbersWrong(DomainError):
    code = "simulation_numbers_wrong"
    sentence = "{what}"


class MoveUnknown(NotFound):
    """Also for one outside the post's scope."""

    code = "flow_move_unknown"
    sentence = "没有这次流程迁移，或者不在您的范围内。"


class MoveAtWork(DomainError):
    code = "flow_move_at_work"
    sentence = "这个业务办理项还有一次迁移没有了结。等它了结，或者先退回它。"
    status = 409


class MoveStepsWrong(DomainError):
    code = "flow_move_steps_wrong"
    sentence = "{what}"


class MoveReasonMissing(DomainError):
    code = "flow_move_reason_missing"
    sentence = "请写明理由。"


class NothingToMove(DomainError):
    code = "flow_move_nothing"
    sentence = "没有在按这一版流程办理的件，或者这一版就是现行的。请从列表里重新选。"


class OwnMove(DomainError):
    """Who planned it does not approve it."""

    code = "flow_move_own"
    sentence = "流程迁移由另一个人批准。您拟定的，请同事批准。"
    status = 403


class MoveNotWaiting(DomainError):
    """It is in another state by now: somebody acted first."""

    code = "flow_move_not_waiting"
    sentence = "这次迁移已经不在这个状态了，请刷新后查看。"
    status = 409


class MapNotRead(DomainError):
    code = "prerequisites_not_read"
    sentence = "{what}。请改好以后重新上传。"


class MapHasCircle(DomainError):
    """Approvals that wait for each other: none of them can ever begin."""

    code = "prerequisites_in_a_circle"
    sentence = "这些事项互为前置，谁也办不成：{circles}。请改好以后重新上传。"


class MapUnknown(NotFound):
    code = "prerequisites_unknown"
    sentence = "没有这张前置关系图。"

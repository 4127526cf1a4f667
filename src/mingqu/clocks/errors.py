"""Refusals of the clock. Each sentence can be shown to a clerk and names its article where one decides."""

from mingqu.kernel.errors import DomainError


class ClockRefusal(DomainError):
    """A ledger entry that must not be written; the ledger is unchanged."""

    code = "clock_refused"
    sentence = "这项时限操作不能办理。"
    status = 409


class LimitMissing(ClockRefusal):
    code = "clock_limit_missing"
    sentence = "期限须为不小于 1 的整数。"
    status = 400


class PromiseTooLong(ClockRefusal):
    code = "promise_exceeds_statutory"
    sentence = "承诺期限不得长于法定期限。"
    status = 400


class ClockAlreadyStarted(ClockRefusal):
    code = "clock_already_started"
    sentence = "该时限已经起算，不能重复起算。"


class ClockNotStarted(ClockRefusal):
    code = "clock_not_started"
    sentence = "该时限尚未起算。"
    status = 404


class ClockStopped(ClockRefusal):
    code = "clock_stopped"
    sentence = "该时限已经停止，不能再变更。"


class EntryInFuture(ClockRefusal):
    code = "clock_entry_in_future"
    sentence = "时限记录的日期不得晚于今天。"
    status = 400


class EntryOutOfOrder(ClockRefusal):
    code = "clock_entry_out_of_order"
    sentence = "时限记录的日期早于上一条记录；确需更正的，请先冲销原记录。"


class ReasonMissing(ClockRefusal):
    code = "clock_reason_missing"
    sentence = "补记、延长或者冲销须写明理由。"
    status = 400


class InstantMissing(ClockRefusal):
    code = "clock_instant_missing"
    sentence = "按小时、分钟计算的期限须写明时刻（民法典第二百零一条）。"
    status = 400


class GroundNotAllowed(ClockRefusal):
    code = "pause_ground_not_allowed"
    sentence = "所选事由不属于法定不计入期限的情形（行政许可法第四十五条），不能暂停计时。"


class ProofMissing(ClockRefusal):
    code = "pause_proof_missing"
    sentence = "暂停计时须附书面告知，并写明所需时间（行政许可法第四十五条）。"
    status = 400


class AlreadyPaused(ClockRefusal):
    code = "clock_already_paused"
    sentence = "该时限已经暂停，不能重复暂停（行政许可法第四十五条）。"


class NotPaused(ClockRefusal):
    code = "clock_not_paused"
    sentence = "该时限没有暂停，无需恢复（行政许可法第四十五条）。"


class PauseAfterDeadline(ClockRefusal):
    code = "pause_backdated_after_deadline"
    sentence = "期限已经届满，不能补记暂停（行政许可法第四十五条）。"


class ExtensionNotAllowed(ClockRefusal):
    code = "extension_not_allowed"
    sentence = "该期限依法不能延长。"


class ExtensionTooLong(ClockRefusal):
    code = "extension_too_long"
    sentence = "延长的期限最多为 {most}（{article}）。"


class ExtensionTwice(ClockRefusal):
    code = "extension_twice"
    sentence = "期限只能延长{times}次（{article}）。"


class ExtensionAfterDeadline(ClockRefusal):
    code = "extension_after_deadline"
    sentence = "期限已经届满，不能再延长（{article}）。"


class WrongApprover(ClockRefusal):
    code = "extension_wrong_approver"
    sentence = "延长期限须经{approver}批准（{article}）。"
    status = 403


class EntryUnknown(ClockRefusal):
    code = "clock_entry_unknown"
    sentence = "没有可以冲销的这条时限记录。"
    status = 404


class LedgerMoved(ClockRefusal):
    code = "clock_ledger_moved"
    sentence = "该时限刚刚由他人变更，请刷新后再试。"


class NoticeUnreadable(DomainError):
    """A file of the yearly holiday notice that can't be taken in; names the line."""

    code = "holiday_notice_unreadable"
    sentence = "放假安排文件第 {line} 行无法识别：{problem}"


class NoticeSkipsYear(DomainError):
    code = "holiday_notice_skips_year"
    sentence = "放假安排须逐年导入：现有日历自{known_from}至{known_until}。"
    status = 409


class CalendarMoved(DomainError):
    code = "calendar_moved"
    sentence = "工作日历刚刚由他人更新，请刷新后再试。"
    status = 409


class StoredDueDiffers(DomainError):
    """The nightly check found copies that are not what the ledgers give; the log names them."""

    code = "stored_due_differs"
    sentence = "有 {count} 个截止日副本与时限台账不一致。"
    status = 500


class CalendarMissing(DomainError):
    code = "calendar_missing"
    sentence = "系统没有工作日日历，请运维人员执行数据库升级。"
    status = 503

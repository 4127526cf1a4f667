"""Refusals of halls. Nothing is kept of what was refused."""

from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class HallUnknown(NotFound):
    code = "hall_not_found"
    sentence = to_citizens("没有找到这个办事大厅。")


class LineUnknown(NotFound):
    code = "line_not_found"
    sentence = to_citizens("没有找到这个业务类别。")


class SlotUnknown(NotFound):
    code = "slot_not_found"
    sentence = to_citizens("没有找到这个预约时段。")


class BookingUnknown(NotFound):
    """Absent, or somebody else's: the answer is the same."""

    code = "booking_not_found"
    sentence = to_citizens("没有找到这个预约。")


class NumberUnknown(NotFound):
    code = "number_not_found"
    sentence = "没有找到这个号。"


class SlotFull(DomainError):
    code = "slot_full"
    sentence = to_citizens("这个时段刚刚约满了，请选别的时段。")
    status = 409


class SlotClosed(DomainError):
    code = "slot_closed"
    sentence = to_citizens("这一天大厅不办理，请选别的日子。")
    status = 409


class SlotOver(DomainError):
    code = "slot_over"
    sentence = to_citizens("这个时段已经开始了，请选后面的时段。")
    status = 409


class HoldExpired(DomainError):
    code = "hold_expired"
    sentence = to_citizens("为您保留的时间过了，请重新选一个时段。")
    status = 409


class BookedAlready(DomainError):
    code = "booked_already"
    sentence = to_citizens("您在这个时段已经有预约了。")
    status = 409


class TooManyBookings(DomainError):
    code = "bookings_too_many"
    sentence = to_citizens("您还没有办的预约已经有{most}个，取消一个才能再约。")
    status = 409


class Barred(DomainError):
    code = "booking_barred"
    sentence = to_citizens("您有{missed}次约了没有来，暂时不能预约。可以直接到大厅取号。")
    status = 409


class NotServed(DomainError):
    code = "line_does_not_serve"
    sentence = to_citizens("这个业务类别不办这个事项，请重新选择。")


class BookingSettled(DomainError):
    code = "booking_settled"
    sentence = to_citizens("这个预约已经开始、取消或者结束，不能再改。")
    status = 409


class TooEarly(DomainError):
    code = "check_in_too_early"
    sentence = to_citizens("还没有到时间：开始前{minutes}分钟起可以取号。")
    status = 409


class TooLate(DomainError):
    code = "check_in_too_late"
    sentence = to_citizens("预约的时间已经过了，请取普通号。")
    status = 409


class HallShut(DomainError):
    code = "hall_not_open"
    sentence = to_citizens("今天大厅不办理，不能取号。")
    status = 409


class NameMissing(DomainError):
    code = "booking_name_missing"
    sentence = to_citizens("请写下来办事的人的姓名。")


class NotATerminal(DomainError):
    code = "not_a_terminal"
    sentence = to_citizens("这台设备没有登记为大厅的取号机。请到大厅的取号机上取号，或者在网上预约。")
    status = 403


class TerminalUnknown(DomainError):
    code = "terminal_unknown"
    sentence = "没有这台取号机，或者已经停用。"
    status = 404


class NobodyWaits(DomainError):
    code = "nobody_waits"
    sentence = "现在没有人在等本窗口。"
    status = 409


class WindowBusy(DomainError):
    code = "window_busy"
    sentence = "本窗口还有一个叫到的号，办结、过号或者转走以后再叫。"
    status = 409


class NumberMovedOn(DomainError):
    code = "number_moved_on"
    sentence = "这个号已经不在这一步了，请刷新页面。"
    status = 409


class OpeningWrong(DomainError):
    code = "opening_wrong"
    sentence = "开放时间不对：结束要晚于开始，每段5到120分钟，每段1到50个位子，同一类别的时间不能重叠。"


class HallIncomplete(DomainError):
    code = "hall_incomplete"
    sentence = "还缺：{what}。"


class HallCodeTaken(DomainError):
    code = "hall_code_taken"
    sentence = "这个代码已经用了，请换一个。"
    status = 409


class LineLetterWrong(DomainError):
    code = "line_letter_wrong"
    sentence = "类别的字母是一个大写字母A到Z。"


class LineItemsUnknown(DomainError):
    code = "line_items_unknown"
    sentence = "没有这些事项编码：{codes}。"


class WindowAtWork(DomainError):
    code = "window_at_work"
    sentence = "这个窗口还有一个叫到的号，办结、过号或者转走以后再停用。"
    status = 409


class DayNotClosed(DomainError):
    code = "day_not_closed"
    sentence = "这一天没有关闭，或者已经过去。"
    status = 409


class DayClosedAlready(DomainError):
    code = "day_closed_already"
    sentence = "这一天已经关闭了，或者已经过去。"
    status = 409


# Paper ----------------------------------------------------------------------------------------------------------------


class ResultIsSent(DomainError):
    """通办代收: its applicant wants it sent, and who decided sends it; it comes to no hall of another district."""

    code = "result_is_sent"
    sentence = "申请人要求寄给他，由作出决定的部门寄出，不在这里到件。"
    status = 409


class ResultNotDue(DomainError):
    """Not decided yet, handed out already, or not to be collected at a window."""

    code = "result_not_due"
    sentence = "这件申请现在没有要在窗口领取的结果：还没有决定、已经送达，或者选的不是窗口领取。"
    status = 409


class ResultHere(DomainError):
    code = "result_here_already"
    sentence = "这件的结果已经登记到件，不用再登记。"
    status = 409


class ResultNotHere(DomainError):
    code = "result_not_here"
    sentence = "这件的结果没有登记在这个大厅，或者已经领走。"
    status = 409


class ReasonMissing(DomainError):
    code = "hall_reason_missing"
    sentence = "请写明原因。"


class SlipUnknown(NotFound):
    """Absent, or between others: the answer is the same."""

    code = "slip_not_found"
    sentence = "没有找到这张材料交接单。"


class NothingChosen(DomainError):
    code = "papers_not_chosen"
    sentence = "请至少选一份材料。"


class TooManyPapers(DomainError):
    code = "papers_too_many"
    sentence = "一件申请、一张交接单最多{most}份材料，请分开办。"


class PaperNotYours(DomainError):
    code = "paper_not_in_your_hands"
    sentence = "选的材料里有不在本岗位手里的，请刷新页面后重新选。"
    status = 409


class PaperMovedOn(DomainError):
    code = "paper_moved_on"
    sentence = "选的材料里有正在交接、已经退还或者归档的，请刷新页面后重新选。"
    status = 409


class SlipAnswered(DomainError):
    code = "slip_answered"
    sentence = "这张交接单已经签收或者撤回了，请刷新页面。"
    status = 409


class CountMissing(DomainError):
    code = "paper_count_missing"
    sentence = "每一份都要点数。没有收到的填0。"


class CountWrong(DomainError):
    code = "paper_count_wrong"
    sentence = "点到的份数不能比交接单上的多；多出来的请退给交出的人。"


class ReturnIncomplete(DomainError):
    code = "return_incomplete"
    sentence = "退还还缺：{what}。"


# Devices of a window


class WindowUnknown(NotFound):
    code = "window_not_found"
    sentence = "没有找到这个窗口。"


class DeviceUnknown(DomainError):
    """No such kind of device, or this window has none."""

    code = "device_unknown"
    sentence = "没有这种设备，或者本窗口没有装。请用键盘办理。"


class BridgeMissing(DomainError):
    """No program for devices is paired with this window."""

    code = "bridge_missing"
    sentence = "本窗口的设备程序还没有配对，或者已经解除。请用键盘办理。"
    status = 409


class PairingCodeWrong(DomainError):
    """Wrong, used or too old: the answer is the same."""

    code = "pairing_code_wrong"
    sentence = "配对码不对，或者已经过期、用过。请在大厅管理里重新生成一个。"
    status = 403


class DeviceAnswerWrong(DomainError):
    """Not signed by this window's program, another device's, or not what was asked for."""

    code = "device_answer_wrong"
    sentence = "设备的回答不可信，没有采用。请重新读一次，或者用键盘输入。"


class DeviceAnswerStale(DomainError):
    """What was asked is too long ago, or its answer was used before."""

    code = "device_answer_stale"
    sentence = "设备的这次回答已经用过，或者来得太晚，没有采用。请重新读一次，或者用键盘输入。"
    status = 409


class CardUnreadable(DomainError):
    """What was read can't be on a document: a check digit, a name, a day that is wrong."""

    code = "card_unreadable"
    sentence = "读出的{what}不对，没有采用。请看原件，用键盘输入。"


class CardDiffers(DomainError):
    """The clerk changed what the reader had read: then it is typed, and says so."""

    code = "card_differs"
    sentence = "号码和读出的证件不一致。以原件为准：要么重新读，要么用键盘输入后再点一次。"


# By courier


class CourierUnavailable(DomainError):
    """None is named, or it does not answer."""

    code = "courier_unavailable"
    sentence = "现在不能寄递：没有接快递，或者快递公司没有回答。请通知申请人到窗口领取。"
    status = 503


class CourierUnknown(NotFound):
    code = "courier_not_found"
    sentence = "没有接这家快递。"


class CourierSignatureWrong(DomainError):
    code = "courier_signature_wrong"
    sentence = "快递通知的签名不对。"
    status = 403


class CourierTellingStale(DomainError):
    code = "courier_telling_stale"
    sentence = "快递通知太旧或者时间不对，请重新签名再发。"
    status = 403


class CourierTellingUnreadable(DomainError):
    code = "courier_telling_unreadable"
    sentence = "快递通知读不出来。"


class ParcelUnknown(NotFound):
    """Also for one of a case that is not this person's."""

    code = "parcel_not_found"
    sentence = to_citizens("没有找到这件寄递。")


class ParcelUnderWay(DomainError):
    code = "parcel_under_way"
    sentence = "这件结果正在寄递，不能再寄一次，也不能撤销到件；快递员还没有取走的，可以先取消寄递。"
    status = 409


class ParcelElsewhere(DomainError):
    code = "parcel_elsewhere"
    sentence = "这件结果不能放进这个包裹：不是同一个一件事的结果，或者申请人要求寄到另一个地址。请单独寄。"
    status = 409


class ParcelMovedOn(DomainError):
    code = "parcel_moved_on"
    sentence = "快递员已经取走，或者寄递已经结束，现在不能取消。请刷新后查看。"
    status = 409


class AddressChanged(DomainError):
    """Between the clerk's look and her press."""

    code = "address_changed"
    sentence = "申请人刚改了怎样领取结果，还没有寄。请看清新的选择再寄。"
    status = 409


class AddressFixed(DomainError):
    """Not decided yet, served, or chosen otherwise."""

    code = "address_fixed"
    sentence = to_citizens("结果现在不能改寄到哪里：还没有作出决定，或者已经送达。")
    status = 409

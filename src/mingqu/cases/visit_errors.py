"""Refusals of a visit on the spot (现场核查). Each leaves visit and case as they were."""

from mingqu.cases.errors import CaseRefusal
from mingqu.kernel.errors import DomainError, to_citizens


class VisitNotForeseen(CaseRefusal):
    code = "visit_not_foreseen"
    sentence = "“{name}”不是现场核查环节，不能约定现场核查。"


class VisitNotRecorded(CaseRefusal):
    """A visit is closed by its record, never by a bare opinion (行政许可法 34)."""

    code = "visit_not_recorded"
    sentence = "“{name}”要先约定时间、两名以上人员到现场、填写现场核查记录，不能直接提交意见{law}。"


class VisitAlreadyPlanned(CaseRefusal):
    code = "visit_already_planned"
    sentence = "已经约好了现场核查的时间。要换时间，请用“改期”。"


class VisitGone(CaseRefusal):
    """Recorded, moved or cancelled meanwhile."""

    code = "visit_gone"
    sentence = "这次现场核查已由他人记录、改期或者取消，请刷新后查看。"


class NotAnOfficer(CaseRefusal):
    code = "not_an_officer"
    sentence = "只有约定到现场的工作人员才能填写这次的核查记录。人员有变的，请先改期换人。"
    status = 403


class TwoOfficersNeeded(DomainError):
    code = "two_officers_needed"
    sentence = "现场核查须由两名以上工作人员进行{law}，请选择两名不同的工作人员。"


class OfficerUnknown(DomainError):
    code = "officer_unknown"
    sentence = "选择的人员现在不在本部门任岗，请重新选择。"


class OutsideHours(DomainError):
    """A visit is on a working day in working hours, so that nobody is called out at night."""

    code = "visit_outside_hours"
    sentence = "现场核查要约在工作日8:00至18:00之间。您选的是{given}。"


class VisitInThePast(DomainError):
    code = "visit_in_the_past"
    sentence = "现场核查的时间要在现在以后。您选的是{given}。"


class VisitTooFar(DomainError):
    code = "visit_too_far"
    sentence = "现场核查要约在60天以内。您选的是{given}。"


class PlaceMissing(DomainError):
    code = "visit_place_missing"
    sentence = "请填写现场核查的地点。"


class NothingToMove(CaseRefusal):
    code = "new_date_not_possible"
    sentence = to_citizens("现在没有可以改期的现场核查；约定的时间已经过了的，请打电话联系工作人员。")


class WishGiven(CaseRefusal):
    code = "new_date_asked"
    sentence = to_citizens("您已经请求过改期，工作人员看到后会联系您或者另约时间。")


class WishesSpent(CaseRefusal):
    """Twice for one step: the clock of the case runs on meanwhile."""

    code = "new_date_asked_too_often"
    sentence = to_citizens("同一次核查最多请求改期两次。确有困难的，请打电话联系工作人员。")


class PointUnknown(DomainError):
    code = "visit_point_unknown"
    sentence = "核查表里没有这一条，请刷新后再填。"


class PointOpen(DomainError):
    code = "visit_point_open"
    sentence = "还有{count}条没有填写，例如：{text}。"


class NoteMissing(DomainError):
    code = "visit_note_missing"
    sentence = "请写明情况：{text}。"


class OverrideReasonMissing(DomainError):
    """A result against the critical points is possible, with its reason."""

    code = "visit_override_reason_missing"
    sentence = "关键项的结果是“{computed}”，您选的核查结果不同，请写明理由。"


class NothingToPutRight(DomainError):
    code = "visit_nothing_to_put_right"
    sentence = "各条都没有“不符合”的，不需要整改复查。请选“符合”，或者改正核查表。"


class AgainDayWrong(DomainError):
    code = "visit_again_day_wrong"
    sentence = "请填写整改期限，要在今天以后、60天以内。"


class BeganWrong(DomainError):
    code = "visit_began_wrong"
    sentence = "到达现场的时间要在约定的那天以后、现在以前。您填的是{given}。"


class VisitNotYet(CaseRefusal):
    """The record of a visit can't be finished before its day."""

    code = "visit_not_yet"
    sentence = "约定的时间是{day}，还没有到。提前去的，请先改期。"


class OfficersUnsigned(DomainError):
    code = "visit_officers_unsigned"
    sentence = "两名核查人员都要签名：还差{names}。"


class PartyUnsigned(DomainError):
    code = "visit_party_unsigned"
    sentence = "请填写在场的申请人一方姓名；不签字或者不在场的，请勾选并写明原因。"


class TooManyPhotos(DomainError):
    code = "visit_too_many_photos"
    sentence = "一次核查最多保存{most}张照片。"


class PhotoGone(CaseRefusal):
    code = "visit_photo_gone"
    sentence = "没有找到这张照片，可能已经撤下。"
    status = 404

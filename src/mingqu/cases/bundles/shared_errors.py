"""Refusals of a shared record of a joint visit (联合踏勘). Each leaves the record as it was."""

from mingqu.cases.bundles.errors import BundleRefusal
from mingqu.kernel.errors import DomainError


class JointVisitUnknown(DomainError):
    """No such joint visit of this bundle, or one nobody agreed on."""

    code = "joint_visit_not_found"
    sentence = "没有找到这次联合踏勘，可能已经改提了别的时间。"
    status = 404


class NotSharing(BundleRefusal):
    code = "joint_visit_not_sharing"
    sentence = (
        "只有约定参加这次联合踏勘的工作人员才能填写共同记录。人员有变的，请牵头窗口先减去、再重新加上本部门。"
    )
    status = 403


class RecordClosed(BundleRefusal):
    code = "joint_record_closed"
    sentence = "共同记录已经完成，不能再添、再撤、再签。写错了的，请用“更正”。"


class FindingWritten(BundleRefusal):
    """Two officers write the same thing at once: the first stands, the second sees what it says."""

    code = "shared_finding_written"
    sentence = "“{subject}”刚才已由{who}写进共同记录：{says}。有出入的，请在那一条上更正。"


class FindingChanged(BundleRefusal):
    code = "shared_finding_changed"
    sentence = "这一条刚才已由他人更正或者撤下，请看现在的共同记录。"


class FindingEmpty(DomainError):
    code = "shared_finding_empty"
    sentence = "请写明看到的情况，或者填写数值，或者拍一张照片。"


class SubjectMissing(DomainError):
    code = "shared_finding_subject_missing"
    sentence = "请写明看的是什么、量的是什么，例如：工地围挡高度。"


class UnitMissing(DomainError):
    code = "shared_finding_unit_missing"
    sentence = "填了数值的，请写明单位，例如：米。"


class TooManyFindings(BundleRefusal):
    code = "shared_findings_too_many"
    sentence = "一次联合踏勘最多记{most}条。"


class NothingFound(BundleRefusal):
    code = "shared_findings_none"
    sentence = "共同记录还是空的，请先写下看到的情况。"


class RecordUnsigned(BundleRefusal):
    """Who closes the record has signed what stands in it."""

    code = "joint_record_unsigned"
    sentence = "请先由本部门在现在的共同记录上签名，再完成。签名以后又有改动的，要再签一次。"


class AttendanceChanged(BundleRefusal):
    code = "joint_attendance_changed"
    sentence = "签名的部门刚才有变化，请再看一遍谁到场、谁没有到场。"


class VisitorKnown(BundleRefusal):
    code = "joint_visitor_known"
    sentence = "“{name}”已经在这次联合踏勘里，或者没有要到现场核查的环节。"


class VisitorSigned(BundleRefusal):
    code = "joint_visitor_signed"
    sentence = "“{name}”已经在共同记录上签名，不能再减去。"


class TooFewVisitors(BundleRefusal):
    code = "joint_visit_too_few"
    sentence = "至少要留两个部门一起去。都不去了的，请另提一个时间。"


class FindingNotShared(BundleRefusal):
    """What a record of a visit wants to rest on no longer stands in the shared record."""

    code = "shared_finding_gone"
    sentence = "您引用的共同记录刚才有更正，请刷新后重新勾选。"


class NothingToAdopt(BundleRefusal):
    code = "joint_record_not_adoptable"
    sentence = "没有到场的部门，在共同记录完成以后才能采用它；到过场的，请引用共同记录，写自己的核查结果。"

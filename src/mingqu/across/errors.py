"""Refusals of what one place receives for another. Nothing is kept of what was refused."""

from mingqu.kernel.errors import DomainError, NotFound


class AgreementUnknown(NotFound):
    """Absent, or of two other halls: the answer is the same."""

    code = "agreement_not_found"
    sentence = "没有找到这份通办协议，或者它与本岗位的大厅无关。"


class HallNotYours(DomainError):
    code = "hall_not_yours"
    sentence = "请选本岗位管的一个大厅。"
    status = 403


class SamePlace(DomainError):
    code = "agreement_same_place"
    sentence = "两个大厅在同一个区县，不用签通办协议。请选别的区县的大厅。"


class AgreementItems(DomainError):
    code = "agreement_items"
    sentence = "事项“{item}”不能写进这份协议：要是负责办理的一方正在办的事项。请照事项编码写。"


class OutsideArea(DomainError):
    """通办范围 of its definition."""

    code = "agreement_outside_area"
    sentence = "事项“{item}”的通办范围{area}，不能由这个大厅代收。先请负责办理的一方改办事指南里的通办范围。"


class AgreedAlready(DomainError):
    """The same halls, way, item and days: which of two would hold nobody could say."""

    code = "agreement_item_twice"
    sentence = (
        "事项“{item}”已经写在协议{number}里（同样的两个大厅、同样的方式，日期有重叠），不能再写一份。"
        "请先收回、退出那一份，或者改日期。"
    )
    status = 409


class AgreementDates(DomainError):
    code = "agreement_dates"
    sentence = "日期不对：结束不能早于开始，也不能是过去的日子。"


class AgreementNotNow(DomainError):
    """It went on meanwhile."""

    code = "agreement_not_now"
    sentence = "这份协议现在是“{state}”，不能这样做。"
    status = 409


class OwnProposal(DomainError):
    """The other side answers, and another person."""

    code = "agreement_own_proposal"
    sentence = "提出的一方不能自己确认，请对方大厅的人确认。"
    status = 403


class AgreementReason(DomainError):
    code = "agreement_reason"
    sentence = "请写明原因，最多{most}字。"


class ReceptionUnknown(NotFound):
    """Absent, or another hall's: the answer is the same."""

    code = "reception_not_found"
    sentence = "没有找到这件代收的申请，或者它不是本大厅收的。"


class NotOffered(DomainError):
    """No agreement that holds names it (any more)."""

    code = "not_agreed_to_receive"
    sentence = "现在没有有效的通办协议可以收这个事项。请告诉申请人到负责办理的大厅，或者在网上办理。"
    status = 409


class ReceptionNotNow(DomainError):
    """It went on meanwhile."""

    code = "reception_not_now"
    sentence = "这件代收的申请现在是“{state}”，不能这样做。"
    status = 409


class AnotherStands(DomainError):
    """The form of one person is never filled in while another stands at the window."""

    code = "reception_of_another"
    sentence = "窗口前核对过证件的不是这件申请的申请人。请先核对本人的证件。"
    status = 409


class GivenElsewhere(DomainError):
    """通办: the hall that received gives the result out; nothing is given out twice."""

    code = "given_out_elsewhere"
    sentence = (
        "这件由{hall}代收，结果由那个大厅发给申请人，这里不能再登记到件或者发出。"
        "那边发不了的，先在办件页写明原因，收回由我方发。"
    )
    status = 409


class GivenByHome(DomainError):
    """The home side took giving out back over."""

    code = "given_out_by_home"
    sentence = "负责办理的一方已经收回，改在{hall}发结果，这里不能再登记到件或者发出。"
    status = 409


class GivingNotNow(DomainError):
    code = "giving_not_now"
    sentence = "现在不能改由谁发结果：已经发出、申请人要求寄送，或者刚刚有人改过。请刷新页面再看。"
    status = 409

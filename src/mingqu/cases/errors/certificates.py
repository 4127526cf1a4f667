"""Refusals about the certificate an application acts on (变更, 延续, 补办, 注销)."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import to_citizens


class CertificateRefusal(CaseRefusal):
    """The certificate an application acts on (变更 延续 补办 注销) does not do."""


class CertificateNotChosen(CertificateRefusal):
    status = 400
    code = "certificate_not_chosen"
    sentence = to_citizens("请先选择要{handling}的证照。")


class CertificateNotYours(CertificateRefusal):
    """The same answer for a certificate that is unknown and one that is somebody else's."""

    code = "certificate_not_yours"
    sentence = to_citizens(
        "在申请人名下没有找到这个证照。请核对证照编号；纸质证照还没有录入的，请到窗口办理。"
    )


class CertificateOfAnotherKind(CertificateRefusal):
    code = "certificate_of_another_kind"
    sentence = to_citizens("您选的是“{given}”，这里{handling}的是“{wanted}”，请重新选择。")


class CertificateUnusable(CertificateRefusal):
    code = "certificate_unusable"
    sentence = to_citizens("编号{number}的证照现在的状态是“{state}”，不能{handling}。")


class RenewalTooEarly(CertificateRefusal):
    code = "renewal_too_early"
    sentence = to_citizens("编号{number}的证照有效期到{until}，从{opens}起可以申请延续，现在还早。")


class RenewalTooLate(CertificateRefusal):
    """行政许可法 50: a renewal is applied for before the end; what has ended is struck off (70(1))."""

    code = "renewal_too_late"
    sentence = to_citizens(
        "编号{number}的证照到{until}已经到期，不能再延续（行政许可法第五十条、第七十条），请重新申请新办。"
    )


class RenewalOver(RenewalTooLate):
    """The same of what is no licence: 行政许可法 says nothing of it."""

    code = "renewal_over"
    sentence = to_citizens("编号{number}的证照到{until}已经到期，不能再延续，请重新申请新办。")


class NothingToRenew(CertificateRefusal):
    code = "nothing_to_renew"
    sentence = to_citizens("编号{number}的证照长期有效，不用延续。")


class CertificateBusy(CertificateRefusal):
    code = "certificate_busy"
    sentence = to_citizens(
        "编号{number}的证照已有一件“{handling}”申请正在办理（办件编号{case}），办完以后才能再申请。"
    )

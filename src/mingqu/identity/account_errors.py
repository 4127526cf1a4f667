"""Refusals about the account as a whole: closing it, a copy of one's data, showing telephone or face once more."""

from mingqu.kernel.errors import DomainError, to_citizens


class FaceDiffers(DomainError):
    """The service of another owner says it was not her, or gave no ticket of ours."""

    code = "face_differs"
    sentence = to_citizens("人脸核验没有通过。光线好的地方再试一次，或者带身份证到窗口办理。")
    status = 403


class ClosingBarred(DomainError):
    code = "closing_barred"
    sentence = to_citizens("现在还不能注销：{what}")
    status = 409


class ClosingAsked(DomainError):
    code = "closing_asked"
    sentence = to_citizens("已经申请过注销，正在等期满。")
    status = 409


class ClosingOver(DomainError):
    code = "closing_over"
    sentence = to_citizens("没有等待的注销申请，可能已经撤回。")
    status = 409


class ProofOver(DomainError):
    """What asks for the telephone to be shown again, without a code that was just sent."""

    code = "proof_over"
    sentence = to_citizens("验证已经过期，请重新获取验证码。")
    status = 409


class CopyAsked(DomainError):
    code = "own_copy_asked"
    sentence = to_citizens("上一份还在准备，好了会发消息告诉您。")
    status = 409


class CopyGone(DomainError):
    code = "own_copy_gone"
    sentence = to_citizens("这份数据已经过期删除，或者还没有准备好。需要的话请重新申请。")
    status = 404


class OnTerminal(DomainError):
    """A public machine keeps nothing of anybody."""

    code = "not_on_terminal"
    sentence = to_citizens("自助机上不能下载个人数据，请用您自己的手机或者电脑。")
    status = 403

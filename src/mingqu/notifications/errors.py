from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class MessageNotFound(NotFound):
    """No such message, or somebody else's: the answer is the same."""

    code = "message_not_found"
    sentence = to_citizens("没有找到这条消息。")


class SmsUnavailable(DomainError):
    """No channel for text messages is set up; nothing was sent."""

    code = "sms_unavailable"
    sentence = to_citizens("短信暂时发不出去，请稍后再试，或者到窗口、打电话办理。")
    status = 503


class EmailUnavailable(DomainError):
    """No channel for e-mail is set up."""

    code = "email_unavailable"
    sentence = to_citizens("电子邮件暂时发不出去，请先用短信。")
    status = 503


class EmailUnreadable(DomainError):
    code = "email_unreadable"
    sentence = to_citizens("请填写完整的电子邮箱地址，例如name@example.cn。")


class EmailCodeWrong(DomainError):
    """Not the code that was sent, or it is older than ten minutes."""

    code = "email_code_wrong"
    sentence = to_citizens("验证码不对，或者已经过期。请核对收到的邮件，或者再发一次。")


class ServiceUnknown(NotFound):
    code = "notify_service_unknown"
    sentence = "没有找到这个接入的系统或者密钥。"


class ServiceNamed(DomainError):
    code = "notify_service_named"
    sentence = "请填写系统名称，不能和已经接入的同名。"


class TemplateWrong(DomainError):
    code = "notify_template_wrong"
    sentence = "请填写模板的名称和内容；邮件还要填写标题。"


class NotifyRefused(Exception):
    """A refusal in the shape that clients of GOV.UK Notify read; for programs, in English as theirs are."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error, self.message = status, error, message


class NotifyUnsigned(NotifyRefused):
    """Not signed with a key of ours that is in use."""

    def __init__(self, message: str) -> None:
        super().__init__(403, "AuthError", message)


class ServedAlready(DomainError):
    """A paper is served once; what was written is never changed."""

    code = "served_already"
    sentence = "这份文书已经登记过送达，不用再登记。"
    status = 409


class PaperNotOpen(DomainError):
    """Served meanwhile, closed already, or not on the list yet."""

    code = "paper_not_open"
    sentence = "这份文书不在等送达的清单上：已经登记过，或者还在生成。"
    status = 409


class ChannelUnknown(NotFound):
    """No channel of this name is in use here, or it tells nothing later."""

    code = "channel_unknown"
    sentence = "没有这个消息通道。"


class CallbackRefused(DomainError):
    """The signature of a report is not the provider's."""

    code = "callback_refused"
    sentence = "签名不对，没有登记。"
    status = 403


class CallbackUnreadable(DomainError):
    code = "callback_unreadable"
    sentence = "回执读不懂，没有登记。"


class WrongMessage(RuntimeError):
    """A message of an unknown kind, or with parameters its template does not have: a programming error."""

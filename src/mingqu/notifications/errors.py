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


class WrongMessage(RuntimeError):
    """A message of an unknown kind, or with parameters its template does not have: a programming error."""

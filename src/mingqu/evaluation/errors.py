"""Refusals of a rating. Nothing is kept of what was refused."""

from mingqu.kernel.errors import DomainError, NotFound


class NotYetRateable(DomainError):
    code = "rating_too_early"
    sentence = "这件申请现在没有可以评价的服务。"
    status = 409


class ContactPassed(DomainError):
    """The page asked about the filing, and meanwhile there is an outcome."""

    code = "rating_contact_passed"
    sentence = "这件申请刚刚有了结果，请刷新后评价办理的结果。"
    status = 409


class OutsideScope(DomainError):
    """国办发〔2019〕51号: licences, payments, confirmations, awards, rulings, other powers, public services."""

    code = "rating_outside_scope"
    sentence = "这类事项不在好差评的范围内。有意见可以拨打12345。"
    status = 409


class AlreadyRated(DomainError):
    """一事一评, 一次一评: one rating of each service contact of a case, by whatever channel; it is never changed."""

    code = "already_rated"
    sentence = "这次服务已经评价过了。一次服务评价一次，评价不能修改。"
    status = 409


class ScreenEnded(DomainError):
    """The page a clerk opened for the applicant was used, or is too old, or not ours."""

    code = "rating_screen_ended"
    sentence = "这一页已经用过，或者放得太久了。请窗口人员重新打开。"
    status = 409


class RatingFromDesk(DomainError):
    """Who is signed in as staff may have printed the query code: it proves nothing about who rates."""

    code = "rating_from_desk"
    sentence = (
        "您是用工作人员账号登录的，不能凭查询码评价。请申请人用自己的手机、自助机，或者在您打开的评价页上评。"
    )
    status = 409


class LevelUnknown(DomainError):
    code = "rating_level_unknown"
    sentence = "请从非常满意、满意、基本满意、不满意、非常不满意里选一个。"


class ReasonUnknown(DomainError):
    code = "rating_reason_unknown"
    sentence = "没有这个选项，请刷新页面后重新选择。"


class TextTooLong(DomainError):
    code = "rating_text_too_long"
    sentence = "最多写{most}个字，您写了{length}个字。"


class FollowUpUnknown(NotFound):
    """Also for one outside the post's scope."""

    code = "follow_up_unknown"
    sentence = "没有这一条差评，或者不在您的范围内。"


class FollowUpMoved(DomainError):
    """Somebody was first, or it is not its turn."""

    code = "follow_up_moved"
    sentence = "这一条差评现在不在这一步，可能已经由别人办了。请刷新后再看。"
    status = 409


class FollowUpConcernsYou(DomainError):
    """谁办的不能由谁核实: who had a hand in the case neither verifies, excludes, calls nor publishes."""

    code = "follow_up_concerns_you"
    sentence = "这件事您经手过，要由别人核实、回访和公开。"
    status = 409


class FollowUpWordsMissing(DomainError):
    code = "follow_up_words_missing"
    sentence = "请写明情况，最多{most}个字。"


class FollowUpWordsPersonal(DomainError):
    """Everybody reads it, also who knows the person: who rated stays hidden."""

    code = "follow_up_words_personal"
    sentence = "这段话向社会公开，里面有{passages}，请删去。"


class FollowUpChoiceUnknown(DomainError):
    code = "follow_up_choice_unknown"
    sentence = "没有这个选项，请刷新页面后重新选择。"


class ReviewOver(DomainError):
    """The days in which a review may be asked for are over; the last of them counts whole."""

    code = "review_over"
    sentence = "最晚{until}可以提出，现在已经过了。"
    status = 409


class ReviewOnce(DomainError):
    """Each side asks once."""

    code = "review_once"
    sentence = "这一条已经提出过，只能提出一次。"
    status = 409


class ReviewWaits(DomainError):
    """Neither published nor proposed to be left out while another person looks at it."""

    code = "review_waits"
    sentence = "这一条正在等复核，复核有了结果再办。"
    status = 409


class ReviewUnknown(NotFound):
    code = "review_unknown"
    sentence = "没有等着复核的这一条，可能已经由别人办了。"


class ReviewByAnother(DomainError):
    """谁核实的、谁申请的，不能由谁复核."""

    code = "review_by_another"
    sentence = "这一条是您核实的或者申请的，要由另一个人复核。"
    status = 409


class LimitsWrong(DomainError):
    code = "rating_limits_wrong"
    sentence = "{name}：请填{least}到{most}个工作日。"


class LimitsTooEarly(DomainError):
    """Nothing that has begun gets another day."""

    code = "rating_limits_too_early"
    sentence = "最早从明天起。已经开始的一步，最晚日不变。"


class RatingOver(DomainError):
    code = "rating_over"
    sentence = "最晚{until}可以评价，现在已经过了。有意见可以拨打12345。"
    status = 409

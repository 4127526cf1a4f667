"""Refusals on the way of a case: filed, corrected, accepted, reviewed, decided, delivered."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class CaseUnknown(DomainError):
    """No such case, a wrong query code, or not this person's: the answer is the same for all three."""

    code = "case_not_found"
    sentence = to_citizens("没有找到这件办件。请核对办件编号和查询码。")
    status = 404


class NotReceived(CaseRefusal):
    code = "case_not_received"
    sentence = "这件申请不在“待受理”状态，可能已由他人处理，请刷新后查看。"


class NotAwaitingCorrection(CaseRefusal):
    code = "case_not_awaiting_correction"
    sentence = to_citizens("这件申请现在不需要补正。")


class NotInReview(CaseRefusal):
    code = "case_not_in_review"
    sentence = "这件申请不在审查阶段，可能已由他人处理，请刷新后查看。"


class FlowNotMovable(CaseRefusal):
    """流程迁移: the case stays on its process; `why` is the first reason."""

    code = "flow_not_movable"
    sentence = "这件不能迁移到新流程：{why}"

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class NotDecided(CaseRefusal):
    code = "case_not_decided"
    sentence = "这件申请还没有作出决定。"


class DeliveryNotConsented(CaseRefusal):
    """民事诉讼法 90: electronically only with consent; and only the system knows that the papers arrived."""

    code = "delivery_not_consented"
    sentence = "申请人没有选择电子送达。请用窗口领取、上门、邮寄等方式送达。"


class DeliveryNotReachable(CaseRefusal):
    """
    民事诉讼法 90: by a way that lets receipt be confirmed. Who has no account can not open what is put into "我的办件".
    """

    code = "delivery_not_reachable"
    sentence = (
        "申请人没有能登录的账号，看不到“我的办件”，电子送达无法确认收悉。"
        "请用窗口领取、上门、邮寄等方式送达；注册账号并核验身份以后，申请人可以自己改成电子送达。"
    )


class ServiceIncomplete(DomainError):
    """What the way of service asks for (民事诉讼法 87, 88, 89, 91)."""

    code = "service_incomplete"
    sentence = "送达回证还缺：{what}。"


class NoticeUnknown(NotFound):
    """No notice of this case that is made and to be served."""

    code = "notice_unknown"
    sentence = "没有找到要送达的这份文书，可能还没有生成。"


class ServedDayWrong(DomainError):
    code = "served_day_wrong"
    sentence = "收到的日期不能早于作出决定的那一天，也不能晚于今天。"


class NotDelivered(CaseRefusal):
    code = "case_not_delivered"
    sentence = "结果送达以后才能归档。"


class AlreadyEnded(CaseRefusal):
    code = "case_already_ended"
    sentence = to_citizens("这件申请已经作出决定或者办结，不能再撤回。")


class TaskGone(CaseRefusal):
    code = "task_gone"
    sentence = "这个环节已由他人办理，请刷新后查看。"


class ReviewUnfinished(CaseRefusal):
    code = "review_unfinished"
    sentence = "还有环节没有办完，现在不能作出决定。"


class SituationStops(DomainError):
    """The answers lead to a stop: the service can't be had in this situation."""

    code = "situation_stops"
    sentence = to_citizens("按您的回答，这件事不能办理：{because}")


class SituationUnanswered(DomainError):
    code = "situation_unanswered"
    sentence = to_citizens("还有情形问题没有回答，请先回答“{question}”。")


class FormIncomplete(DomainError):
    """`problems`: (field path, sentence) pairs."""

    code = "form_incomplete"
    sentence = to_citizens("表单还有{count}处需要修改：{first}")

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__(field=problems[0][0], count=len(problems), first=problems[0][1])


class MaterialsMissing(DomainError):
    """`codes`: the materials that are still missing."""

    code = "materials_missing"
    sentence = to_citizens("还缺{count}份材料：{names}。")

    def __init__(self, codes: list[str], names: list[str]) -> None:
        self.codes = codes
        super().__init__(field=codes[0], count=len(codes), names="、".join(names))


class MaterialUnknown(DomainError):
    code = "material_unknown"
    sentence = to_citizens("这项申请不需要这份材料。")


class NothingHandedInBefore(DomainError):
    """No file of an earlier application may be used again here: none, another's, taken back, or too old."""

    code = "nothing_handed_in_before"
    sentence = to_citizens("这份材料没有可以直接用的旧文件，请上传。")
    status = 409


class NothingAsked(DomainError):
    code = "correction_empty"
    sentence = "请至少选一份材料，并写明要补正什么。"


class AnswersMissing(DomainError):
    """What was asked for in the form is not typed and kept yet. `paths`: where."""

    code = "answers_missing"
    sentence = to_citizens("申请表里还有{count}处没有改好：{names}。改好以后要先点“保存改好的内容”。")

    def __init__(self, paths: list[str], names: list[str]) -> None:
        self.paths = paths
        super().__init__(field=paths[0], count=len(paths), names="、".join(names))


class FieldUnknown(DomainError):
    code = "correction_field_unknown"
    sentence = "申请表里没有您选的这一项，请刷新后再选。"


class FormOfBundle(CaseRefusal):
    code = "correction_form_of_bundle"
    sentence = "“一件事”的申请表由几个部门共用，请在“一件事”的补正里改，改一次各事项都跟着改。"


class CorrectionAskedBefore(CaseRefusal):
    """行政许可法 32(4): everything is told at one time; afterwards only what was asked and is not yet met."""

    code = "correction_asked_before"
    sentence = "补正内容应当一次告知{law}。“{name}”上次没有要求补正，现在不能再提。"


class AskedTooLate(CaseRefusal):
    """行政许可法 32(4): not told within five working days is accepted from the day the materials came."""

    code = "correction_too_late"
    sentence = "收到材料已满五个工作日没有告知，自收到材料之日起即为受理{law}，不能再要求补正。"


class GroundUnknown(DomainError):
    """Only the grounds of 行政许可法 32 and 78 keep an application out."""

    code = "non_acceptance_ground_unknown"
    sentence = "请选择属于哪一种不受理的情形{law}。"


class OrganMissing(DomainError):
    """行政许可法 32(2): who is not competent says who is."""

    code = "competent_organ_missing"
    sentence = "请写明应当向哪个行政机关申请{law}。"


class NotOnTheSpot(CaseRefusal):
    code = "not_on_the_spot"
    sentence = "这个事项不是即办件，不能当场办结，请先受理。"


class ReviewNeeded(CaseRefusal):
    """The answers of this case lead through a step, so that it can't be decided while the applicant waits."""

    code = "review_needed"
    sentence = "按这件申请的情形，要先办“{step}”，不能当场办结，请先受理。"


class SuspendedNow(CaseRefusal):
    """行政许可法 45: the special procedure is not over."""

    code = "case_suspended"
    sentence = "这件申请正在{ground}，属于特别程序{law}，请先登记特别程序结束。"


class NotSuspended(CaseRefusal):
    code = "case_not_suspended"
    sentence = "这件申请没有进入特别程序，不用恢复计时。"


class GroundNotListed(DomainError):
    """行政许可法 45 names eight procedures; the definition says which of them this service may need."""

    code = "special_procedure_not_listed"
    sentence = (
        "这个事项的定义里没有这项特别程序，所需时间照常计入办理期限{law}。"
        "现场核查、整改、内部征求意见都不是特别程序。"
    )


class ExpectedDayMissing(DomainError):
    """行政许可法 45: the time needed is told in writing."""

    code = "expected_day_missing"
    sentence = "请填写特别程序预计结束的日期，不早于今天。所需时间要书面告知申请人{law}。"


class PauseTooLate(CaseRefusal):
    """No time is left that could be not counted."""

    code = "pause_after_deadline"
    sentence = "法定办理期限已经届满，不能再用特别程序扣除时间{law}。"


class SamePerson(CaseRefusal):
    """承办 and 审核 or 批准 of one case are two persons', whatever posts they hold."""

    code = "same_person"
    sentence = "您本人办理了这件申请的“{did}”，“{name}”须由另一名工作人员办理。"


class SignedAlready(CaseRefusal):
    """One person signs a step once, whatever posts she holds."""

    code = "signed_already"
    sentence = "“{name}”您本人已经签署过了，这一份须由另一名工作人员签署。"


class PostUnfit(DomainError):
    """A step goes only to a post that may do it."""

    code = "post_unfit"
    sentence = "这个岗位不能办理这个环节，请另选岗位。"


class OnlyPassedOn(CaseRefusal):
    """A decision and a visit are one post's own: they are passed on whole, not lent and not signed together."""

    code = "only_passed_on"
    sentence = "“{name}”由一个岗位办理，只能转办，不能委派、加签。"


class NotYoursToTakeBack(DomainError):
    code = "not_yours_to_take_back"
    sentence = "只能撤回您本人办理的环节。"
    status = 403


class NotTerminable(CaseRefusal):
    code = "case_not_terminable"
    sentence = "这件申请已经作出决定或者办结，不能终止办理。"


class GapOpen(CaseRefusal):
    """What was to follow after acceptance has not come: nothing is granted on it (行政许可法 38)."""

    code = "gap_open"
    sentence = "还有容缺待补的材料没有补齐（{names}），现在不能准予。"


class ReasonMissing(DomainError):
    code = "reason_missing"
    sentence = "请写明理由。"


class FindingMissing(DomainError):
    code = "finding_missing"
    sentence = "请选择“符合”或者“不符合”。"


class OutcomeMissing(DomainError):
    code = "outcome_missing"
    sentence = "请选择“准予”或者“不予”。"


class AmongReviewers(CaseRefusal):
    """Two officers are required (行政许可法 34); the same person can't be both."""

    code = "second_officer_missing"
    sentence = "“{name}”须由两名以上工作人员办理{law}，请填写另一名工作人员。"


class TooManyFiles(DomainError):
    code = "too_many_files"
    sentence = to_citizens("一份材料最多上传{most}个文件。多页的可以先合成一个PDF。")


class NotYourTask(DomainError):
    code = "not_your_task"
    sentence = "这个环节由“{post}”办理，您现在的岗位不能办理。"
    status = 403


class ApplicantNotSeen(DomainError):
    """A clerk files only for who stands there: the identity document was seen (AAL2)."""

    code = "applicant_not_seen"
    sentence = "请先核对申请人的身份证件原件，再代为提交。"
    status = 403


class LevelNeeded(DomainError):
    """The service wants the applicant known by her document (AAL2); the sentence says how to get there."""

    code = "level_needed"
    sentence = to_citizens("这件事要求实名认证。请照身份证填三项完成认证，或者带身份证到窗口办理。")
    status = 403


class FaceNeeded(DomainError):
    """The service wants AAL3; a face service is connected. Asked when all else is ready, with the reason in words."""

    code = "face_needed"
    sentence = to_citizens(
        "这件事关系重大，提交以前要确认是您本人在办：请做一次人脸核验，或者带身份证到窗口办理。"
    )
    status = 403


class LevelAtWindow(DomainError):
    """AAL3 without a face service, and AAL4 (an electronic licence), can't be proved here online."""

    code = "level_at_window"
    sentence = to_citizens("这件事要求更高等级的身份核验，这里还不能在网上核验。请带证件到窗口办理。")
    status = 403


class IdentityNeeded(DomainError):
    """Filing needs a name and number; the person has not told them yet."""

    code = "identity_needed"
    sentence = to_citizens("提交前请先填写您的姓名和公民身份号码。")


class RevealOver(CaseRefusal):
    """What was shown once is not shown again without asking again."""

    code = "reveal_over"
    sentence = "个人信息显示已超过10分钟。如还需要，请重新点“显示”。"


class DeliveryNotChosen(DomainError):
    code = "delivery_not_chosen"
    sentence = to_citizens("请选择怎样领取决定和证照。")


class AddressIncomplete(DomainError):
    code = "address_incomplete"
    sentence = to_citizens("请填写{what}。")


class DeliveryFixed(CaseRefusal):
    """Once decided the papers are on their way."""

    code = "delivery_fixed"
    sentence = to_citizens("这件申请已经作出决定或者办结，不能再改送达方式。")


class PartyNotYours(DomainError):
    """The same answer for a firm that is unknown and one the person does not represent."""

    code = "party_not_yours"
    sentence = to_citizens(
        "没有查到由您担任法定代表人（负责人）、统一社会信用代码为这个号码的单位。"
        "请核对后再试；由别人代办的，请到窗口办理。"
    )

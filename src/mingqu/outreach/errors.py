"""Refusals of outreach. Nothing is kept of what was refused."""

from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class PointUnknown(NotFound):
    code = "point_not_found"
    sentence = "没有找到这个便民服务点。"


class PointCodeTaken(DomainError):
    code = "point_code_taken"
    sentence = "这个代码已经有便民服务点用了，请换一个。"


class PointRegion(DomainError):
    """Not a street, town, village or community within the acting post's reach."""

    code = "point_region"
    sentence = "请填本岗位范围内的街道、乡镇、村或者社区的区划代码（12位）。"


class PostServesElsewhere(DomainError):
    code = "post_serves_elsewhere"
    sentence = "这个岗位已经在“{point}”，请先从那里移走。"


class NoPoint(DomainError):
    """The acting post serves no point that is open."""

    code = "no_point"
    sentence = "您的岗位还没有分到便民服务点，或者服务点已经停办。请找大厅管理人员设置。"
    status = 403


class DelegationWrong(DomainError):
    code = "delegation_wrong"
    sentence = "没有事项“{item}”，或者它现在不能申请。请照事项编码写。"


class DelegationDates(DomainError):
    code = "delegation_dates"
    sentence = "结束日期不能早于开始日期。"


class NotDelegated(DomainError):
    code = "not_delegated"
    sentence = "这个事项没有委托给本服务点，或者委托已经到期。请到政务服务中心窗口办理。"
    status = 403


class ErrandUnknown(NotFound):
    """Absent, another agent's or another person's: the answer is the same."""

    code = "errand_not_found"
    sentence = to_citizens("没有找到这件代办。请核对编号。")


class ErrandNotNow(DomainError):
    """It went on, or was ended, meanwhile."""

    code = "errand_not_now"
    sentence = to_citizens("这件代办现在是“{state}”，不能再做这一步。请刷新后查看。")
    status = 409


class NoOwnTelephone(DomainError):
    """A code goes only to a telephone the person has proved to be hers, never to one the agent names."""

    code = "no_own_telephone"
    sentence = "本人没有用手机号码登录过，不能发同意码。请打印委托书，签名后拍照上传。"


class ConsentCodeWrong(DomainError):
    code = "consent_code_wrong"
    sentence = "同意码不对，或者过了{minutes}分钟。请请本人再看一次短信，或者重新发送。"


class ConsentMissing(DomainError):
    """Nothing is handed in for a person who has not agreed."""

    code = "consent_missing"
    sentence = "本人还没有同意，或者已经撤回同意，不能提交。"
    status = 409


class OwnPaper(DomainError):
    """Two persons: who took the paper does not look at it."""

    code = "own_consent_paper"
    sentence = "委托书要由另一个人复核。"
    status = 403


class ReasonNeeded(DomainError):
    code = "outreach_reason_needed"
    sentence = "请写明原因，最多{most}个字。"


class ErrandAlready(DomainError):
    """What comes from a device is under way already: nothing is opened a second time."""

    code = "errand_already"
    sentence = "本人的这件事已经有一件代办（{number}），没有再开一件。请打开那一件接着办，这里的可以删除。"
    status = 409


class DraftOfAnother(DomainError):
    """What was taken in under this id is of another person or item: the draft was changed after it had been sent."""

    code = "draft_of_another"
    sentence = (
        "这一份改以前已经同步成代办{number}，人或者事不一样。请核对那一件；这里的按“改”再存一次，会另算一份。"
    )
    status = 409


class DeviceDraftUnreadable(DomainError):
    """Not what the page sends."""

    code = "device_draft_unreadable"
    sentence = "这一份草稿读不出来，没有收下。请打开它，重新存一次，再同步。"


class FixConsentMissing(DomainError):
    """A correction needs the person's consent anew, or the paper that says so."""

    code = "fix_consent_missing"
    sentence = "补正要本人另外同意：发补正同意码，请本人念给您。签名的委托书写明包括补正的，不用再同意。"
    status = 409


class DelegationRows(DomainError):
    """A table of delegated items has rows that can't be taken; none is."""

    code = "delegation_rows"
    sentence = "有{rows}行要改正，一行都没有导入。照下面写的改好，再上传。"


class VisitUnknown(NotFound):
    code = "home_visit_not_found"
    sentence = to_citizens("没有找到这次上门服务。请核对编号。")


class VisitDay(DomainError):
    """Not a working day, or not within the time one may ask for."""

    code = "home_visit_day"
    sentence = to_citizens("请选{first}到{last}之间的工作日。")


class VisitNotNow(DomainError):
    code = "home_visit_not_now"
    sentence = to_citizens("这次上门服务现在是“{state}”，不能再做这一步。请刷新后查看。")
    status = 409


class VisitToCome(DomainError):
    code = "home_visit_to_come"
    sentence = "约好的是{day}，还没有到，不能登记办成了。提前去的，先改约到去的那天。"
    status = 409


class VisitTooMany(DomainError):
    code = "home_visit_too_many"
    sentence = to_citizens("您已经约了{most}次上门服务，办完一次再约。急事请打电话。")
    status = 429


class VisitNobody(DomainError):
    code = "home_visit_nobody"
    sentence = "这个岗位不能上门，请另选。"


class SignatureNeeded(DomainError):
    """Nobody gives originals away without a slip that both can show."""

    code = "collect_signature_needed"
    sentence = "请本人在框里签名，或者在打印的清单上签名以后勾选“已在纸上签名”。"

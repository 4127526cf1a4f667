"""Refusals of identity. The code is stable; the sentence is what a person reads."""

from mingqu.kernel.errors import DomainError, to_citizens


class NotAuthorised(DomainError):
    code = "not_authorised"
    sentence = "您当前的岗位不能办理这件事。如需办理，请联系本单位的安全管理员。"
    status = 403


class DeputyOfNobody(DomainError):
    """AB岗: one stands in for who has the post herself, on every day of it."""

    code = "deputy_of_nobody"
    sentence = "这个账号在这段时间里没有担任这个岗位，不能由别人代理。"


class DeputySpanOpen(DomainError):
    code = "deputy_span_open"
    sentence = "代理要写明到哪一天止。"


class Recused(NotAuthorised):
    """公务员法 76: who has to stand aside has no hand in the case, whatever posts he holds."""

    code = "recused"
    sentence = "您在这件申请上回避，不能办理。由同岗位的其他人办，或者由负责人另外指定。"


class NotSignedIn(DomainError):
    code = "not_signed_in"
    sentence = to_citizens("请先登录。")
    status = 401


class StaffAccount(DomainError):
    code = "staff_account"
    sentence = to_citizens("这是个人办事的页面。工作人员账号不能打开，请退出后用本人手机号码登录。")
    status = 403


class CodesUnavailable(DomainError):
    code = "codes_unavailable"
    sentence = to_citizens("短信验证码暂时不能发送。您可以到服务大厅窗口办理，或拨打服务电话。")
    status = 503


class TooManyAttempts(DomainError):
    code = "too_many_attempts"
    sentence = to_citizens("操作太频繁，请过{minutes}分钟再试。")
    status = 429


class TooManyRequests(DomainError):
    """Whole pages, not guesses: whoever reads with a program is asked to come back."""

    code = "too_many_requests"
    sentence = to_citizens(
        "从您的网络来的访问太多，请过{minutes}分钟再来。急着办事请打服务电话，或者到大厅窗口。"
    )
    status = 429


class PhoneTaken(DomainError):
    code = "phone_taken"
    sentence = to_citizens("这个手机号码已用于另一个账号。请用它登录，或换一个号码。")
    status = 409


class WrongUsername(DomainError):
    code = "wrong_username"
    sentence = "账号名称用3到32个小写字母、数字、点、横线或下划线，以字母开头。"


class UsernameTaken(DomainError):
    code = "username_taken"
    sentence = "这个账号名称已被使用。"
    status = 409


class WeakPassword(DomainError):
    code = "weak_password"
    sentence = "密码至少10个字符，含大写字母、小写字母、数字、符号中的三种，不含账号名称，也不能是常见密码。"


class WrongPassword(DomainError):
    code = "wrong_password"
    sentence = "原密码不正确。"


class SamePassword(DomainError):
    code = "same_password"
    sentence = "新密码不能与原密码相同。"


class WrongDocument(DomainError):
    code = "wrong_document"
    sentence = to_citizens("证件种类或号码不正确，请核对。")


class NameMissing(DomainError):
    code = "name_missing"
    sentence = to_citizens("请填写姓名或名称。")


class NumberTaken(DomainError):
    code = "number_taken"
    sentence = to_citizens("这个号码已登记在另一个主体名下，请核对；如确有重复，请到窗口办理。")
    status = 409


class FirmBound(DomainError):
    """A firm has one code for life; a wrong one is put right by two people together, not by typing another."""

    code = "firm_bound"
    sentence = (
        "这个主体已经登记了另一个统一社会信用代码，不能改写。确实登记错了的，请由两名工作人员核对后更正。"
    )
    status = 409


class IdentityVerified(DomainError):
    code = "identity_verified"
    sentence = to_citizens("您的身份已经核验，姓名和号码不能在网上修改。如有变化，请带证件到窗口办理。")
    status = 409


class NameDiffers(DomainError):
    """The document is registered under another name: a typing error, or a name that was changed."""

    code = "name_differs"
    sentence = to_citizens("这个证件号码登记的姓名与您填写的不同。请对照证件核对姓名和号码。")
    status = 409


class UnknownRole(DomainError):
    code = "unknown_role"
    sentence = "没有这个角色。"


class UnknownAccount(DomainError):
    code = "unknown_account"
    sentence = "没有这个账号。"
    status = 404


class UnknownPost(DomainError):
    code = "unknown_post"
    sentence = "没有这个岗位。"
    status = 404


class UnknownDepartment(DomainError):
    code = "unknown_department"
    sentence = "没有这个部门。"
    status = 404


class CodeTaken(DomainError):
    code = "code_taken"
    sentence = "这个代码已被使用。"
    status = 409


class OfficersExclude(DomainError):
    code = "officers_exclude"
    sentence = "系统管理员、安全管理员、审计管理员不能由同一个人担任。"
    status = 409


class OwnPost(DomainError):
    code = "own_post"
    sentence = "不能给自己的岗位授权，请由另一名安全管理员办理。"
    status = 409


class AlreadyHolds(DomainError):
    code = "already_holds"
    sentence = "此人在这段时间已担任这个岗位。"
    status = 409


class WrongSpan(DomainError):
    code = "wrong_span"
    sentence = "结束日期不能早于开始日期。"


class DayPassed(DomainError):
    """Nobody gets or loses a post for days that are over: what was done then was done with the rights of then."""

    code = "day_passed"
    sentence = "这一天已经过去了，最早填今天（{today}）。"


class SecondFactorExists(DomainError):
    code = "second_factor_exists"
    sentence = "已经设置过动态口令。如更换手机，请联系系统管理员重置。"
    status = 409


class WrongCode(DomainError):
    code = "wrong_code"
    sentence = "验证码不正确或已过期，请核对后重新输入。"


class UnknownRegion(DomainError):
    code = "unknown_region"
    sentence = "没有这个区划代码，或者它已经不再使用。"
    status = 404


class RegionMarked(DomainError):
    code = "region_marked"
    sentence = "{name}{state}培训区域，不用再改。"
    status = 409


class RegionInUse(DomainError):
    code = "region_in_use"
    sentence = (
        "{name}不能改：{why}。培训区域和正式区域之间，只有还没有办过件、发过证的才能改；"
        "改为正式区域，还要先停办没有确认的事项。"
    )
    status = 409


class RealNameNeeded(DomainError):
    """AAL2 is asked for: name and number checked against a source, or the document seen at a window."""

    code = "real_name_needed"
    sentence = to_citizens("请先完成实名认证，再办这件事。也可以带身份证到窗口核验。")
    status = 403


class FactsDiffer(DomainError):
    """The source does not say which fact differs: it would answer guesses one by one."""

    code = "facts_differ"
    sentence = to_citizens("填写的信息和登记的不一致。请对照身份证正反面核对后再填，还可以试{left}次。")


class SourceUnavailable(DomainError):
    code = "source_unavailable"
    sentence = to_citizens(
        "现在连不上核验信息的系统，没有核验成，也没有用掉您的次数。请过一会儿再试，或者到窗口核验。"
    )
    status = 503


class ConsentMissing(DomainError):
    """Personal Information Protection Law 29: consent of its own for sensitive personal information."""

    code = "consent_missing"
    sentence = to_citizens("核验要用到您的证件信息，请先勾选同意。不同意也可以到窗口办理。")


class HasAccount(DomainError):
    code = "has_account"
    sentence = to_citizens(
        "这个身份已经在另一个账号上实名认证。请用那个手机号码登录；手机号码不用了的，带身份证到窗口办理。"
    )
    status = 409


class NotRepresentative(DomainError):
    """The same for a firm the register does not have and for another's representative."""

    code = "not_representative"
    sentence = to_citizens(
        "登记信息里，您不是这个代码对应单位的法定代表人（负责人）。刚变更登记的，请过几天再试，或者到窗口办理。"
    )
    status = 403


class CapacityUnknown(DomainError):
    code = "capacity_unknown"
    sentence = to_citizens("没有找到这份授权。")
    status = 404


class CapacityOver(DomainError):
    """Asked in the transaction of each deed: an authority ended a moment ago carries nothing any more."""

    code = "capacity_over"
    sentence = to_citizens("这份授权已经结束，或者不在授权的期限里，不能再替对方办事。")
    status = 403


class CapacityAnswered(DomainError):
    code = "capacity_answered"
    sentence = to_citizens("这份授权已经答复过或者已经结束。")
    status = 409


class NotToOneself(DomainError):
    code = "not_to_oneself"
    sentence = to_citizens("不用授权给自己。")


class WrongPeriod(DomainError):
    code = "wrong_period"
    sentence = to_citizens("授权的最后一天最早是今天，最晚是{latest}。")


class GivenOn(DomainError):
    """Civil Code 169: an agent gives on what she was given only where the principal agrees; here never."""

    code = "given_on"
    sentence = to_citizens("代办人不能再授权给别人。请由本人或者单位的法定代表人授权。")
    status = 403


class ActingForAnother(DomainError):
    """What only concerns a person herself is not opened to who acts for her."""

    code = "acting_for_another"
    sentence = to_citizens("您现在是替别人办事，这一页只给本人看。请先切换回本人。")
    status = 403


class SwitchFirst(DomainError):
    """A firm's matter is seen in the firm's name (decision 0015); only who may switch to it is told so."""

    code = "switch_first"
    sentence = to_citizens("这是以{name}的名义办的事。请先打开“以谁的名义办事”，切换到这家单位，再看。")
    status = 403


class OutsideAuthority(NotAuthorised):
    """Civil Code 171: what lies outside the authority binds nobody."""

    code = "outside_authority"
    sentence = to_citizens("这份授权不包括这个事项。请让对方另外授权，或者切换回本人办理。")
    status = 403


class OrgImportWrong(DomainError):
    code = "organisation_import_wrong"
    sentence = "这张表不能导入：{what}。什么都没有改。"


class OrgImportOutside(NotAuthorised):
    code = "organisation_import_outside"
    sentence = "第{line}行的部门、岗位或者授权范围不归您管，这张表要由管得到的安全管理员复核。什么都没有改。"


class OrgImportClosed(DomainError):
    code = "organisation_import_closed"
    sentence = "这次导入已经办过或者作废了。"
    status = 409


class OrgPlanChanged(DomainError):
    code = "organisation_plan_changed"
    sentence = "打开以后机构或者人员有了变化，要改的和您看到的不一样了。请看过新的再复核。"
    status = 409


class ScanOver(DomainError):
    """Answered, spent, older than two minutes, or none of ours: one answer for all."""

    code = "scan_over"
    sentence = to_citizens("这个二维码已经用过或者过期。请在电脑上换一个新的再扫。")
    status = 409


class WrongNumber(DomainError):
    """The picture was not on the screen in front of her, or she slipped; nobody gets a second guess."""

    code = "wrong_number"
    sentence = to_citizens(
        "选的数字和电脑上的不一样，这次登录已经取消。如果电脑不在您面前，可能有人想骗您登录；是您本人的，请换一个二维码再扫。"
    )
    status = 409


class RecoveryUnknown(DomainError):
    """No account whose holder's document was checked: one that only claims a number is nobody's to recover."""

    code = "recovery_unknown"
    sentence = (
        "用这个证件实名认证过的账号，没有找到。没有实名认证过的账号不能在窗口换号，请用新号码重新登录。"
    )
    status = 404


class RecoveryAsked(DomainError):
    code = "recovery_asked"
    sentence = "这个账号的换号已经登记，正在等另一个人复核。"
    status = 409


class RecoveryOver(DomainError):
    code = "recovery_over"
    sentence = "没有等待复核的这一件，可能已经由别人办了。"
    status = 409

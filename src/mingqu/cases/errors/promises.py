"""Refusals about what is promised or owed (告知承诺, 容缺) and its check afterwards."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import DomainError, to_citizens


class CommitmentUnsigned(DomainError):
    """A promise without a name under it or without the tick."""

    code = "commitment_unsigned"
    sentence = to_citizens("承诺还没有签好：请看完承诺的内容，勾选同意，并填写承诺人的姓名。")


class NothingToPromise(DomainError):
    """This material can't be promised: the definition asks for it in another way, or it is a key one (主件)."""

    code = "nothing_to_promise"
    sentence = to_citizens("“{name}”不能用承诺代替，请直接提交材料。")


class GapUnsigned(DomainError):
    """A material chosen to follow later without the promise of it (容缺承诺)."""

    code = "gap_unsigned"
    sentence = to_citizens("“{name}”选择了以后补交，还没有签署容缺承诺。请先签署，或者现在提交。")


class SignerDiffers(DomainError):
    """Who signs a promise is who applies: another's name binds nobody."""

    code = "signer_differs"
    sentence = to_citizens("“{name}”的承诺书上签的姓名和申请人的姓名不一致，请由申请人本人重新签署。")


class NothingOwed(CaseRefusal):
    code = "nothing_owed"
    sentence = to_citizens("这件申请现在没有要补交的容缺材料。")


class NothingBrought(DomainError):
    code = "nothing_brought"
    sentence = to_citizens("还没有上传文件。请先给要补交的材料上传文件，再交上来。")


class CheckDone(CaseRefusal):
    code = "check_done"
    sentence = "这项承诺已经核查过，结果不能再改。"


class CheckTextMissing(DomainError):
    code = "check_text_missing"
    sentence = "请写明怎样核查、查到什么。"


class CheckFindingMissing(DomainError):
    code = "check_finding_missing"
    sentence = "请选择“属实”或者“与承诺不符”。"


class CheckUnknown(DomainError):
    code = "check_not_found"
    sentence = "没有找到这项核查任务。"
    status = 404


class NotBrought(CaseRefusal):
    """Nothing may be brought to a case that is not under review any more (or not yet)."""

    code = "case_takes_no_owed"
    sentence = to_citizens("这件申请现在不能补交容缺材料。")

"""Refusals about 裁量: a value that is missing, a reason that is, and the second person."""

from mingqu.cases.errors.base import CaseRefusal
from mingqu.kernel.errors import DomainError, NotFound


class DiscretionMissing(DomainError):
    """A grant of an item with a 裁量基准 says what is set."""

    code = "discretion_missing"
    sentence = "请填写{name}（{unit}），要填不小于{least}的{kind}。"


class DiscretionUnexplained(DomainError):
    code = "discretion_unexplained"
    sentence = "超出裁量幅度的，请写明理由，至少{least}个字。"


class DiscretionWaits(CaseRefusal):
    code = "discretion_waits"
    sentence = "这件申请的决定超出裁量幅度，正在等第二个人复核，复核以前不能再作决定。"


class DiscretionUnknown(NotFound):
    code = "discretion_unknown"
    sentence = "没有找到等复核的裁量，可能已经由别人办了，或者办件已经结束。请刷新后查看。"


class DiscretionSecondPerson(CaseRefusal):
    """Who set the value is no second person, whatever other posts she holds."""

    code = "discretion_second_person"
    sentence = "裁量是您自己提出的，要由另一位工作人员复核；您可以收回，不能自己同意。"


class DiscretionOtherPost(CaseRefusal):
    code = "discretion_other_post"
    sentence = "这项裁量由“{post}”复核，请换到那个岗位，或者请那个岗位的人办。"


class DiscretionPostUnfit(CaseRefusal):
    code = "discretion_post_unfit"
    sentence = "这个岗位不能复核这件申请的裁量：没有权限，或者没有可以办的人。请另选一个。"


class DiscretionSubordinate(CaseRefusal):
    """Who is below does not agree to what the one above has set."""

    code = "discretion_subordinate"
    sentence = (
        "“{post}”的岗位层级低于提出裁量的“{first}”，下级不能复核上级的裁量，请由同级或者上级的岗位复核。"
    )


class DiscretionRowChanged(CaseRefusal):
    """What was typed in wrongly has been mended since it was asked for: another row applies now."""

    code = "discretion_row_changed"
    sentence = "提出以后，申请内容更正过，适用的裁量档次变了。请退回，由提出的人重新决定。"

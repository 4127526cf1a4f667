"""Why a change of many is refused as a whole; what one item refuses stands in its row."""

from mingqu.kernel.errors import DomainError


class BatchUnknown(DomainError):
    code = "batch_change_unknown"
    sentence = "没有找到这次批量修改，或者您无权查看。"
    status = 404


class BatchEmpty(DomainError):
    code = "batch_change_empty"
    sentence = "还没有选事项。请至少勾选一个。"


class BatchTooLarge(DomainError):
    code = "batch_change_too_large"
    sentence = "一次最多改{most}个事项，您选了{count}个。请分几次改。"


class BatchFieldUnknown(DomainError):
    code = "batch_change_field_unknown"
    sentence = "请选择要改的内容，并写上改成什么。"


class BatchBeforeNeeded(DomainError):
    code = "batch_change_before_needed"
    sentence = "“{what}”各处写的不一样，请写明原来的内容，只改和它一样的。"


class BatchState(DomainError):
    """Somebody acted first, or it is still at work."""

    code = "batch_change_state"
    sentence = "这次批量修改现在是“{state}”，不能这样办。请刷新看最新的情况。"
    status = 409


class BatchSamePerson(DomainError):
    code = "batch_change_same_person"
    sentence = "这次批量修改是您做的，要由另一个人审核发布。"
    status = 409

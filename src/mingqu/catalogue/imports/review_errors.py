from mingqu.kernel.errors import DomainError


class NothingChosen(DomainError):
    code = "review_nothing_chosen"
    sentence = "没有选中任何行，请先勾选，或者选“符合筛选条件的全部”。"


class RowsChanged(DomainError):
    """A stale click: what was chosen is not what there is."""

    code = "review_rows_changed"
    sentence = "您选的行里有{count}行在您打开页面以后变了，一行也没有动。请刷新页面再看一遍。"
    status = 409


class ChoiceChanged(DomainError):
    code = "review_choice_changed"
    sentence = (
        "符合筛选条件的原来是{shown}行，现在是{found}行，内容有变化，一行也没有动。请刷新页面再看一遍。"
    )
    status = 409


class DeedRunning(DomainError):
    code = "review_deed_running"
    sentence = "这一批还有一项办理没有做完，请等它完成再办下一项。"
    status = 409


class ImporterReviews(DomainError):
    """Whoever brought the rows in does not decide on them."""

    code = "review_by_importer"
    sentence = "这一批是您自己导入的，要由另一个人审核。"
    status = 409


class NotReady(DomainError):
    code = "review_batch_not_ready"
    sentence = "这一批现在是“{state}”，还不能审核。"
    status = 409


class WithoutReason(DomainError):
    code = "review_reason_needed"
    sentence = "请写明退回的理由，导入的人看得到。"


class NoValue(DomainError):
    code = "review_value_needed"
    sentence = "请选择要确认的内容：照建议确认，或者选一个事项类型、一个办理性质。"


class NothingToUndo(DomainError):
    code = "review_nothing_to_undo"
    sentence = "不能撤销：{why}。"
    status = 409


class NothingToPlan(DomainError):
    code = "review_nothing_to_plan"
    sentence = "没有可以定日子发布的行：{why}。"
    status = 409


class RowUnknown(DomainError):
    code = "review_row_unknown"
    sentence = "没有找到这一行，或者您无权查看。"
    status = 404

from mingqu.kernel.errors import DomainError, NotFound, to_citizens


class FormSchemaRefused(DomainError):
    """A form that can't be asked: unknown keyword, missing title, a question on no page ..."""

    code = "form_schema_wrong"
    sentence = "表单定义有误（{path}）：{why}"


class DraftNotFound(NotFound):
    """No such draft, not yours, or expired: the answer is the same."""

    code = "draft_not_found"
    sentence = to_citizens(
        "没有找到这份草稿。它可能已超过保存期限，或者属于另一位用户，请登录后到“我的办件”查看。"
    )


class DraftChangedElsewhere(DomainError):
    """Another tab or device saved in between; nothing was overwritten."""

    code = "draft_changed_elsewhere"
    sentence = to_citizens(
        "这份申请已在另一个页面或设备上改过，刚才填写的没有保存。请刷新页面，在最新内容上继续填写。"
    )
    status = 409


class DraftAlreadyFiled(DomainError):
    code = "draft_already_filed"
    sentence = to_citizens("这份申请已经提交，不能再修改草稿。请到“我的办件”查看进度。")
    status = 409


class DraftTooLarge(DomainError):
    code = "draft_too_large"
    sentence = to_citizens("填写的内容太多，无法保存。请删去一部分，或把长篇内容作为材料上传。")

"""The form below the file that is looked at: fine, or what is wrong, of the whole file or of one page."""

from typing import Any

from django import forms

from mingqu.cases.types import Mark
from mingqu.workbench.case_types import Preview
from mingqu.workbench.forms import ActForm


class MarkForm(ActForm):
    """A mark on a file (页码 0: 整份)."""

    file = forms.UUIDField(widget=forms.HiddenInput)
    page = forms.IntegerField(label="哪一页", min_value=0, max_value=999, initial=0)
    fine = forms.ChoiceField(
        label="看过的结果",
        choices=[("1", "没有问题"), ("0", "有问题")],
        error_messages={"required": "请选择“没有问题”或者“有问题”。"},
    )
    text = forms.CharField(
        label="有什么问题",
        required=False,
        max_length=200,
        error_messages={"max_length": "最多写200字，您写了%(show_value)s字。"},
    )

    def __init__(self, data: Any = None, *, preview: Preview | None = None, **kwargs: Any) -> None:
        initial = (
            {"file": preview.file.id, "page": preview.at.page if preview.file.pages > 1 else 0}
            if preview
            else {}
        )
        super().__init__(data, initial=initial, auto_id="mark_%s", **kwargs)

    @property
    def mark(self) -> Mark:
        given = self.cleaned_data
        return Mark(given["file"], given["page"], given["fine"] == "1", given["text"])

    @property
    def first_error(self) -> str:
        return next((str(e) for errors in self.errors.values() for e in errors), "请核对标注。")

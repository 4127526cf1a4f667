"""What editors and reviewers of definitions fill in; each carries the key of its deed."""

from typing import Any
from uuid import UUID

from django import forms

from mingqu.catalogue.files import MAX_BYTES
from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.ui.forms import ZhDateField

STALE_PAGE = "这一页放得太久了。请刷新后再提交一次，您填的内容还在。"


class DeedForm(forms.Form):
    """Nothing to fill in. `version`: the draft as the page showed it."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": STALE_PAGE, "invalid": STALE_PAGE}
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, initial={"key": new_id(), **kwargs.pop("initial", {})}, **kwargs)

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found

    def tell(self, refused: DomainError) -> int:
        """Put a refusal beside the field it belongs to; the HTTP status of the page."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.message)
        return refused.status


class TextForm(DeedForm):
    """A definition as a file or as pasted text; the file counts where both are given."""

    file = forms.FileField(
        label="定义文件",
        required=False,
        help_text="YAML或者JSON文件，UTF-8编码，不超过5MB。",
        widget=forms.FileInput({"accept": ".yaml,.yml,.json"}),
    )
    text = forms.CharField(
        label="或者把内容粘贴在这里",
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 18, "spellcheck": "false", "class": "mq-code"}),
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        file = given.get("file")
        if file is not None and file.size > MAX_BYTES:
            self.add_error("file", "文件超过5MB，请核对是不是事项定义。")
        elif not file and not str(given.get("text") or "").strip():
            self.add_error("file", "请选择定义文件，或者把内容粘贴在下面。")
        return given

    @property
    def content(self) -> bytes | str:
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else str(self.cleaned_data["text"])


class ReviewForm(DeedForm):
    comment = forms.CharField(
        label="审核意见",
        required=False,
        max_length=1000,
        help_text="退回时一定要写，编辑人员看得到。",
        widget=forms.Textarea({"rows": 3}),
    )


class ReasonForm(DeedForm):
    reason = forms.CharField(label="理由", max_length=300, required=False, widget=forms.Textarea({"rows": 3}))


class PublishForm(DeedForm):
    when = forms.ChoiceField(
        label="什么时候发布",
        choices=[("today", "今天发布"), ("day", "到指定的日期自动发布")],
        initial="today",
        widget=forms.RadioSelect,
    )
    on = ZhDateField(label="发布日期", required=False, help_text="选“到指定的日期”时填写。")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("when") == "day" and not given.get("on") and "on" not in self.errors:
            self.add_error("on", "请填写发布日期，例如2026年12月1日。")
        return given

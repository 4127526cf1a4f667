"""What the keeper of the library fills in."""

from typing import Any
from uuid import UUID

from django import forms

from mingqu.kernel.errors import DomainError
from mingqu.kernel.ids import new_id
from mingqu.law.types import Change
from mingqu.ui.forms import ZhDateField, tell

STALE_PAGE = "这一页放得太久了。请刷新后再提交一次，您填的内容还在。"
KINDS = (
    ("repealed", "废止（失效）"),
    ("restored", "更正：登记的废止不对，仍然有效"),
    ("new_version", "有了新版本（修订、修正），条文以后再入库"),
    ("in_force", "补记施行日期"),
)


class ChangeForm(forms.Form):
    """What became of a law, from when, and on what paper."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": STALE_PAGE, "invalid": STALE_PAGE}
    )
    kind = forms.ChoiceField(
        label="登记什么",
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择登记什么。"},
    )
    on = ZhDateField(label="从哪天起", help_text="失效的第一天，或者施行的第一天。")
    decided_on = ZhDateField(
        label="新版本通过或者公布的日期",
        required=False,
        help_text="登记新版本时填写；其他情况不填，指最新的一版。",
    )
    paper = forms.CharField(
        label="根据什么文件",
        max_length=200,
        help_text="文号，或者在哪里公布的。例如：国务院令第797号。",
        error_messages={"required": "请写明根据什么文件。"},
    )
    reason = forms.CharField(
        label="说明",
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请说明情况，一两句话即可。"},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": new_id()})

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found

    @property
    def change(self) -> Change:
        given = self.cleaned_data
        return Change(given["kind"], given["on"], given["reason"], given["paper"], given["decided_on"])

    def tell(self, refused: DomainError) -> int:
        self.add_error(None, refused.message)
        return refused.status


class DecideForm(forms.Form):
    """The second officer's word about what the first recorded."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"required": STALE_PAGE, "invalid": STALE_PAGE}
    )
    deed = forms.ChoiceField(
        choices=(("confirm", "确认"), ("decline", "不确认")), error_messages={"required": STALE_PAGE}
    )
    reason = forms.CharField(label="不确认或者撤下的原因", max_length=300, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": new_id()})

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found

    def tell(self, refused: DomainError) -> int:
        return tell(self, refused)

    def again(self) -> "DecideForm":
        """The same with a key of its own: the refused one is used up."""
        self.data = {**self.data.dict(), "key": str(new_id())}  # type: ignore[attr-defined]
        return self

"""What the sides of an agreement write."""

from typing import Any

from django import forms

from mingqu.across import rules
from mingqu.across.models import Agreement
from mingqu.across.types import ItemLine, NewAgreement
from mingqu.kernel.ids import new_id
from mingqu.ui.forms import Option, ZhDateField

WAYS = [
    ("online", Option("全程网办", "哪里的人都在网上申请，由属地办理")),
    ("collect", Option("异地代收代办", "一方的大厅收件、核对身份和材料，另一方受理、决定")),
    ("joint", Option("多地联办", "一件申请，两地的部门一起办")),
]


class KeyForm(forms.Form):
    """`key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": new_id(), **kwargs.get("initial", {})}
        super().__init__(data, *args, **kwargs)


class ProposeForm(KeyForm):
    """Between which halls, who receives for whom, which items, since when."""

    own = forms.ChoiceField(label="我方大厅")
    other = forms.ChoiceField(label="对方大厅", help_text="只列别的区县的大厅。")
    receives = forms.ChoiceField(
        label="谁替谁收",
        choices=[
            ("own", Option("我方收，对方办", "写对方的事项")),
            ("other", Option("对方收，我方办", "写我方的事项")),
        ],
        widget=forms.RadioSelect,
    )
    way = forms.ChoiceField(label="通办方式", choices=WAYS, widget=forms.RadioSelect)
    find = forms.CharField(
        label="找事项",
        required=False,
        max_length=60,
        help_text="名称、俗称或者拼音首字母。只列通办范围超出本区县的事项。",
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    items = forms.MultipleChoiceField(
        label="写进协议的事项",
        help_text="要是负责办理的一方正在办的事项。",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请先找到事项，再勾选。", "invalid_choice": "请重新找事项。"},
    )
    from_on = ZhDateField(label="从哪天起")
    until_on = ZhDateField(label="到哪天止", required=False, help_text="不填：一直有效。")
    terms = forms.CharField(
        label="约定",
        required=False,
        max_length=rules.WORDS_LIMIT,
        help_text="例如：材料多久寄一次，费用谁出，有事打哪个电话。",
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(
        self, *args: Any, own: list[Any], other: list[Any], items: list[ItemLine], **kwargs: Any
    ) -> None:
        """`items`: what may be ticked."""
        super().__init__(*args, **kwargs)
        lines = [(one.code, Option(one.name, one.organ)) for one in items]
        self.fields["items"].choices = lines  # type: ignore[attr-defined]
        for name, halls in (("own", own), ("other", other)):
            self.fields[name].choices = [(one.code, one.name) for one in halls]  # type: ignore[attr-defined]

    def draft(self) -> NewAgreement:
        given = self.cleaned_data
        return NewAgreement(
            own=given["own"],
            other=given["other"],
            receives=given["receives"] == "own",
            way=Agreement.Way(given["way"]).value,
            items=tuple(dict.fromkeys(given["items"])),
            from_on=given["from_on"],
            until_on=given["until_on"],
            terms=given["terms"],
        )


def _reason(label: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=rules.WORDS_LIMIT,
        widget=forms.Textarea({"rows": 3}),
    )


class AnswerForm(KeyForm):
    agreed = forms.ChoiceField(
        label="我方的答复",
        choices=[("yes", "确认"), ("no", Option("不同意", "写明原因，对方可以改了再提"))],
        widget=forms.RadioSelect,
    )
    reason = _reason("不同意的原因", required=False)


class TakeBackForm(KeyForm):
    reason = _reason("收回的原因")


class WithdrawForm(KeyForm):
    ends_on = ZhDateField(label="从哪天起不再收", help_text="最早今天。以前收的照常办完。")
    reason = _reason("退出的原因")

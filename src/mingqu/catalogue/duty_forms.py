"""What is filled in about duties (责任事项)."""

from typing import Any

from django import forms

from mingqu.catalogue.forms import DeedForm
from mingqu.identity import selectors as identity
from mingqu.ui.forms import ZhDateField

HOW_OFTEN = (("0", "只一次"), ("1", "每月"), ("3", "每季度"), ("6", "每半年"), ("12", "每年"))
REQUIRED = "请填写{label}。"


def _text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, error_messages={"required": f"请填写{label}。"}, **more)


class DutyForm(DeedForm):
    organ = forms.ChoiceField(label="哪个机关", error_messages={"required": "请选择机关。"})
    name = _text("要做什么", max_length=200, help_text="例如：公布上一年度食品安全监督检查情况。")
    law = _text("依据的法规", max_length=120, help_text="法规库里的名称，例如：中华人民共和国食品安全法。")
    article = forms.IntegerField(
        label="第几条",
        min_value=1,
        max_value=2000,
        error_messages={"required": "请填写第几条。", "invalid": "请只填数字，例如35。"},
    )
    entry = forms.CharField(
        label="权责清单的事项编码", required=False, max_length=64, help_text="不属于哪一条的，不填。"
    )
    due_on = ZhDateField(label="（第一次）最晚哪一天做完")
    every_months = forms.ChoiceField(label="以后多久一次", choices=HOW_OFTEN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["organ"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "请选择"), *((one.code, one.name) for one in identity.open_departments())]


class DoneForm(DeedForm):
    text = _text("做了什么", max_length=300, widget=forms.Textarea({"rows": 3}))


class EndDutyForm(DeedForm):
    reason = _text("为什么终止", max_length=200)

"""What a person says could not be done, what the owner answers, and whether that helped."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingqu.assist import rules
from mingqu.ui.forms import DayField

CODE = {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}

NEEDED = _("没有登录的，请填办件编号和查询码，就在收件凭证上面；没有办件编号的，请登录，或者到窗口说。")


class StuckForm(forms.Form):
    """`key` makes a second click harmless. Who has not signed in proves the case by its query code."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.CharField(
        label=_("办件编号"),
        max_length=40,
        error_messages={"required": NEEDED},
        widget=forms.TextInput(CODE),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        error_messages={"required": NEEDED},
        widget=forms.TextInput(CODE),
    )
    text = forms.CharField(
        label=_("什么事没办成"),
        help_text=_("到哪里办、卡在哪一步、怎么说的、希望怎么办。请不要写证件号码和银行卡号。"),
        widget=forms.Textarea({"rows": 6, "maxlength": rules.TEXT_LIMIT}),
    )
    contact = forms.CharField(
        label=_("联系电话"),
        help_text=_("选填，答复的人可能会打这个电话。"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "class": "govuk-input--width-20"}),
    )

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["number"], self.fields["code"], self.fields["contact"]


class CounterForm(forms.Form):
    """The same, written down by a clerk for who stands there or telephones."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.CharField(
        label="办件编号",
        help_text="没有办件的空着，由兜底窗口负责。",
        max_length=40,
        required=False,
        widget=forms.TextInput(CODE),
    )
    author = forms.CharField(label="反映人姓名", max_length=60, required=False)
    contact = forms.CharField(label="联系电话", max_length=40, required=False)
    text = forms.CharField(
        label="什么事没办成",
        widget=forms.Textarea({"rows": 6, "maxlength": rules.TEXT_LIMIT}),
    )


class LookForm(forms.Form):
    number = forms.CharField(label=_("反映编号"), max_length=40, widget=forms.TextInput(CODE))
    code = forms.CharField(label=_("反映查询码"), max_length=20, widget=forms.TextInput(CODE))


class AnswerForm(forms.Form):
    """`may_go_on`: whether it may still be said that it goes on, which is said once in a round."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="办成了吗", widget=forms.RadioSelect)
    until_on = DayField(
        label="哪一天以前办出结果",
        help_text="只有仍在办理中的填。到这一天还没有再答复，算逾期，自动告诉上级。",
        required=False,
    )
    text = forms.CharField(
        label="答复",
        help_text="查到了什么、卡在哪里、怎么处理、还能怎么办。答复后不能修改。",
        widget=forms.Textarea({"rows": 8, "maxlength": rules.TEXT_LIMIT}),
    )

    def __init__(self, *args: Any, may_go_on: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = [("yes", "已经办成，或者已经解决"), ("no", "依法不能办，或者还要别的条件")]
        if may_go_on:
            said.append(("going", "仍在办理中：答复里写明在办什么、由谁办"))
        else:
            del self.fields["until_on"]
        self.fields["outcome"].choices = said  # type: ignore[attr-defined]


class SayForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    satisfied = forms.ChoiceField(
        label=_("这样解决了吗？"),
        choices=[("yes", _("解决了")), ("no", _("没有解决"))],
        widget=forms.RadioSelect,
    )

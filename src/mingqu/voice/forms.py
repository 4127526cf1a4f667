"""What a person says, what the organ answers, and whether that settled it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingqu.ui.forms import Option
from mingqu.voice import rules, selectors
from mingqu.voice.models import Ticket


class OrgansInChinese(forms.Select):
    """Names of organs are Chinese, whatever the page."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = "zh-Hans"
        return option


class TicketForm(forms.Form):
    """`key` makes a second click harmless. The organ is asked for only where case or service don't say it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("您要说的是"), widget=forms.RadioSelect)
    organ = forms.ChoiceField(label=_("请哪个机关答复"), widget=OrgansInChinese)
    text = forms.CharField(
        label=_("请说说是什么事"),
        help_text=_("什么时候、在哪里、发生了什么、希望怎么办。请不要写证件号码和银行卡号。"),
        widget=forms.Textarea({"rows": 6, "maxlength": rules.TEXT_LIMIT}),
    )

    def __init__(self, *args: Any, ask_organ: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        hints = {
            "complaint": _("对办理、态度、收费、超期有意见。由没有经手这件事的人答复。"),
            "consultation": _("想问清楚怎么办、到哪一步。"),
            "suggestion": _("怎样可以办得更好。"),
        }
        kind.choices = [(code, Option(str(label), str(hints[code]))) for code, label in Ticket.Kind.choices]
        if not ask_organ:
            del self.fields["organ"]
            return
        organ: Any = self.fields["organ"]
        organ.choices = [("", _("请选择")), *((str(one.id), one.name) for one in selectors.organs())]


class AnswerForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="答复",
        help_text="查到了什么、怎么处理、依据哪一条、不满意还可以找谁。答复后不能修改。",
        widget=forms.Textarea({"rows": 8, "maxlength": rules.TEXT_LIMIT}),
    )


class PassForm(forms.Form):
    """Of the key of the page; the organ that has it is not among those offered."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    organ = forms.ChoiceField(label="转给哪个机关")
    reason = forms.CharField(
        label="为什么该由对方答复",
        help_text="写明对方的职责和依据，对方和本人都看得到。最晚答复日不变。",
        max_length=rules.REASON_LIMIT,
        widget=forms.Textarea({"rows": 3, "maxlength": rules.REASON_LIMIT}),
    )

    def __init__(self, *args: Any, now_at: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organ: Any = self.fields["organ"]
        others = [(str(one.id), one.name) for one in selectors.organs() if one.name != now_at]
        organ.choices = [("", "请选择"), *others]


class SettleForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    settled = forms.ChoiceField(
        label=_("这件事解决了吗？"),
        choices=[("yes", _("解决了")), ("no", _("没有解决"))],
        widget=forms.RadioSelect,
    )

"""What people say when they let another act for them, or answer."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingqu.identity.types import Authority
from mingqu.kernel.codelists import code_list
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.portal.selectors.acting import codes_named
from mingqu.ui.forms import Option

ALL, KINDS, ITEMS = "all", "kinds", "items"
MOST_ITEMS = 50
PERIODS = {
    "relative": (("7", _("7天")), ("30", _("30天")), ("90", _("90天")), ("365", _("一年"))),
    "handler": (("30", _("30天")), ("180", _("半年")), ("365", _("一年")), ("1095", _("三年"))),
}
APPLIED_FOR = ("01", "05", "07", "08", "09", "10", "20")  # 处罚 强制 征收 检查 are never applied for


def kinds_of_items() -> list[tuple[str, str]]:
    known = code_list("item_type")
    return [(code, known.require(code, field="kinds").name) for code in APPLIED_FOR]


class KeyForm(forms.Form):
    """A deed without anything to say."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class AnswerForm(KeyForm):
    """Accept or not."""

    accept = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput)


class FirmForm(KeyForm):
    """The firm whose representative somebody is."""

    credit_code = forms.CharField(
        label=_("统一社会信用代码"),
        help_text=_("18位，在营业执照或者登记证书上。"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )


class AuthorityForm(KeyForm):
    """Whom, for which matters, for how long (民法典 165)."""

    name = forms.CharField(label=_("代办人的姓名"), max_length=100, help_text=_("和身份证上的一样。"))
    phone = forms.CharField(
        label=_("代办人的手机号码"),
        max_length=24,
        help_text=_("对方用这个号码登录后，才看得到这份授权，接受以后才生效。"),
        widget=forms.TextInput({"type": "tel", "autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    scope = forms.ChoiceField(
        label=_("可以办哪些事"),
        choices=[
            (ALL, _("所有能申请的事")),
            (KINDS, _("只限几类事")),
            (ITEMS, Option(_("只限写明的事"), _("把事项名称或者编码写在下面"))),
        ],
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label=_("哪几类"), required=False, choices=kinds_of_items, widget=forms.CheckboxSelectMultiple
    )
    items = forms.CharField(
        label=_("哪几件事"),
        required=False,
        max_length=4000,
        help_text=_("一行一个，写办事指南上的名称或者编码。"),
        widget=forms.Textarea({"rows": 4}),
    )
    days = forms.ChoiceField(label=_("多长时间"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["days"].choices = PERIODS[kind]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == KINDS and not data.get("kinds"):
            self.add_error("kinds", _("请至少选一类。"))
        if data.get("scope") == ITEMS:
            self._named_items(data)
        return data

    def _named_items(self, data: dict[str, Any]) -> None:
        lines = list(dict.fromkeys(" ".join(line.split()) for line in data.get("items", "").splitlines()))
        wanted = [line for line in lines if line]
        if not wanted or len(wanted) > MOST_ITEMS:
            self.add_error("items", _("请写1到%(most)d件事，一行一个。") % {"most": MOST_ITEMS})
            return
        found = codes_named(wanted)
        if unknown := [line for line in wanted if line not in found]:
            words = _("没有找到“%(name)s”，请照办事指南上的名称或者编码写。") % {"name": unknown[0]}
            self.add_error("items", ValidationError(words, code="item_unknown"))
            return
        data["codes"] = tuple(sorted({found[line] for line in wanted}))

    def authority(self, at: Instant) -> Authority:
        given = self.cleaned_data
        return Authority(
            given["name"],
            given["phone"],
            legal_day(at) + timedelta(days=int(given["days"])),
            items=given.get("codes", ()) if given["scope"] == ITEMS else (),
            item_types=tuple(given["kinds"]) if given["scope"] == KINDS else (),
        )

"""What a person ticks who lets an application in, and what an operator fills in to register one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingqu.identity.admin_forms import DeedForm
from mingqu.kernel.ids import new_id
from mingqu.ui.forms import Option

# What each scope lets an application know, as people read it; the first needs no tick: it is the signing in.
SCOPE_WORDS = {
    "openid": _("知道您是不是同一个人（一个只给这个应用的编号，不是公民身份号码）"),
    "profile": _("您的姓（例如“张*”）和认证等级"),
    "phone": _("您的手机号码"),
    "offline_access": _("您不在的时候也能读取以上内容，最长30天，您随时可以收回"),
}
STAFF_WORDS = {
    "openid": Option("识别是不是同一个人", "每个应用得到的编号不同；必选。"),
    "profile": Option("姓和认证等级", "姓名只给“张*”，不给全名，不给公民身份号码。"),
    "phone": Option("手机号码", "本人另外勾选同意才给。"),
    "offline_access": Option("本人不在时读取", "最长30天，本人可以随时收回。"),
}


class ConsentForm(forms.Form):
    """What the application asked for, each but `openid` with a box of its own; the telephone is not ticked before."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, asked: Sequence[str], data: Any = None) -> None:
        super().__init__(data, initial={"key": new_id()})
        self.optional = [one for one in SCOPE_WORDS if one in asked and one != "openid"]
        if self.optional:
            self.fields["scopes"] = forms.MultipleChoiceField(
                label=_("您愿意让它知道什么"),
                help_text=_("不勾的不给，也能登录。"),
                required=False,
                choices=[(one, SCOPE_WORDS[one]) for one in self.optional],
                widget=forms.CheckboxSelectMultiple,
                initial=[one for one in self.optional if one == "profile"],
            )

    @property
    def chosen(self) -> tuple[str, ...]:
        return ("openid", *self.cleaned_data.get("scopes", ()))


class AppForm(DeedForm):
    """Addresses and scopes of an application."""

    addresses = forms.CharField(
        label="返回地址",
        max_length=3000,
        help_text="本人同意以后回到应用的地址，一行一个，最多10个；以https://开头，一个字也不能差。退出登录后返回的地址也写在这里。",
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="可以请求什么", choices=list(STAFF_WORDS.items()), widget=forms.CheckboxSelectMultiple
    )

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.cleaned_data["addresses"].splitlines() if line.strip())

    @property
    def scope_words(self) -> str:
        return "、".join(str(STAFF_WORDS[one]) for one in self.cleaned_data["scopes"])


class NewAppForm(AppForm):
    """A new one."""

    name = forms.CharField(
        label="应用名称",
        max_length=60,
        help_text="本人在同意的页面上看到的名称。",
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    operator = forms.CharField(
        label="运营单位",
        max_length=120,
        help_text="单位全称，本人同意以前看得到。",
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
    )
    kind = forms.ChoiceField(
        label="应用的种类",
        choices=[
            ("server", Option("有自己的服务器", "能保管密钥；给一个密钥，只显示一次。")),
            (
                "device",
                Option(
                    "只在手机或者浏览器里运行", "保管不了密钥；不给密钥，每次登录用一次性的校验码（PKCE）。"
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ["name", "operator", "kind", "addresses", "scopes"]

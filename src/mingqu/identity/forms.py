"""What people type to sign in and about themselves."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingqu.kernel.errors import DomainError
from mingqu.kernel.identifiers import Phone


def _digits(autocomplete: str, **attrs: Any) -> forms.TextInput:
    return forms.TextInput({"inputmode": "numeric", "autocomplete": autocomplete, **attrs})


class PhoneForm(forms.Form):
    """A mobile number, in any way of writing it."""

    phone = forms.CharField(
        label=_("手机号码"),
        max_length=24,
        widget=forms.TextInput(
            {"type": "tel", "autocomplete": "tel-national", "class": "govuk-input--width-20"}
        ),
    )

    def clean_phone(self) -> str:
        try:
            return str(Phone.parse(self.cleaned_data["phone"], demo=settings.MINGQU_DEMO))
        except DomainError as refused:
            raise ValidationError(refused.message, code=refused.code) from refused


class CodeForm(forms.Form):
    """The code that came by text message."""

    code = forms.CharField(
        label=_("短信里的6位验证码"),
        max_length=12,
        widget=_digits("one-time-code", **{"class": "govuk-input--width-5"}),
    )


SECRET = {"data-mq-secret": ""}  # no browser keeps it, not even while the page is changed (ui/js/page.js)


class IdentityForm(forms.Form):
    """Name and citizen number, told by the person."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "name", "class": "govuk-input--width-20"}),
    )
    citizen_number = forms.CharField(
        label=_("公民身份号码"),
        max_length=30,
        help_text=_("18位，最后一位是X的也可以填。只用来办您自己的事，填好后页面上只显示头尾几位。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"} | SECRET
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


LONG = "long"


class RealNameForm(IdentityForm):
    """Three facts of the identity card, and consent of its own to their use (个人信息保护法 29)."""

    valid_until = forms.CharField(
        label=_("身份证有效期的最后一天"),
        help_text=_("在身份证有国徽的一面。例如2038年9月1日，写20380901；写着长期的，填“长期”。"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-10"} | SECRET),
    )
    consent = forms.BooleanField(
        label=_("我同意为核验身份，把姓名、公民身份号码和证件有效期发给人口信息系统核对"),
        error_messages={"required": _("核验要用到您的证件信息，请先勾选同意。不同意也可以到窗口办理。")},
    )
    field_order = ("name", "citizen_number", "valid_until", "consent", "key")

    def clean_valid_until(self) -> str:
        text = "".join(self.cleaned_data["valid_until"].split())
        if text in (LONG, "长期"):
            return LONG
        digits = "".join(sign for sign in text if sign.isdigit())
        try:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
        except ValueError as wrong:
            words = _("请写8位数字的日期，例如20380901，或者写“长期”。")
            raise ValidationError(words, code="wrong_day") from wrong


class KeyForm(forms.Form):
    """Nothing to fill in; the key makes a second press the same deed."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class UnderstoodForm(forms.Form):
    """Before the account is closed."""

    understood = forms.BooleanField(
        label=_("我看明白了哪些会删、哪些依法保留，要注销这个账号"),
        error_messages={"required": _("请先看一遍上面的说明，再勾选。")},
    )


class RecoverOnlineForm(PhoneForm, RealNameForm):
    """Facts of the card, the number of something of one's own, the new telephone; consent of its own."""

    own_number = forms.CharField(
        label=_("您自己一件申请的办件编号，或者一本证照的编号"),
        help_text=_("在收件凭证、短信或者证照上。都找不到的，带身份证到窗口换号。"),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )
    key = None  # type: ignore[assignment]  # its page makes one when the code is right
    field_order = ("name", "citizen_number", "valid_until", "own_number", "phone", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].label = _("以后用来登录的新手机号码")


class FaceForm(forms.Form):
    """Consent of its own to what is most one's own (个人信息保护法 28, 29)."""

    consent = forms.BooleanField(
        label=_("我同意为这次核验，由核验服务采集和比对我的人脸"),
        error_messages={"required": _("核验要用到您的人脸，请先勾选同意。不同意也可以到窗口办理。")},
    )


class StaffSignInForm(forms.Form):
    """Name and password of a member of staff."""

    username = forms.CharField(
        label="账号",
        max_length=64,
        widget=forms.TextInput(
            {"autocomplete": "username", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )
    password = forms.CharField(
        label="密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "class": "govuk-input--width-20"}),
    )


class SecondFactorForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label="动态口令",
        help_text="打开手机上的动态口令应用，输入现在显示的6位数字。手机不在身边时，输入一个8位的恢复码。",
        max_length=16,
        widget=_digits("one-time-code", **{"class": "govuk-input--width-5"}),
    )


class TotpForm(forms.Form):
    """The first code, which proves that the secret arrived in the app."""

    code = forms.CharField(
        label="应用里显示的6位数字",
        max_length=16,
        widget=_digits("one-time-code", **{"class": "govuk-input--width-5"}),
    )


class CredentialField(forms.JSONField):
    """JSON of a browser's making; nested without end it is wrong like any other that can't be read."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except RecursionError as deep:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from deep


class PasskeyForm(forms.Form):
    """What the browser answers for a passkey, put into the field by passkey.js."""

    credential = CredentialField(widget=forms.HiddenInput)


class PasswordForm(forms.Form):
    """One's own password, changed."""

    old = forms.CharField(
        label="原密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "class": "govuk-input--width-20"}),
    )
    password = forms.CharField(
        label="新密码",
        help_text="至少10个字符，含大写字母、小写字母、数字、符号中的三种。",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password", "class": "govuk-input--width-20"}),
    )
    again = forms.CharField(
        label="再输一遍新密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password", "class": "govuk-input--width-20"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "两遍输入的新密码不一样，请重新输入。")
        return data

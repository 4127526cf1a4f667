"""What people type to sign in and about themselves."""

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
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


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

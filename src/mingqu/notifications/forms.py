"""How a person wants to be told."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

HOURS = [(f"{hour:02d}:00", f"{hour}:00") for hour in range(24)]


class KeyForm(forms.Form):
    """`key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class ChoicesForm(KeyForm):
    sms = forms.BooleanField(label=_("发短信到我的手机"), required=False)
    by_email = forms.BooleanField(
        label=_("发电子邮件"), required=False, help_text=_("同时选了短信的，先发短信，短信没有送到才发邮件。")
    )
    links = forms.BooleanField(
        label=_("短信和邮件里带上办件页面的链接"),
        required=False,
        help_text=_("不选的，我们发的短信和邮件里都没有链接。收到带链接的，就不是我们发的。"),
    )
    quiet_from = forms.ChoiceField(label=_("免打扰从几点起"), choices=HOURS)
    quiet_until = forms.ChoiceField(
        label=_("免打扰到几点"),
        choices=HOURS,
        help_text=_("这段时间里的消息到点再发。验证码、预约和叫号马上发。两个时间相同，就是不要免打扰。"),
    )

    def __init__(self, *args: Any, has_email: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_email:
            del self.fields["by_email"]

    def hour(self, name: str) -> time:
        return time.fromisoformat(self.cleaned_data[name])


class EmailForm(KeyForm):
    email = forms.CharField(
        label=_("电子邮箱"),
        max_length=120,
        widget=forms.TextInput({"type": "email", "autocomplete": "email", "spellcheck": "false"}),
        help_text=_("我们会发一封带验证码的信，填对了才会用这个邮箱。"),
    )


class EmailCodeForm(KeyForm):
    code = forms.CharField(
        label=_("邮件里的验证码"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class ServiceForm(KeyForm):
    name = forms.CharField(label="系统名称", max_length=80)
    department = forms.CharField(
        label="主管部门的代码", max_length=32, help_text="和“部门”页面上的代码一样。"
    )


class KeyNameForm(KeyForm):
    name = forms.RegexField(
        r"^[A-Za-z0-9_]{1,40}$",
        label="新密钥的名称",
        max_length=40,
        error_messages={"invalid": "只能用字母、数字和下划线。"},
        help_text="字母、数字和下划线，例如window2026。",
    )


class TemplateForm(KeyForm):
    template_id = forms.UUIDField(label="改哪个模板（模板编号）", required=False, help_text="新模板不填。")
    kind = forms.ChoiceField(label="发什么", choices=[("sms", "短信"), ("email", "电子邮件")])
    name = forms.CharField(label="模板名称", max_length=80)
    subject = forms.CharField(label="邮件标题", max_length=120, required=False, help_text="邮件才填。")
    body = forms.CharField(
        label="内容",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="要由对方填的，写成((名称))。短信前面会自动加上本站的签名。",
    )

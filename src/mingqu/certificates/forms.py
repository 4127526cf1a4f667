"""What a person types or gives to have a certificate checked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingqu.certificates import rules
from mingqu.ui.forms import ZhDateField

FILE_LIMIT_MB = 10


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("核验码"),
        max_length=60,
        help_text=_("16位，印在证照二维码下面，例如7K3M 92QX AB42 CD34。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
    )

    def clean_code(self) -> str:
        given = str(self.cleaned_data["code"])
        code = rules.typed_code(given)
        if not code:
            raise ValidationError(
                _(
                    "您填的“%(given)s”不是核验码。核验码有16位，由数字和大写字母组成，例如7K3M 92QX AB42 CD34。"
                ),
                params={"given": given},
                code="code_malformed",
            )
        return code


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("证照的PDF文件"),
        help_text=_("文件只用来核对，不保存。不超过10MB。"),
        widget=forms.FileInput({"accept": "application/pdf,.pdf"}),
    )

    def clean_file(self) -> bytes:
        given: Any = self.cleaned_data["file"]
        if given.size > FILE_LIMIT_MB * 1_000_000:
            raise ValidationError(_("文件超过10MB，不是本平台签发的证照。"), code="file_too_large")
        return bytes(given.read())


class TableForm(forms.Form):
    """A table of existing certificates; `key` makes a second press the same deed."""

    file = forms.FileField(
        label="表格文件",
        help_text="Excel工作簿（.xlsx）或者CSV，不超过8MB、20000行。只读第一张工作表。",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要上传的表格。", "empty": "这个文件是空的。"},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class ConfirmForm(forms.Form):
    """Somebody has looked at the sample."""

    looked = forms.BooleanField(
        label="我看过质量报告，并抽看了样本，内容和原来的登记一致",
        error_messages={"required": "请先抽看样本，再勾选。"},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class KeyForm(forms.Form):
    """A deed confirmed by a button alone."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class PutOffForm(KeyForm):
    """延期开工."""

    months = forms.IntegerField(
        label="延长几个月", min_value=1, error_messages={"required": "请填写延长几个月。"}
    )
    reason = forms.CharField(
        label="延期的理由",
        max_length=400,
        help_text="写明因什么不能按期开工；会写进证照的经过。",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请写明延期的理由。"},
    )


class BegunForm(KeyForm):
    """登记开工."""

    on = ZhDateField(label="哪一天开工")

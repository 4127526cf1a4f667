"""What a person gives to have a receipt of the ledger checked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LIMIT = 1024 * 1024  # bytes


class ReceiptForm(forms.Form):
    file = forms.FileField(
        label=_("存证文件"),
        help_text=_("在办理进度页面下载的文件，名字以.json结尾。只用来核验，不保存。不超过1MB。"),
        widget=forms.FileInput({"accept": "application/json,.json"}),
        error_messages={"empty": _("这个文件是空的。请重新下载存证文件再传。")},
    )

    def clean_file(self) -> bytes:
        given: Any = self.cleaned_data["file"]
        if given.size > LIMIT:
            raise ValidationError(_("文件超过1MB，不是本站的存证文件。"), code="receipt_too_large")
        return bytes(given.read(LIMIT + 1))

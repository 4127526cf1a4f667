"""What is typed and chosen on the pages of many applications at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingqu.cases.forms import DeliveryForm


class TablesForm(forms.Form):
    """A filled-in table and the zip with its files; `key` makes a second press the same deed."""

    file = forms.FileField(
        label=_("填好的表格"),
        help_text=_("Excel工作簿（.xlsx）或者CSV，不超过8MB、200行。只读第一张工作表。"),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        error_messages={"required": _("请选择填好的表格。"), "empty": _("这个文件是空的。")},
    )
    packed = forms.FileField(
        label=_("材料压缩包（没有材料的不用传）"),
        help_text=_("zip文件，不超过40MB。里面放PDF、JPG、PNG、HEIC，文件名和表格里写的一样。"),
        required=False,
        widget=forms.FileInput({"accept": ".zip"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)


class PressForm(DeliveryForm):
    """The last question: how the results come, and the declaration."""

    declared = forms.BooleanField(
        label=_(
            "我已核对，填写的内容和上传的材料都真实。提供虚假材料要承担法律责任（行政许可法第三十一条、第七十八条）。"
        ),
        error_messages={"required": _("请先勾选“我已核对”，再提交。")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, licence: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not licence:  # 行政许可法 says nothing of it
            self.fields["declared"].label = _(
                "我已核对，填写的内容和上传的材料都真实。提供虚假材料要承担法律责任（国务院令第716号第七条）。"
            )


class KeyForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)

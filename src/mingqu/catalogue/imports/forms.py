"""What a person gives to bring items in."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from mingqu.catalogue.imports.mapping import mappings
from mingqu.catalogue.imports.reading import FILE_BYTES


class ImportForm(forms.Form):
    """A file, how it is read, and for which region; `key` makes a second press the same deed."""

    file = forms.FileField(
        label="文件",
        help_text=f"Excel工作簿（.xlsx）、CSV、JSON或者JSON lines，不超过{FILE_BYTES // 1_000_000}MB，表格不超过8MB。",
        widget=forms.FileInput({"accept": ".xlsx,.csv,.json,.jsonl"}),
        error_messages={"required": "请选择要导入的文件。", "empty": "这个文件是空的。"},
    )
    mapping = forms.ChoiceField(
        label="映射",
        help_text="说明文件里的每一项对应事项的什么内容。自己的文件用别的列名，要先写一份映射。",
        error_messages={"required": "请选择映射。", "invalid_choice": "没有这个映射，请重新选择。"},
    )
    region = forms.CharField(
        label="行政区划代码",
        max_length=12,
        help_text="这些事项在哪里办，6到12位数字，例如990104。",
        widget=forms.TextInput(
            {"autocomplete": "off", "inputmode": "numeric", "class": "govuk-input--width-10 mq-code"}
        ),
        error_messages={"required": "请填写行政区划代码。"},
    )
    defaults = forms.BooleanField(
        label="用默认值补齐来源没有写的内容（只能用在培训区域）",
        required=False,
        help_text="缺的部门、岗位、申请表和环节按标准模板补上，每一处都标明“默认值，待确认”。",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: MultiValueDict[str, Any] | None = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        choices = [("", "请选择"), *((one.name, one.title) for one in mappings())]
        self.fields["mapping"].choices = choices  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)

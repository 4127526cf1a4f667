"""What is typed on the pages of the exchange."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mingqu.exchange import rules
from mingqu.exchange.connectors import registry
from mingqu.ui.forms import ZhDateField

LONGEST = 500
FILE_MB = 20


class ManyFiles(forms.FileInput):
    """Several at once; the view reads them one by one."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, **(attrs or {})})


class ManyFilesField(forms.FileField):
    """The view checks what each of them is."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(ManyFilesField, self).clean(one, initial) for one in data or []]


class KeyForm(forms.Form):
    """A deed without words; `key` makes a second press the same deed."""

    key = forms.UUIDField(widget=forms.HiddenInput)


def _number(label: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=64,
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20 mq-code"}),
        error_messages={"required": missing},
    )


class NumberForm(KeyForm):
    """The other system's number, typed twice."""

    number = _number("外部系统的编号", "请填写外部系统给的编号。")
    again = _number("再填一次，核对用", "请再填一次编号。")


class StateForm(KeyForm):
    """What the other system shows."""

    state = forms.ChoiceField(
        label="外部系统现在的状态",
        choices=list(rules.OUTSIDE_WORDS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择外部系统现在的状态。"},
    )
    on = ZhDateField(
        label="是哪一天的状态",
        help_text="外部系统上写的日期。",
        error_messages={"required": "请填写是哪一天的状态。"},
    )
    words = forms.CharField(
        label="对方的说明",
        required=False,
        max_length=1000,
        help_text="要求补正、不予办理的，照对方的原话写。",
        widget=forms.Textarea({"rows": 2}),
    )
    result_number = forms.CharField(
        label="结果的编号",
        required=False,
        max_length=60,
        help_text="已办结的填：证照、证明或者登记的编号。",
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20 mq-code"}),
    )


class WordsForm(KeyForm):
    """A reason, or what goes back to the other side."""

    words = forms.CharField(
        label="说明",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "请写明原因和怎样处理的。"},
    )

    def __init__(self, *args: Any, label: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        if label:
            self.fields["words"].label = label


class AnswerForm(KeyForm):
    """What was corrected, told at the window, with what was brought."""

    words = forms.CharField(
        label="补正了什么",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "请写明补正了什么。"},
    )
    files = ManyFilesField(
        label="补正的材料",
        help_text="照片或者PDF，最多10个，合起来不超过20MB。随补正一起送给对方。",
        required=False,
        widget=ManyFiles({"accept": ".pdf,.jpg,.jpeg,.png,.heic,image/*,application/pdf"}),
    )


class FileForm(KeyForm):
    """States of a system as a file."""

    system = forms.ChoiceField(label="哪个外部系统")
    file = forms.FileField(
        label="状态文件",
        help_text="Excel（.xlsx）、CSV，或者每行一条的JSON（.jsonl）。第一行是列名：流水号或者编号、状态、时间、说明、结果编号、名称、统一社会信用代码。",
        widget=forms.FileInput({"accept": ".xlsx,.csv,.jsonl,text/csv"}),
        error_messages={"required": "请选择状态文件。"},
    )

    def __init__(self, *args: Any, systems: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["system"]
        field.choices = [(one, one) for one in systems]

    def clean_file(self) -> Any:
        return _small(self.cleaned_data["file"])


class ListForm(KeyForm):
    """The other side's list of a day."""

    connector = forms.ChoiceField(label="哪个外部系统")
    day = ZhDateField(
        label="哪一天的清单",
        help_text="我方转出的日期。当天过完以后才能对账。",
        error_messages={"required": "请填写是哪一天的清单。"},
    )
    file = forms.FileField(
        label="对方的清单",
        help_text="CSV文件，列名依次是：流水号、编号、状态。",
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        error_messages={"required": "请选择对方的清单。"},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["connector"]
        field.choices = [(name, one.words) for name, one in registry.connectors().items()]

    def clean_file(self) -> Any:
        return _small(self.cleaned_data["file"])


class SettleForm(KeyForm):
    """A difference is explained."""

    difference = forms.UUIDField()
    reason = forms.CharField(
        max_length=LONGEST, error_messages={"required": "请写明差异的原因和怎样处理的。"}
    )


class FaultsForm(forms.Form):
    """What goes wrong at the demo's other side."""

    faults = forms.MultipleChoiceField(label="演示故障", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["faults"]
        field.choices = choices


class SayForm(forms.Form):
    """What an officer of the demo's other side decides."""

    reference = forms.CharField(max_length=32)
    state = forms.ChoiceField(choices=list(rules.OUTSIDE_WORDS.items()))
    words = forms.CharField(required=False, max_length=1000)
    number = forms.CharField(required=False, max_length=60)
    name = forms.CharField(required=False, max_length=60)
    credit_code = forms.CharField(required=False, max_length=18)


def _small(given: Any) -> Any:
    if given.size > FILE_MB * 1_000_000:
        raise ValidationError(f"文件超过{FILE_MB}MB。", code="file_too_large")
    return given

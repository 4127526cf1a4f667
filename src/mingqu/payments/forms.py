"""What is typed on the pages of payments."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from mingqu.payments import rules
from mingqu.payments.providers import registry
from mingqu.ui.forms import ZhDateField

LONGEST = 500
STATEMENT_MB = 100


class KeyForm(forms.Form):
    """A deed without words; `key` makes a second press the same deed."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class TakeForm(KeyForm):
    """Money taken at the window."""

    way = forms.ChoiceField(
        label="怎样收的",
        choices=[("pos", "刷卡、扫码（POS机）"), ("cash", "现金")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择是刷卡还是现金。"},
    )
    amount = forms.CharField(
        label="收了多少（元）",
        max_length=20,
        widget=forms.TextInput(
            {"inputmode": "decimal", "autocomplete": "off", "class": "govuk-input--width-10"}
        ),
        error_messages={"required": "请填写收的金额。"},
    )
    proof = forms.CharField(
        label="刷卡参考号，或者收据号",
        max_length=40,
        help_text="每个号只能用一次，对账时按它核对。",
        widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20 mq-code"}),
        error_messages={"required": "请填写刷卡参考号或者收据号。"},
    )

    def clean_amount(self) -> int:
        fen = rules.fen(str(self.cleaned_data["amount"]))
        if fen is None:
            raise ValidationError("金额写成元，最多两位小数，例如126.50。", code="amount_malformed")
        return fen


def _words(label: str, help_text: str, missing: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": missing},
    )


class ExemptionForm(KeyForm):
    """免缴, asked for."""

    basis = _words("依据", "写明文件的名称和第几条。", "请写明免缴依据哪个文件、哪一条。")
    reason = _words("理由", "缴款人看得到，不写别人的个人信息。", "请写明为什么可以免缴。")


class AnswerForm(KeyForm):
    answer = forms.ChoiceField(choices=[("agree", ""), ("decline", "")])


class CheckForm(KeyForm):
    """What came of looking at a payment of another amount."""

    payment = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="核对的结果",
        help_text="和收款机构核对以后，写明多收、少收的钱怎样处理了。登记以后，这项费用变回待缴费。",
        max_length=200,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "请写明和收款机构核对的结果：多收少收的钱怎样处理了。"},
    )


class RefundForm(KeyForm):
    """退费, asked for, of one payment."""

    payment = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="为什么退",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "请写明为什么要退。"},
    )


class RefundAnswerForm(KeyForm):
    """The second person's answer, or that it was handed back at the counter."""

    refund = forms.UUIDField()
    answer = forms.ChoiceField(choices=[("agree", ""), ("decline", ""), ("returned", "")])
    proof = forms.CharField(max_length=40, required=False)


class StatementForm(KeyForm):
    """The statement of a day."""

    provider = forms.ChoiceField(label="收款机构")
    day = ZhDateField(
        label="哪一天的对账单",
        help_text="收款机构记账的日期。当天过完以后才能对账。",
        error_messages={"required": "请填写是哪一天的对账单。"},
    )
    file = forms.FileField(
        label="对账单文件",
        help_text="CSV文件，列名依次是：流水号、类型（缴费或者退费）、金额（元）。",
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
        error_messages={"required": "请选择对账单文件。"},
    )

    def __init__(self, *args: Any, providers: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["provider"]
        field.choices = [(name, registry.words(name)) for name in providers]

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > STATEMENT_MB * 1_000_000:
            raise ValidationError(f"文件超过{STATEMENT_MB}MB。", code="file_too_large")
        return given


class SettleForm(KeyForm):
    """A difference is explained."""

    difference = forms.UUIDField()
    reason = forms.CharField(
        max_length=LONGEST, error_messages={"required": "请写明差异的原因和怎样处理的。"}
    )

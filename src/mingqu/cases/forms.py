"""What people choose and type on the pages of an application."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mingqu.catalogue.types import Situation
from mingqu.kernel.identifiers import CaseNumber, IdentifierRefused
from mingqu.ui.forms import Option


class QuestionForm(forms.Form):
    """One question of 情形引导; the question is the page's heading."""

    def __init__(self, question: Situation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value, Option(words)) for value, words in question.options.items()]
        kind = forms.MultipleChoiceField if question.many else forms.ChoiceField
        wrong = _("“%(value)s”不是这道题的选项，请重新选择。")
        self.fields[question.ask] = kind(  # type: ignore[call-arg]  # the stubs lack template_name (Django 5.0)
            label=question.text,
            help_text=question.hint,
            choices=choices,
            widget=forms.CheckboxSelectMultiple() if question.many else forms.RadioSelect(),
            template_name="cases/question_field.html",
            error_messages={"required": _("请选择一项，再继续。"), "invalid_choice": wrong},
        )

    @property
    def question_field(self) -> Any:
        return next(iter(self))


class ResumeForm(forms.Form):
    """The code of a draft, as noted on paper."""

    code = forms.CharField(
        label=_("草稿编号"),
        max_length=40,
        help_text=_("16位字母和数字，开始填写时显示在页面上。大小写、空格都不影响。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
    )


class QueryForm(forms.Form):
    """办件编号 and 查询码, as printed on the receipt."""

    number = forms.CharField(
        label=_("办件编号"),
        max_length=40,
        help_text=_("20位数字，在收件凭证上面。中间有没有空格都可以。"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "mq-code"}),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=20,
        help_text=_("8位字母和数字，也在收件凭证上面。"),
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
    )

    def clean_number(self) -> str:
        given = str(self.cleaned_data["number"])
        try:
            return str(CaseNumber.parse(given))
        except IdentifierRefused as refused:
            raise ValidationError(
                _("办件编号是20位数字，例如990104 20261109 000318。您填的是“%(given)s”。"),
                params={"given": given},
                code="number_malformed",
            ) from refused


class CheckForm(forms.Form):
    """The declaration before handing in; `key` makes a second press the same deed."""

    declared = forms.BooleanField(
        label=_(
            "我已核对，填写的内容和上传的材料都真实。提供虚假材料要承担法律责任（行政许可法第三十一条、第七十八条）。"
        ),
        error_messages={"required": _("请先勾选“我已核对”，再提交。")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


class KeyForm(forms.Form):
    """A deed confirmed by a button alone."""

    key = forms.UUIDField(widget=forms.HiddenInput)

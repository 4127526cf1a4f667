"""What an inspector writes down, and another day for the next inspection."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from mingqu.clocks import selectors as clocks
from mingqu.identity.types import OfficerView
from mingqu.regulation import rules
from mingqu.regulation.models import Inspection
from mingqu.regulation.types import Found, Seen
from mingqu.ui.forms import Option, ZhDateField

OPEN_TO_ALL = "向社会公开（行政许可法第六十一条），不要写个人信息和商业秘密。"


class SeenForm(forms.Form):
    """`key` makes a second click harmless; `seen_…` is how it stood when the page was read."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    seen_next_on = forms.DateField(widget=forms.HiddenInput)
    seen_inspections = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    @property
    def seen_as(self) -> Seen:
        return Seen(self.cleaned_data["seen_next_on"], self.cleaned_data["seen_inspections"])


class InspectionForm(SeenForm):
    inspected_on = ZhDateField(label="检查日期")
    finding = forms.ChoiceField(label="结论", widget=forms.RadioSelect)
    second = forms.TypedChoiceField(
        label="和您一起检查的人",
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text="查出来可能要给予行政处罚的，执法人员不得少于两人（行政处罚法第四十二条）。",
    )
    seen = forms.CharField(
        label="监督检查的情况",
        help_text=f"查了什么、看到什么。{OPEN_TO_ALL}",
        widget=forms.Textarea({"rows": 5, "maxlength": rules.TEXT_LIMIT}),
    )
    done = forms.CharField(
        label="处理结果",
        help_text=f"没有问题的，写“无需处理”；责令改正、移送的，写明期限和去向。{OPEN_TO_ALL}",
        widget=forms.Textarea({"rows": 3, "maxlength": rules.TEXT_LIMIT}),
    )
    next_on = ZhDateField(
        label="下次检查不晚于",
        required=False,
        help_text="不填的，按结论定：未发现问题的一年以后；发现问题、找不到被许可人的，一个月以内复查。",
    )

    def __init__(self, *args: Any, colleagues: Sequence[OfficerView] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        second: Any = self.fields["second"]
        others = [(str(one.person_id), f"{one.name}（{one.post}）") for one in colleagues]
        second.choices = [("", "没有别人"), *others]
        hints = {
            "wrong": "写明怎么处理，例如责令几月几日前改正。",
            "absent": "登记的地方没有人，也联系不上。",
        }
        finding: Any = self.fields["finding"]
        finding.choices = [
            (code, Option(str(label), hints.get(code, ""))) for code, label in Inspection.Finding.choices
        ]

    def found(self, today: date) -> Found:
        """As it was written down; without a day for the next inspection the one its finding proposes."""
        given = self.cleaned_data
        proposed = clocks.months_after(today, rules.NEXT_MONTHS[given["finding"]])
        next_on = given["next_on"] or proposed
        words = (given["seen"], given["done"])
        return Found(given["inspected_on"], given["finding"], *words, next_on, given["second"])


class PutOffForm(SeenForm):
    next_on = ZhDateField(label="改到哪一天以前检查")
    reason = forms.CharField(
        label="为什么改期",
        help_text="加密保存，这个对象的监管人员和监督人员看得到，不公开。",
        widget=forms.Textarea({"rows": 2, "maxlength": rules.REASON_LIMIT}),
    )


class TakeUpForm(forms.Form):
    """By when those of one type are first inspected."""

    type = forms.CharField(widget=forms.HiddenInput, max_length=21)
    first_on = ZhDateField(
        label="最晚哪一天第一次检查",
        help_text="这些证照都用这一天；列入以后，可以在每个监管对象的页面上改期。",
        error_messages={"required": "请填写最晚哪一天第一次检查。"},
    )

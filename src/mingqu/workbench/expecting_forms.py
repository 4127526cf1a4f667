"""The form of a special procedure that takes longer than was told."""

from datetime import date
from typing import Any

from django import forms

from mingqu.ui.forms import ZhDateField
from mingqu.workbench.forms import ActForm, long_text


class LaterForm(ActForm):
    """A special procedure takes longer than was told: until when, and why."""

    expected_until = ZhDateField(label="现在预计哪一天完成", help_text="要比已经告诉申请人的那一天晚。")
    reason = long_text("为什么要更久", help_text="会写进告知书。例如：检验机构要求补送样品，重新排期。")

    def __init__(self, data: Any = None, *, today: date, before: date | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.today, self.before = today, before

    def clean_expected_until(self) -> date:
        found: date = self.cleaned_data["expected_until"]
        if found < self.today or (self.before and found <= self.before):
            raise forms.ValidationError("要比今天和已经告诉申请人的那一天晚。", code="too_early")
        return found

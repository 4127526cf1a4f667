"""来件: what is filled in when something came that the flow of a case waits for."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from mingqu.cases.arriving.types import Noted
from mingqu.cases.services.files import Upload
from mingqu.process.types import Awaited
from mingqu.ui.forms import ZhDateField
from mingqu.workbench.forms import ActForm, long_text


class ArrivalForm(ActForm):
    """Which of the things that are awaited, the day it came, what it is."""

    wait_id = forms.ChoiceField(
        label="来的是哪一件",
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "这一件已经不等了，请选现在等的。"},
    )
    came_on = ZhDateField(label="哪一天收到", help_text="收到的那一天，不是登记的这一天。")
    text = long_text(
        "来了什么",
        help_text="写明谁来的、文号或者名称、结论。只有机关内的工作人员看得到，申请人看不到。",
    )

    def __init__(self, data: Any = None, *, awaited: Sequence[Awaited], today: date, **kwargs: Any) -> None:
        first = str(awaited[0].wait_id) if awaited else ""
        super().__init__(data, initial={"wait_id": first, "came_on": today}, **kwargs)
        choices = [(str(one.wait_id), one.name) for one in awaited]
        self.fields["wait_id"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["wait_id"].widget = forms.HiddenInput()

    def noted(self, uploads: Sequence[Upload]) -> Noted:
        given = self.cleaned_data
        return Noted(UUID(given["wait_id"]), given["came_on"], given["text"], uploads)

"""What is filled in when a shift is handed over, and when it is taken."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from mingqu.hall.types import ShiftTo
from mingqu.identity import selectors as identity
from mingqu.workbench.forms import ActForm


class GiveShiftForm(ActForm):
    """To whom, as the holder of which post; what else is to be said."""

    to = forms.ChoiceField(label="交给谁", error_messages={"required": "请选择交给谁。"})
    remark = forms.CharField(
        label="要交代的事",
        required=False,
        max_length=500,
        help_text="例如：谁说好下午再来、哪台设备坏了。可以不填。",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, takers: Sequence[identity.Colleague], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        lines = [(f"{one.post_id}:{one.person_id}", f"{one.name}（{one.post}）") for one in takers]
        self.fields["to"].choices = [("", "请选择"), *lines]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def shift_to(self) -> ShiftTo:
        post, person = (UUID(one) for one in self.cleaned_data["to"].split(":"))
        return ShiftTo(person, post, self.cleaned_data["remark"])


class AnswerShiftForm(ActForm):
    """Taken, or not and why."""

    answer = forms.ChoiceField(
        label="点清了吗",
        choices=[("take", "点清了，我接班"), ("decline", "对不上，不接")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择接还是不接。"},
    )
    reason = forms.CharField(
        label="差什么",
        required=False,
        max_length=500,
        help_text="不接的要写，交班的人会看到。",
        widget=forms.Textarea({"rows": 3}),
    )

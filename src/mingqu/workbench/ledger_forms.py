"""What is asked for when entries of the ledger are taken away."""

from typing import Any

from django import forms

from mingqu.ui.forms import DayField
from mingqu.workbench.forms import ActForm
from mingqu.workbench.selectors.ledger_export import KINDS, LONGEST

FORMS = (("xlsx", "Excel"), ("jsonl", "JSON行"))


class LedgerForm(ActForm):
    kind = forms.ChoiceField(choices=tuple(KINDS.items()))
    value = forms.CharField(max_length=64)
    since = DayField()
    until = DayField()
    form = forms.ChoiceField(choices=FORMS)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and not 0 <= (until - since).days < LONGEST:
            raise forms.ValidationError("一次最多366天。")
        return given

"""What a person chooses and writes on the page of a rating."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mingqu.evaluation import rules, selectors
from mingqu.kernel.codelists import code_list
from mingqu.ui.forms import Option


class RatingForm(forms.Form):
    """Five levels; what was not good and own words are never required. `key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    level = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(
        label=_("如果不满意，是哪里不好？"),
        help_text=_("可以多选，也可以不选。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=_("想说的话"),
        help_text=_("请不要写别人的姓名、电话和证件号码。办理人员看不到是谁评的。"),
        required=False,
        widget=forms.Textarea({"rows": 4, "maxlength": rules.TEXT_LIMIT}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indicators = selectors.indicators()
        level: Any = self.fields["level"]
        level.label, level.choices = indicators.question, code_list("rating_level").choices()
        reasons: Any = self.fields["reasons"]
        reasons.choices = [(r.code, Option(r.name, r.says)) for r in indicators.reasons]

    def answer_given(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("level", "reasons", "text")}

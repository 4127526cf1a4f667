"""What is filled in about originals an agent takes, hands on and gives back."""

from collections.abc import Sequence
from typing import Any

from django import forms

from mingqu.hall.types import NewPaper
from mingqu.outreach.forms import KeyForm
from mingqu.ui.forms import SignatureField

MOST = 20  # copies of one paper
FREE = 2  # lines for what the definition does not name
NARROW = {"class": "govuk-input--width-3", "inputmode": "numeric", "autocomplete": "off"}
FORMS = {"original": "原件", "copy": "复印件"}


class CollectForm(KeyForm):
    """A line for each material of the application and some for others; then the person signs."""

    signature = SignatureField(
        label="本人签名", help_text="请本人在框里签；或者在打印的清单上签，勾选下面一项。"
    )
    on_paper = forms.BooleanField(label="已在纸上签名", required=False)

    def __init__(self, names: Sequence[str], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.names = [*names, *[""] * FREE]
        for place, name in enumerate(self.names):
            said = name or f"别的材料{place - len(names) + 1}"
            if not name:
                self.fields[f"name_{place}"] = forms.CharField(
                    label=f"{said}的名称",
                    required=False,
                    max_length=120,
                    widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
                )
            for form, words in FORMS.items():
                self.fields[f"{form}_{place}"] = _number(f"{said}：{words}份数")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "typed": None if name else self[f"name_{place}"],
                "original": self[f"original_{place}"],
                "copy": self[f"copy_{place}"],
            }
            for place, name in enumerate(self.names)
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        for place, name in enumerate(self.names):
            counted = any(given.get(f"{form}_{place}") for form in FORMS)
            if counted and not name and not given.get(f"name_{place}", "").strip():
                self.add_error(f"name_{place}", "写了份数的，请写材料的名称。")
        if not self.errors and not self.papers:
            self.add_error(None, "请至少写一份材料的份数。")
        return given

    @property
    def papers(self) -> list[NewPaper]:
        given = self.cleaned_data
        return [
            NewPaper(name or given.get(f"name_{place}", "").strip(), form, given[f"{form}_{place}"])
            for place, name in enumerate(self.names)
            for form in FORMS
            if given.get(f"{form}_{place}")
        ]


class BackForm(KeyForm):
    """退还本人: against a signature."""

    signature = SignatureField(
        label="本人签名", help_text="请本人在框里签；或者在打印的清单上签，勾选下面一项。"
    )
    on_paper = forms.BooleanField(label="已在纸上签名", required=False)


def _number(label: str) -> forms.IntegerField:
    wrong = f"{label}，请填0到{MOST}的数。"
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(NARROW),
        error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
    )

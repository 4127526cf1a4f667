"""What is filled in about originals: what is kept, to whom it goes, how many came, who took them back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from mingqu.cases.types import RELATIONS
from mingqu.hall.types import Counted, NewPaper, SlipView
from mingqu.ui.forms import SignatureField
from mingqu.workbench.forms import ActForm

MOST = 20  # copies of one paper
FREE = 3  # lines for what the definition does not name
NARROW = {"class": "govuk-input--width-3", "inputmode": "numeric", "autocomplete": "off"}


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST,
        widget=forms.NumberInput(NARROW),
        error_messages=_wrong(label),
    )


def _wrong(label: str) -> dict[str, str]:
    """What is wrong with a number, with the line it belongs to."""
    words = f"{label}，请填0到{MOST}的数。"
    return {"invalid": words, "min_value": words, "max_value": words}


class KeepForm(ActForm):
    """
    A line for each material of the case and some for others: how many originals, how many copies stay here. `copies`:
    how many of each the window took in, to begin with.
    """

    def __init__(
        self, names: Sequence[str], data: Any = None, copies: Sequence[int] = (), **kwargs: Any
    ) -> None:
        kwargs["initial"] = {f"copy_{place}": count for place, count in enumerate(copies) if count}
        super().__init__(data, **kwargs)
        self.names = list(names)
        for place in range(len(self.names) + FREE):
            name = self.names[place] if place < len(self.names) else f"别的材料{place - len(self.names) + 1}"
            if place >= len(self.names):
                self.fields[f"name_{place}"] = forms.CharField(
                    label=f"{name}的名称",
                    required=False,
                    max_length=120,
                    widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-20"}),
                )
            self.fields[f"original_{place}"] = _number(f"{name}：原件份数")
            self.fields[f"copy_{place}"] = _number(f"{name}：复印件份数")

    @property
    def lines(self) -> list[dict[str, Any]]:
        """As the table shows them: what it is called, or the field where that is typed."""
        return [
            {
                "name": self.names[place] if place < len(self.names) else "",
                "typed": self[f"name_{place}"] if place >= len(self.names) else None,
                "original": self[f"original_{place}"],
                "copy": self[f"copy_{place}"],
            }
            for place in range(len(self.names) + FREE)
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        for place in range(len(self.names), len(self.names) + FREE):
            counted = given.get(f"original_{place}") or given.get(f"copy_{place}")
            if counted and not given.get(f"name_{place}", "").strip():
                self.add_error(f"name_{place}", "写了份数的，请写材料的名称。")
        if not self.errors and not self.papers:
            self.add_error(None, "请至少写一份材料的份数。")
        return given

    @property
    def papers(self) -> list[NewPaper]:
        given, found = self.cleaned_data, []
        for place in range(len(self.names) + FREE):
            name = self.names[place] if place < len(self.names) else given.get(f"name_{place}", "")
            for form in ("original", "copy"):
                if copies := given.get(f"{form}_{place}"):
                    found.append(NewPaper(name, form, copies))
        return found


class SendForm(ActForm):
    """To which department; what is chosen stands in the table (`paper`, several)."""

    department = forms.TypedChoiceField(
        label="交给哪个部门", coerce=UUID, error_messages={"required": "请选择交给哪个部门。"}
    )

    def __init__(self, departments: Sequence[tuple[str, str]], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [("", "请选择"), *departments]
        self.fields["department"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class FindForm(forms.Form):
    """A slip or a case, scanned or typed."""

    number = forms.CharField(
        label="扫交接单、材料上的码",
        max_length=120,
        help_text="也可以输入交接单编号，或者办件编号，按回车。",
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20 mq-code"}
        ),
        error_messages={"required": "请扫码，或者输入编号。"},
    )

    def clean_number(self) -> str:
        return "".join(str(self.cleaned_data["number"]).split()).upper()


class CountForm(ActForm):
    """What was found of each line of a slip; begins with nothing, so that somebody counts."""

    def __init__(self, lines: Sequence[Any], data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.lines = list(lines)
        for place, line in enumerate(self.lines, start=1):
            self.fields[f"found_{line.id}"] = forms.IntegerField(
                label=f"第{place}行，{line.name}，点到几份",
                min_value=0,
                max_value=MOST,
                widget=forms.NumberInput(NARROW),
                error_messages={
                    "required": f"第{place}行没有点数。没有收到的填0。",
                    **_wrong(f"第{place}行"),
                },
            )
            self.fields[f"remark_{line.id}"] = forms.CharField(
                label=f"第{place}行，{line.name}，不符的说明",
                required=False,
                max_length=120,
                widget=forms.TextInput({"autocomplete": "off", "class": "govuk-input--width-10"}),
            )

    @property
    def counted(self) -> list[Counted]:
        given = self.cleaned_data
        return [
            Counted(line.id, given[f"found_{line.id}"], given.get(f"remark_{line.id}", ""))
            for line in self.lines
        ]

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        return [(line, self[f"found_{line.id}"], self[f"remark_{line.id}"]) for line in self.lines]


class ReturnForm(ActForm):
    """退还: who takes the papers, against what signature."""

    relation = forms.ChoiceField(
        label="谁来领回", choices=list(RELATIONS.items()), widget=forms.RadioSelect, initial="self"
    )
    receiver = forms.CharField(
        label="领回的人的姓名", required=False, max_length=60, help_text="本人领回的可以不填。"
    )
    document = forms.CharField(
        label="领回的人的证件", required=False, max_length=60, help_text="不是本人的，写证件种类和号码。"
    )
    signature = SignatureField(label="领回的人签名", help_text="在框里签；或者打印这一页签，勾选下面一项。")
    on_paper = forms.BooleanField(label="已在纸上签名", required=False)
    seen = forms.BooleanField(
        label="已核对领回的人的证件",
        error_messages={"required": "请先核对领回的人的证件原件。"},
    )


def words_of(slip: SlipView) -> str:
    """Whose turn it is, for the first line of a slip."""
    if slip.state != "sent":
        return slip.state_words
    return "请点数签收" if slip.to_sign else f"等{slip.to}点数签收"

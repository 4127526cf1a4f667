"""What those who make lists fill in."""

from typing import Any

from django import forms

from mingqu.catalogue.directory.columns import OF_KIND
from mingqu.catalogue.directory.models import ListEdition
from mingqu.catalogue.directory.rules import STATES
from mingqu.catalogue.directory.types import Kind
from mingqu.catalogue.forms import DeedForm
from mingqu.kernel.codelists import code_list
from mingqu.kernel.tables import FILE_BYTES

LONG_TEXTS = ("basis", "duties", "accountability", "measure")
OWN = [one for one in ListEdition.Kind.choices if one[0] != ListEdition.Kind.NEGATIVE]


class WhichListForm(DeedForm):
    """Which list of which region; what it starts from."""

    kind = forms.ChoiceField(label="哪一份清单", choices=ListEdition.Kind.choices)
    region_code = forms.CharField(
        label="行政区划代码", max_length=20, help_text="6位或者12位，清单对这个区划有效。"
    )
    title = forms.CharField(
        label="清单名称",
        required=False,
        max_length=120,
        help_text="不填时用“区划名称＋清单”，例如“清禾区权责清单”。",
    )
    source = forms.CharField(
        label="来源",
        required=False,
        max_length=200,
        help_text="谁制定的，哪一份文件。例如：某政办发〔2026〕1号。",
    )


class ImportListForm(WhichListForm):
    file = forms.FileField(
        label="清单文件",
        help_text="Excel（.xlsx）、CSV或者JSON，不超过8MB。第一行是列名。",
        widget=forms.FileInput({"accept": ".xlsx,.csv,.json"}),
        error_messages={"required": "请选择清单文件。"},
    )

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if given.size > FILE_BYTES:
            raise forms.ValidationError(f"文件超过{FILE_BYTES // 1_000_000}MB，请分成几份。")
        return given


class BeginListForm(WhichListForm):
    """From the newest published edition, to be changed entry by entry; the negative list only comes from a file."""

    kind = forms.ChoiceField(label="哪一份清单", choices=OWN)


class TypeForm(DeedForm):
    words = forms.CharField(widget=forms.HiddenInput, max_length=400)
    item_type = forms.ChoiceField(label="事项类型", choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["item_type"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = code_list("item_type").choices()


class EntryForm(DeedForm):
    """One entry: the columns of its list, each as it stands in the table."""

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for column in OF_KIND[kind]:
            field: forms.Field = forms.CharField(
                label=column.header,
                required=False,
                help_text=f"例如：{column.example}" if column.example else "",
            )
            if column.code in LONG_TEXTS:
                field.widget = forms.Textarea({"rows": 3})
            elif column.code == "type":
                field = forms.ChoiceField(
                    label=column.header,
                    required=False,
                    choices=[("", "请选择"), *((one.name, one.name) for one in code_list("item_type"))],
                )
            elif column.code == "state":
                choices = [(words, words) for words in STATES.values()]
                field = forms.ChoiceField(label=column.header, required=False, choices=choices)
            self.fields[column.code] = field

    @property
    def values(self) -> dict[str, str]:
        own = {"key", "version"}
        return {name: str(value or "") for name, value in self.cleaned_data.items() if name not in own}

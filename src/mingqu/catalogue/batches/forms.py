"""What is to be changed in which items."""

from typing import Any

from django import forms

from mingqu.catalogue.batches.rules import FIELDS, LONGEST


class ChangeForm(forms.Form):
    """In the address, so that what it comes to can be looked at again."""

    field = forms.ChoiceField(
        label="改什么", choices=[(code, words) for code, (words, _way) in FIELDS.items()]
    )
    before = forms.CharField(
        label="原来的内容",
        required=False,
        max_length=LONGEST,
        help_text="只改和它完全一样的；空着就是不管原来是什么都改。依据、窗口名称和地址一定要写。",
    )
    after = forms.CharField(label="改成", max_length=LONGEST, error_messages={"required": "请写上改成什么。"})
    words = forms.CharField(label="事项名称或者编码里有", required=False, max_length=60)
    organ = forms.ChoiceField(label="实施机关", required=False)
    kind = forms.ChoiceField(label="事项类型", required=False)

    def __init__(self, data: Any, *, organs: list[tuple[str, str]], kinds: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["organ"].choices = [("", "全部"), *organs]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "全部"), *kinds]  # type: ignore[attr-defined]

"""What a reviewer of imported rows sends: which rows, what to do with them."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from mingqu.catalogue.forms import DeedForm
from mingqu.catalogue.imports.review_models import ReviewDeed
from mingqu.catalogue.imports.review_selectors import Filter, Fingerprint
from mingqu.catalogue.imports.review_services import Chosen, Order
from mingqu.kernel.codelists import code_list
from mingqu.ui.forms import ZhDateField

TICKED, SHOWN, MATCHING = "ticked", "shown", "matching"
MOST = 500  # rows one page can name


class ReviewActForm(DeedForm):
    """`row` and `shown` come as many values, each id:version; `asked` is the filter as the address had it."""

    deed = forms.ChoiceField(choices=ReviewDeed.Kind.choices)
    scope = forms.ChoiceField(
        choices=[(TICKED, "勾选的行"), (SHOWN, "这一页的全部"), (MATCHING, "符合筛选条件的全部")]
    )
    asked = forms.CharField(required=False, max_length=600)
    seen_count = forms.IntegerField(required=False)
    seen_versions = forms.IntegerField(required=False)
    reason = forms.CharField(required=False, max_length=300)
    item_type = forms.ChoiceField(required=False)
    handling_kind = forms.ChoiceField(required=False)
    on = ZhDateField(label="发布日期", required=False, help_text="不填就马上发布；填了，到那一天自动发布。")
    place = forms.IntegerField(required=False, min_value=0)
    next = forms.CharField(required=False, max_length=600)

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        for name in ("item_type", "handling_kind"):
            known = [(one.code, one.name) for one in code_list(name)]
            self.fields[name].choices = [("", "照建议"), *known]  # type: ignore[attr-defined]

    @property
    def order(self) -> Order:
        given = self.cleaned_data
        place = given["place"]
        return Order(
            given["deed"],
            given["reason"],
            given["item_type"],
            given["handling_kind"],
            () if place is None else (place,),
            given["on"] if given["deed"] == ReviewDeed.Kind.PUBLISH else None,
        )

    @property
    def wrong(self) -> str:
        """What is wrong, in a sentence."""
        told = self.errors.get("on")
        return str(told[0]) if told else "没有看懂要办什么，请再点一次。"

    @property
    def chosen(self) -> Chosen:
        given = self.cleaned_data
        if given["scope"] == MATCHING:
            asked = Filter.of(QueryDict(given["asked"]).dict())
            return Chosen(
                asked=asked, seen=Fingerprint(given["seen_count"] or 0, given["seen_versions"] or 0)
            )
        name = "row" if given["scope"] == TICKED else "shown"
        given_rows: list[str] = self.data.getlist(name)  # type: ignore[attr-defined]  # a QueryDict
        return Chosen(rows=tuple(found for text in given_rows[:MOST] if (found := _row(text))))


def _row(text: str) -> tuple[UUID, int] | None:
    """id:version as the page wrote it; None for what no page writes."""
    found, _colon, version = text.partition(":")
    try:
        return UUID(found), int(version)
    except ValueError:
        return None

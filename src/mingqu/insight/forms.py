"""What an address of statistics says, read and bounded: an unreadable part is as if it was not there."""

from collections.abc import Mapping
from datetime import date, datetime

from django import forms

from mingqu.insight.selectors import CHANNELS, DIMENSIONS, KINDS, figure
from mingqu.insight.types import Asked
from mingqu.ui.text import day_written

LIMIT = 64
EARLIEST = date(1949, 10, 1)  # what it is compared with lies earlier still, and there is no year 0


def asked_of(given: Mapping[str, str]) -> Asked:
    kind, by = given.get("period", ""), given.get("by", "")
    shown, sort = given.get("shown", ""), given.get("sort", "")
    return Asked(
        kind=kind if kind in KINDS else "month",
        on=day_of(given.get("on", "")),
        since=day_of(given.get("since", "")),
        until=day_of(given.get("until", "")),
        by=by if by in DIMENSIONS else "department",
        sort=sort if figure(sort) else "",
        shown=shown if figure(shown) else "received",
        department=given.get("department", "")[:LIMIT],
        item=given.get("item", "")[:LIMIT],
        channel=given.get("channel", "") if given.get("channel", "") in CHANNELS else "",
        region=given.get("region", "")[:12],
        window=given.get("window", "")[:LIMIT],
    )


def day_of(text: str) -> date | None:
    found = day_written(text)
    return found if found and found >= EARLIEST else None


def query_of(asked: Asked, **other: object) -> dict[str, str]:
    """The address that asks this, with some parts otherwise; "" leaves a part out."""
    own = {
        "period": asked.kind,
        "on": asked.on,
        "since": asked.since if asked.kind == "days" else None,
        "until": asked.until if asked.kind == "days" else None,
        "by": asked.by,
        "sort": asked.sort,
        "shown": asked.shown,
        "department": asked.department,
        "item": asked.item,
        "channel": asked.channel,
        "region": asked.region,
        "window": asked.window,
    }
    return {name: str(value) for name, value in (own | other).items() if value}


class SignForm(forms.Form):
    """The report as it was read: the version of its text, and as of when its figures stand."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    counted = forms.CharField(widget=forms.HiddenInput)

    def clean_counted(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["counted"])
        except ValueError as wrong:
            raise forms.ValidationError("请重新打开这一页再签发。") from wrong


class ReopenForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="为什么撤回签发", help_text="最多200个字，记入办理存证。", max_length=200,
        error_messages={"required": "请写明为什么撤回签发。"},
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip


class KeyForm(forms.Form):
    """A deed that says nothing but that it is wanted."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class ReportForm(forms.Form):
    """What is written into a report; `version`: the one that was read. `key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="情况说明",
        help_text="最多5000字，下载的Word和PDF里也有。请不要写申请人的姓名、电话和证件号码。",
        required=False,
        widget=forms.Textarea({"rows": 8}),
    )

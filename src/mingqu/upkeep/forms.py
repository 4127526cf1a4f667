"""What the system officer fills in: words and times of announcements and stops. Times are Beijing's."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING
from mingqu.ui.forms import Option, ZhDateField
from mingqu.upkeep.models import PlannedStop
from mingqu.upkeep.types import NewAnnouncement, NewStop


def _clock(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        help_text="按24小时写，例如9:05、22:00。",
        input_formats=["%H:%M", "%H：%M", "%H点%M分"],
        error_messages={
            "invalid": "请按24小时写几点几分，例如22:00。",
            "required": f"请填写：{label}，例如22:00。",
        },
        widget=forms.TimeInput(
            {"class": "govuk-input--width-5", "inputmode": "text", "autocomplete": "off"}, "%H:%M"
        ),
    )


def _day(label: str) -> ZhDateField:
    """Two days stand on each form: what is missing says which."""
    return ZhDateField(label=label, error_messages={"required": f"请填写：{label}，例如2026年11月9日。"})


class _Keyed(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"key": new_id(), **kwargs.pop("initial", {})}, **kwargs)

    @property
    def command_key(self) -> UUID:
        found: UUID = self.cleaned_data["key"]
        return found

    def moment(self, name: str) -> datetime:
        said = self.cleaned_data
        return datetime.combine(said[name], said[f"{name}_time"], BEIJING)


class AnnouncementForm(_Keyed):
    text = forms.CharField(
        label="公告",
        max_length=200,
        help_text="显示在每一页的最上面，人人看得到。说清楚什么时候、什么事、怎么办，最多200个字。",
        widget=forms.Textarea({"rows": 3, "maxlength": 200}),
    )
    text_en = forms.CharField(
        label="英文", max_length=300, required=False, help_text="英文页面用。没有的，英文页面显示中文。",
        widget=forms.Textarea({"rows": 3, "maxlength": 300}),
    )  # fmt: skip
    begin = _day("哪天开始显示")
    begin_time = _clock("几点开始显示")
    until = _day("哪天不再显示")
    until_time = _clock("几点不再显示")

    def given(self) -> NewAnnouncement:
        said = self.cleaned_data
        return NewAnnouncement(said["text"], said["text_en"], self.moment("begin"), self.moment("until"))


class StopForm(_Keyed):
    scope = forms.ChoiceField(
        label="维护的时候",
        widget=forms.RadioSelect,
        choices=[
            (
                PlannedStop.Scope.ALL,
                Option("整个网站不能用", "每一页都说正在维护、什么时候恢复。只有系统管理员能进。"),
            ),
            (
                PlannedStop.Scope.WRITING,
                Option("能查看，不能提交", "指南、进度照常看；申请、办理、预约都不能提交。"),
            ),
        ],
    )
    reason = forms.CharField(
        label="为什么", max_length=100, help_text="例如：更换服务器、升级到新版本。只给工作人员看。",
        widget=forms.TextInput({"maxlength": 100}),
    )  # fmt: skip
    begin = _day("哪天开始")
    begin_time = _clock("几点开始")
    until = _day("哪天结束")
    until_time = _clock("几点结束")

    def given(self) -> NewStop:
        said = self.cleaned_data
        return NewStop(said["scope"], said["reason"], self.moment("begin"), self.moment("until"))


class ProlongForm(_Keyed):
    until = _day("延长到哪天")
    until_time = _clock("延长到几点")


class KeyForm(_Keyed):
    """A button alone."""

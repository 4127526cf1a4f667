"""Paper mode: an outage declared and ended, a slip, the word of the second person. Times are Beijing's."""

from datetime import datetime
from typing import Any

from django import forms

from mingqu.cases.services.outages import MOST_SLIPS
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Instant
from mingqu.ui.forms import Option, ZhDateField
from mingqu.workbench.forms import ActForm, long_text


def _clock(label: str, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=required,
        help_text="按24小时写，例如9:05。",
        input_formats=["%H:%M", "%H：%M", "%H点%M分"],
        error_messages={
            "invalid": "请按24小时写几点几分，例如9:05。",
            "required": f"请填写：{label}，例如9:05。",
        },
        widget=forms.TimeInput({"class": "govuk-input--width-5", "autocomplete": "off"}, "%H:%M"),
    )


class _Timed(ActForm):
    """A day and an hour of the same name: `began` and `began_time`."""

    def moment(self, name: str) -> datetime | None:
        day, hour = self.cleaned_data.get(name), self.cleaned_data.get(f"{name}_time")
        return datetime.combine(day, hour, BEIJING) if day and hour else None


class DeclareForm(_Timed):
    began = ZhDateField(label="哪天开始停机")
    began_time = _clock("几点开始停机")
    ended = ZhDateField(label="哪天恢复", required=False, help_text="还没有恢复的，先不填。")
    ended_time = _clock("几点恢复", required=False)
    reason = forms.CharField(
        label="为什么停机", max_length=200, help_text="例如：大厅停电、网络中断。",
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, at: Instant, **kwargs: Any) -> None:
        super().__init__(data, initial={"began": legal_day(at)}, **kwargs)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if bool(given.get("ended")) != bool(given.get("ended_time")):
            self.add_error("ended", "恢复的日期和时间要一起填，或者都不填。")
        return given


class EndForm(_Timed):
    ended = ZhDateField(label="哪天恢复")
    ended_time = _clock("几点恢复")

    def __init__(self, data: Any = None, *, at: Instant, **kwargs: Any) -> None:
        now = at.astimezone(BEIJING)
        super().__init__(data, initial={"ended": legal_day(at), "ended_time": f"{now:%H:%M}"}, **kwargs)


class PackForm(ActForm):
    count = forms.IntegerField(
        label="打印几张",
        initial=20,
        min_value=1,
        max_value=MOST_SLIPS,
        widget=forms.TextInput({"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages={
            "max_value": f"一次最多打印{MOST_SLIPS}张。",
            "min_value": "最少打印1张。",
            "invalid": "请写数字，例如20。",
        },
    )


class SlipForm(_Timed):
    number = forms.CharField(
        label="单号",
        max_length=24,
        help_text="印在纸质收件单右上角，例如Z990104-26-0001-007。",
        widget=forms.TextInput(
            {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        ),
    )
    received = ZhDateField(label="哪天收的件", help_text="照单子上写的日期，不是登记的日期。")
    received_time = _clock("几点收的件")
    item = forms.ChoiceField(label="办什么事项")
    name = forms.CharField(label="申请人姓名", max_length=60, widget=forms.TextInput({"autocomplete": "off"}))

    def __init__(self, data: Any = None, *, items: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["item"].choices = [("", "请选择"), *items]  # type: ignore[attr-defined]


class ConfirmSlipForm(ActForm):
    agrees = forms.ChoiceField(
        label="和纸质收件单对照",
        choices=[("yes", "一致，可以补录"), ("no", Option("不一致", "写明哪里不一致，由登记的人重新登记"))],
        widget=forms.RadioSelect,
    )
    text = long_text("说明", required=False, rows=3, help_text="不一致的，写明哪里。")

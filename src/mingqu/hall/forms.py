"""Who comes; when a hall is open; a day on which it is not."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from mingqu.cases.services.where_sent import ADDRESS, SENT, AddressFields
from mingqu.hall.rules import LONGEST, MOST_PLACES, SHORTEST
from mingqu.hall.types import DEVICES
from mingqu.ui.forms import Option, ZhDateField


class KeyForm(forms.Form):
    """`key` makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class TerminalForm(KeyForm):
    """What a terminal is called on the manager's page."""

    name = forms.CharField(required=False, max_length=40)


class SlotForm(KeyForm):
    slot = forms.UUIDField(widget=forms.HiddenInput)


class BookForm(KeyForm):
    name = forms.CharField(
        label=_("来办事的人的姓名"), max_length=60, help_text=_("和带来的证件上一样。可以替家人预约。")
    )
    phone = forms.CharField(
        label=_("手机号码"),
        max_length=20,
        help_text=_("到大厅取号时要用后四位。"),
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "tel"}),
    )


class CheckInForm(KeyForm):
    tail = forms.RegexField(
        r"^\d{6}$",
        label=_("预约编号的后六位"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}),
        error_messages={"invalid": _("请填写6位数字。")},
    )
    phone_tail = forms.RegexField(
        r"^\d{4}$",
        label=_("预约时留的手机号码后四位"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}),
        error_messages={"invalid": _("请填写4位数字。")},
    )


class OpeningForm(KeyForm):
    """One line's times on working days: morning, afternoon, or both."""

    line = forms.UUIDField(widget=forms.HiddenInput)
    morning_from = forms.TimeField(label="上午开始", required=False)
    morning_to = forms.TimeField(label="上午结束", required=False)
    afternoon_from = forms.TimeField(label="下午开始", required=False)
    afternoon_to = forms.TimeField(label="下午结束", required=False)
    days = forms.ChoiceField(
        label="哪些日子",
        choices=[("working", "工作日"), ("saturday", "星期六（节假日除外）")],
        required=False,
        help_text="星期六不办了的，选星期六，时间都留空。",
    )
    minutes = forms.IntegerField(label="每段多少分钟", min_value=SHORTEST, max_value=LONGEST)
    places = forms.IntegerField(label="每段多少个位子", min_value=1, max_value=MOST_PLACES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("morning_from", "morning_to", "afternoon_from", "afternoon_to"):
            self.fields[name].widget = forms.TimeInput(
                {"class": "govuk-input--width-5", "autocomplete": "off"}, format="%H:%M"
            )

    @property
    def saturday(self) -> bool:
        return bool(self.cleaned_data["days"] == "saturday")

    def parts(self) -> list[tuple[time, time]]:
        """The halves of the day that are filled in."""
        given = self.cleaned_data
        pairs = (
            (given["morning_from"], given["morning_to"]),
            (given["afternoon_from"], given["afternoon_to"]),
        )
        return [(begins, ends) for begins, ends in pairs if begins and ends]


class CloseForm(KeyForm):
    day = ZhDateField(label="哪一天不办理")
    reason = forms.CharField(
        label="原因", max_length=120, help_text="照原样告诉预约了这一天的人，例如：大厅停电检修。"
    )


class ReopenForm(KeyForm):
    day = forms.DateField(widget=forms.HiddenInput)


class HallForm(KeyForm):
    """What people are told of a hall."""

    name = forms.CharField(label="大厅名称", max_length=80)
    address = forms.CharField(label="地址", max_length=200)
    hours = forms.CharField(
        label="办公时间",
        max_length=120,
        required=False,
        help_text="照原样告诉来领结果的人，例如：工作日 9:00–12:00，13:30–17:30，星期六 9:00–12:00。",
    )


class NewHallForm(HallForm):
    """A hall that opens: its code stands in addresses and never changes."""

    code = forms.SlugField(
        label="大厅代码",
        max_length=24,
        help_text="字母、数字和短横线，定了不能改，例如：QH-HALL-2。",
        error_messages={"invalid": "代码只能用字母、数字和短横线。"},
    )

    field_order = ("code", "name", "address", "hours", "key")


class LineWishForm(KeyForm):
    """业务类别: its letter, planned minutes, items by code."""

    letter = forms.CharField(
        label="字母", max_length=1, widget=forms.TextInput({"class": "govuk-input--width-2"})
    )
    name = forms.CharField(label="类别名称", max_length=60)
    minutes = forms.IntegerField(
        label="每人大约几分钟",
        min_value=1,
        max_value=120,
        widget=forms.NumberInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    item_codes = forms.CharField(
        label="办哪些事项",
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 2, "spellcheck": "false"}),
        help_text="事项编码，用空格或者换行隔开；不填就是什么事项都办。",
    )

    def clean_letter(self) -> str:
        return str(self.cleaned_data["letter"]).upper()

    def clean_item_codes(self) -> tuple[str, ...]:
        return tuple(str(self.cleaned_data["item_codes"]).replace("，", " ").replace("、", " ").split())


class WindowForm(KeyForm):
    """A window: its number, what it serves, whether it is in use."""

    number = forms.IntegerField(
        label="窗口号",
        min_value=1,
        max_value=999,
        widget=forms.NumberInput({"class": "govuk-input--width-3", "inputmode": "numeric"}),
    )
    name = forms.CharField(label="窗口名称", max_length=40)
    letters = forms.MultipleChoiceField(
        label="办哪些类别",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个类别。"},
    )
    in_use = forms.BooleanField(label="在用", required=False, help_text="不在用的窗口不能叫号。")

    def __init__(self, lines: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["letters"].choices = list(lines)  # type: ignore[attr-defined]  # of choices


class ParcelForm(KeyForm):
    """Where a result goes by courier, as the applicant asked."""

    said = forms.UUIDField(required=False, widget=forms.HiddenInput)  # which saying of hers was read
    receiver = forms.CharField(label="收件人姓名", max_length=60)
    phone = forms.CharField(
        label="收件人手机号码",
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )
    address = forms.CharField(
        label="收件地址", max_length=200, help_text="照申请人说的写，写到门牌号；念给申请人核对。"
    )
    along = forms.MultipleChoiceField(
        label="这个一件事的其他结果，放进同一个包裹",
        help_text="一个运单，一次签收，每个办件各有送达记录。",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, beside: Mapping[UUID, str] | None = None, **more: Any) -> None:
        super().__init__(*given, **more)
        if beside:
            along: Any = self.fields["along"]
            along.choices, along.initial = (
                [(str(one), words) for one, words in beside.items()],
                [*map(str, beside)],
            )
        else:
            del self.fields["along"]


class ReaddressForm(AddressFields, KeyForm):
    """Where the decided result goes; by the time it is decided, consent to electronic delivery is no way any more."""

    field_order = ("key", "delivery", *ADDRESS)

    delivery = forms.ChoiceField(
        label=_("怎样领取决定和证照"),
        choices=[
            SENT,
            (
                "window",
                Option(_("到窗口领取"), _("带身份证件到政务服务大厅综合窗口领取，签字以后才算送达。")),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择怎样领取决定和证照。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sending_offered(_("选“寄给我”的才填。"))


class CancelParcelForm(KeyForm):
    reason = forms.CharField(
        label="为什么取消", max_length=120, error_messages={"required": "请写明为什么取消。"}
    )


class DevicesForm(KeyForm):
    """What stands at a window beside the keyboard."""

    devices = forms.MultipleChoiceField(
        label="这个窗口有哪些设备",
        choices=list(DEVICES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="扫码枪不用选：它就是键盘，光标在哪里就读到哪里。",
    )


class LineForm(KeyForm):
    line = forms.UUIDField(widget=forms.HiddenInput)

"""Every component with sample data, long names and rare characters, as whole pages to look at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django import forms
from django.template import engines
from django.test import RequestFactory

from mingqu.kernel.types import Actor
from mingqu.ui.forms import Option, PageRenderer, SignatureField, ZhDateField
from mingqu.ui.types import (
    Action,
    Bar,
    Fact,
    FlowBox,
    FlowLayout,
    FlowLine,
    FlowStep,
    Task,
)

LONG_NAME = "阿卜杜热西提·买买提吐尔逊江·阿不都克里木"  # 20 characters
RARE_NAME = "𬱖䶮㛃"  # outside the common plane and in extension A
AT = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)  # 09:12 in Beijing
PEOPLE = {
    "citizen": Actor(kind="citizen", id=UUID(int=1), name=LONG_NAME),
    "staff": Actor(kind="staff", id=UUID(int=2), name="王" + RARE_NAME),
}


class Message(str):
    """A message as django.contrib.messages gives it to a page."""

    level_tag = "success"
    extra_tags = "undo:/accessibility/"


class ShopForm(forms.Form):
    """One of each widget."""

    area = forms.CharField(label="经营场所面积", help_text="看租赁合同或房产证，算上后厨和仓库。")
    building = forms.ChoiceField(
        label="店铺所在的楼栋",
        help_text="会产生油烟的店不能开在有些楼里。",
        widget=forms.RadioSelect,
        choices=[
            ("1", "独立门面或商场"),
            ("2", Option("商住楼，有专用烟道", "烟道通到楼顶，物业能出示图纸")),
        ],
    )
    food = forms.MultipleChoiceField(
        label="经营项目",
        widget=forms.CheckboxSelectMultiple,
        choices=[("hot", "热食类"), ("cold", "冷食类")],
        required=False,
    )
    opening = ZhDateField(label="开业日期")
    town = forms.ChoiceField(label="所在街道", choices=[("1", "青澜街道"), ("2", "禾塘镇")])
    about = forms.CharField(label="补充说明", widget=forms.Textarea, required=False)
    plan = forms.FileField(label="平面布局图", help_text="手绘也行，拍照上传。")
    promise = forms.BooleanField(label="我确认以上内容属实")
    signature = SignatureField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, renderer=PageRenderer(), **kwargs)
        self.fields["area"].suffix = "平方米"  # type: ignore[attr-defined]

    def clean_area(self) -> str:
        written = self.cleaned_data["area"]
        if not written.isdecimal():
            raise forms.ValidationError(f"面积请写数字，例如120或86.5。您写的是“{written}”。")
        return str(written)


def wrong_form() -> ShopForm:
    return ShopForm({"area": "一百二", "opening_year": "2026", "opening_month": "13", "opening_day": "40"})


@dataclass(frozen=True)
class Row:
    """A day in the shape in which the clocks explain it."""

    day: date
    counted: bool
    why: str
    text: str
    number: int
    provisional: bool = False
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Explanation:
    rows: tuple[Row, ...]
    sentences: tuple[str, ...]


def explanation() -> Explanation:
    """Accepted on Thursday; three days of a water test in between; due on the tenth working day."""
    day, number = date(2026, 11, 12), 0
    rows = [Row(day, False, "start_day", "起算当日不计入", 0)]
    while number < 10:
        day += timedelta(days=1)
        if day.weekday() >= 5:
            rows.append(Row(day, False, "weekend", "周末", number))
        elif date(2026, 11, 17) <= day <= date(2026, 11, 19):
            rows.append(Row(day, False, "paused", "检测所需时间不计入", number))
        else:
            number += 1
            rows.append(Row(day, True, "counted", "工作日", number))
    sentences = ("受理当天不算（民法典第二百零一条）。", "检测所需时间不计算在内（行政许可法第四十五条）。")
    return Explanation(tuple(rows), sentences)


def layout(*, wide: bool) -> FlowLayout:
    """A line of steps; the third one is the applicant's turn."""
    words = [
        ("申请", "网上或窗口", "done"),
        ("受理", "5个工作日内答复", "now"),
        ("补正", "等您", "you"),
        ("送达", "", ""),
    ]
    boxes, lines = [], []
    for index, (title, detail, state) in enumerate(words):
        x, y = (8 + 270 * index, 10) if wide else (70, 4 + 84 * index)
        boxes.append(FlowBox(x, y, 200, 62, title, detail, state))  # type: ignore[arg-type]
        if index:
            start = (x - 70, y + 31) if wide else (170, y - 22)
            lines.append(FlowLine((start, (x - 4, y + 31) if wide else (170, y - 4)), run=index == 1))
    boxes.append(FlowBox(1060, 25, 32, 32, gate=True) if wide else FlowBox(154, 336, 32, 32, gate=True))
    return FlowLayout(1100 if wide else 340, 84 if wide else 372, tuple(boxes), tuple(lines))


def samples(form: forms.Form) -> dict[str, object]:
    return {
        "form": form,
        "day": date(2026, 12, 1),
        "today": date(2026, 11, 20),
        "explanation": explanation(),
        "fact_rows": [
            Fact("您的期限", "还有3个工作日"),
            Fact("谁在办", "市场监管局、水务局"),
            Fact("申请人", LONG_NAME),
        ],
        "turn_actions": [Action("去补正", "#", "out", "out"), Action("改踏勘时间", "#", "second")],
        "rows": [
            Fact("申请人", LONG_NAME, "本人", Action("改", "#")),
            Fact("经营场所", "清禾区青澜街道禾香路26号1层" * 2),
        ],
        "tasks": [
            Task(f"{RARE_NAME}的居住证签注", "accepted", hint="在青澜街道便民中心", url="#"),
            Task("户外招牌设置", "correct"),
            *(Task("事项", code) for code in ("received", "special", "done", "refused", "void")),
        ],
        "wide": layout(wide=True),
        "tall": layout(wide=False),
        "steps": [
            FlowStep("申请", "done"),
            FlowStep("受理", "now", "行政许可法第三十二条"),
            FlowStep("补正", "you"),
        ],
        "bars": [
            Bar("市场监管局", 5.2, "5.2", 10),
            Bar("水务局", 11.4, "11.4 超承诺", 10, over=True),
            Bar("卫健局", 0, "0"),
        ],
        "messages": [Message("已把2件转给李*")],
        "action": Action("撤回", "/x/", "warn"),
        "consequences": ["申请不再办理，已交的材料退还给您。", "以后可以重新申请。"],
    }


MAIN = Path(__file__).with_name("gallery.html").read_text()
ASIDE = (
    '{% block aside %}<aside class="mq-panel" aria-label="您的回答"><h2>您的回答</h2>'
    "{% summary_list rows narrow=True %}</aside>{% endblock %}"
)


def render(
    base: str, *, actor: str = "", elder: bool = False, wrong: bool = False, aside: bool = False
) -> str:
    """One gallery page as a browser would get it."""
    request = RequestFactory().get("/accessibility/")
    request.actor = PEOPLE.get(actor)  # type: ignore[attr-defined]
    request.at = AT  # type: ignore[attr-defined]
    if elder:
        request.COOKIES["mq_elder"] = "on"
    source = f'{{% extends "{base}" %}}{{% load i18n mq %}}{MAIN}{ASIDE if aside else ""}'
    form = wrong_form() if wrong else ShopForm()
    return engines["django"].from_string(source).render(samples(form) | {"at": AT}, request)

"""
In which language a page is written: Chinese, or English on public pages for whoever chose it (decision 0010).

The choice is a cookie; the browser's Accept-Language is not read. Staff pages, and what is kept, are Chinese.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from mingqu.ui import text

View = TypeVar("View", bound=Callable[..., Any])

LANGUAGE_COOKIE = "mq_language"
CHINESE, ENGLISH = "zh-hans", "en"
# As written into `lang` of a page.
TAGS = {CHINESE: "zh-CN", ENGLISH: "en"}


def chosen(request: HttpRequest) -> str:
    """What the visitor chose; Chinese when nothing (or nonsense) was chosen."""
    return ENGLISH if request.COOKIES.get(LANGUAGE_COOKIE) == ENGLISH else CHINESE


def only_chinese(view: View) -> View:
    """A public view whose page is for staff or training (sign-in of staff): there in Chinese alone."""
    view.only_chinese = True  # type: ignore[attr-defined]
    return view


def is_only_chinese(view: Callable[..., Any]) -> bool:
    """Whether a view's page never comes in English: a staff page, or one marked."""
    rule = getattr(view, "access_rule", None)
    return getattr(view, "only_chinese", False) or (rule is not None and rule.kind == "staff")


def in_english() -> bool:
    """Whether the page at hand is written in English."""
    return get_language() == ENGLISH


def day(value: date | datetime) -> str:
    """2026年11月21日, or 21 November 2026."""
    return text.en_day(value) if in_english() else text.zh_day(value)


def day_short(value: date | datetime) -> str:
    """11月21日, or 21 November."""
    return text.en_day_short(value) if in_english() else text.zh_day_short(value)


def weekday(value: date | datetime) -> str:
    """周六, or Saturday."""
    return text.en_weekday(value) if in_english() else text.weekday(value)


def weekday_short(value: date | datetime) -> str:
    """周六, or Sat."""
    return text.en_weekday(value)[:3] if in_english() else text.weekday(value)


def weekday_heads() -> list[str]:
    """Monday first, to stand above a calendar."""
    return [name[:3] for name in text.EN_WEEKDAYS] if in_english() else list(text.WEEKDAYS)


def month(value: date) -> str:
    """11月, or Nov with the space that follows it."""
    return f"{text.EN_MONTHS[value.month - 1][:3]} " if in_english() else f"{value.month}月"


def day_of_month(value: date) -> str:
    """21日, or 21."""
    return str(value.day) if in_english() else f"{value.day}日"


def moment(value: datetime) -> str:
    """2026年11月21日（周六）09:12, or Saturday 21 November 2026, 09:12; Beijing time."""
    if in_english():
        return f"{text.en_weekday(value)} {text.en_day(value)}, {text.clock_time(value)}"
    return text.zh_moment(value)


def money(yuan: Any) -> str:
    """1,280.00元, or CNY 1,280.00."""
    return f"CNY {text.money(yuan).removesuffix('元')}" if in_english() else text.money(yuan)


_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A name with its marks and numbers: 行政许可法（第三十二条）, （第五条）, 一件事B99.
CHINESE_RUN = re.compile(rf"[《（]?[{_HAN}][{_HAN}\w·—…、。《》「」『』〔〕（），：；？！%.-]*", re.ASCII)
TAG = re.compile(r"(<[^>]*>)")


# What stands between such names in the marks of English.
_MARKS = str.maketrans(
    {
        "，": ", ",
        "、": ", ",
        "；": "; ",
        "：": ": ",
        "（": " (",
        "）": ")",
        "。": ". ",
        "？": "? ",
        "！": "! ",
    }
)


def known(words: str) -> str:
    """The English that a catalogue has for these very words, or ""."""
    english = gettext(words)
    return english if english != words else ""


def worded(words: str) -> str:
    """Words of a choice list (新办, 变更) as part of a sentence in the language of the page."""
    return known(words) or words


def _between_marked(part: str) -> str:
    """Text without tags, its Chinese names marked, its other marks those of English."""
    found, last = [], 0
    for name in CHINESE_RUN.finditer(part):
        found += [part[last : name.start()].translate(_MARKS), f'<span lang="zh-Hans">{name[0]}</span>']
        last = name.end()
    return "".join((*found, part[last:].translate(_MARKS)))


def marked(words: object) -> object:
    """
    A sentence of the page with the Chinese names in it marked as Chinese; on a Chinese page as it is. Words of choice
    lists (行政许可, 个人) come in the English that their room's catalogue has for them.
    """
    said = str(words)
    if not in_english() or not has_chinese(said) or "lang=" in said:
        return words
    if english := known(said):
        return english
    html = words if isinstance(words, SafeString) else escape(said)
    parts = TAG.split(str(html))
    parts[::2] = map(_between_marked, parts[::2])
    return SafeString("".join(parts))


_UNITS = {
    "个工作日": ("working day", "working days"),
    "日": ("day", "days"),
    "小时": ("hour", "hours"),
    "分钟": ("minute", "minutes"),
    "个月": ("month", "months"),
    "年": ("year", "years"),
    "次": ("time", "times"),
}


def unit(number: int, words: str) -> str:
    """What stands after a number of a period: 个工作日, or " working days" with its space."""
    return f" {_UNITS[words][number != 1]}" if in_english() else words


def has_chinese(words: str) -> bool:
    """Whether any of it is written in Chinese."""
    return re.search(f"[{_HAN}]", words) is not None

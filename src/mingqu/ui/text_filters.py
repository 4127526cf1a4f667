"""Filters of the words on pages: dates, amounts, numbers, masks, and what stays Chinese on an English page."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mingqu.kernel import masking
from mingqu.ui import language, text

register = template.Library()


@register.filter
def nb(value: object) -> SafeString:
    """Keep it on one line: amounts, 文号, short phrases."""
    return format_html('<span class="mq-nb">{}</span>', value)


@register.filter
def zh_date(value: date | datetime | None) -> SafeString | str:
    """2026年11月21日 or 21 November 2026 in a time element; an instant counts as its legal day; nothing for None."""
    if value is None:
        return ""
    return _dated(text.as_day(value), language.in_english())


@register.filter
def zh_day_short(value: date | datetime | None) -> SafeString | str:
    """11月21日, where the year stands on the page already."""
    if value is None:
        return ""
    return _dated_short(text.as_day(value), language.in_english())


# A list says the same few days thirty times.
@lru_cache(maxsize=1024)
def _dated(day: date, _english: bool) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), language.day(day))


@lru_cache(maxsize=1024)
def _dated_short(day: date, _english: bool) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), language.day_short(day))


@register.filter
def zh_date_plain(value: date | datetime | None) -> str:
    """2026年11月21日 without markup, for titles and labels."""
    return "" if value is None else language.day(value)


@register.filter
def zh_instant(value: datetime | None) -> SafeString | str:
    """2026年11月21日 09:12, Beijing time."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}">{} {}</time>', value.isoformat(), language.day(value), text.clock_time(value)
    )


@register.filter
def time_of_day(value: datetime | None) -> str:
    """09:12, Beijing time."""
    return "" if value is None else text.clock_time(value)


@register.filter
def zh_weekday(value: date | datetime | None) -> str:
    return "" if value is None else language.weekday(value)


@register.filter
def period(value: int, unit: str) -> str:
    """5个工作日, or 5 working days; `unit` in Chinese (`language.unit` has them)."""
    return f"{value}{language.unit(value, unit)}"


@register.filter
def money(value: Decimal | int | None) -> SafeString | str:
    """1,280.00元 from yuan."""
    return "" if value is None else format_html('<span class="mq-nb mq-num">{}</span>', language.money(value))


@register.filter
def case_number(value: str) -> SafeString:
    """990104 20261109 000318 to read; copied as one number, because the gaps are margins and not spaces."""
    return _in_groups(text.number_groups(value))


@register.filter
def query_code(value: str) -> SafeString:
    """An eight-character query code in two groups."""
    return _in_groups(text.number_groups(value, (4, 4)))


def _in_groups(groups: Sequence[str]) -> SafeString:
    # One piece and not a joint of pieces: a list has thirty of them.
    return format_html(f'<span class="mq-code mq-groups">{"<span>{}</span>" * len(groups)}</span>', *groups)


@register.filter
def mask_name(value: str | None) -> str:
    return masking.mask_name(value) if value else ""


@register.filter
def mask_number(value: str | None) -> SafeString | str:
    return format_html('<span class="mq-code">{}</span>', masking.mask_number(value)) if value else ""


@register.filter
def mask_phone(value: str | None) -> SafeString | str:
    return format_html('<span class="mq-code">{}</span>', masking.mask_phone(value)) if value else ""


@register.filter
def zh(value: object) -> object:
    """
    What stays Chinese (names of services, articles), marked as such on an English page. Words of choice lists come in
    the English that a catalogue has for them.
    """
    if not language.in_english() or not language.has_chinese(str(value)):
        return value
    return language.known(str(value)) or format_html('<span lang="zh-Hans">{}</span>', value)


@register.filter
def zh_parts(value: object) -> object:
    """A sentence of the page into which a Chinese name was written (请填写…): the name is marked."""
    return language.marked(value)


@register.simple_tag
def zh_lang_of(value: object) -> SafeString:
    """Inside a tag: ` lang="zh-Hans"` when its text is Chinese on an English page."""
    marked = language.in_english() and language.has_chinese(str(value))
    return SafeString(' lang="zh-Hans"') if marked else SafeString("")


@register.simple_tag
def zh_lang() -> SafeString:
    """Inside a tag: ` lang="zh-Hans"` on an English page, nothing on a Chinese one."""
    return SafeString(' lang="zh-Hans"') if language.in_english() else SafeString("")

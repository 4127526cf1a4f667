"""How dates, amounts and numbers are written on a page (look: Chinese text), and days as people type them. Pure."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

from mingqu.kernel.legal_day import BEIJING, legal_day

WEEKDAYS = "一二三四五六日"
EN_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EN_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
CASE_NUMBER_GROUPS = (6, 8, 6)  # region, day, serial
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?|(\d{4})(\d{2})", re.ASCII)


def day_written(words: str) -> date | None:
    """2026-11-09, 2026/11/9, 20261109 or 2026年11月9日 as a date; None for anything else and for days there are not."""
    return _found(_DAY, words)


def month_written(words: str) -> date | None:
    """2026-11, 2026/11, 202611 or 2026年11月 as its first day; None for anything else."""
    return _found(_MONTH, words)


def _found(shape: re.Pattern[str], words: str) -> date | None:
    found = shape.fullmatch("".join(unicodedata.normalize("NFKC", words).split()))
    if found is None:
        return None
    year, month, *day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, *(day or [1]))
    except ValueError:
        return None


def as_day(value: date | datetime) -> date:
    """The legal day of an instant, or the day itself."""
    return legal_day(value) if isinstance(value, datetime) else value


def zh_day(value: date | datetime) -> str:
    """2026年11月21日"""
    day = as_day(value)
    return f"{day.year}年{day.month}月{day.day}日"


def zh_day_short(value: date | datetime) -> str:
    """11月21日, where the year stands on the page already."""
    day = as_day(value)
    return f"{day.month}月{day.day}日"


def weekday(value: date | datetime) -> str:
    """周六"""
    return f"周{WEEKDAYS[as_day(value).weekday()]}"


def en_day(value: date | datetime) -> str:
    """21 November 2026"""
    return f"{en_day_short(value)} {as_day(value).year}"


def en_day_short(value: date | datetime) -> str:
    """21 November, where the year stands on the page already."""
    day = as_day(value)
    return f"{day.day} {EN_MONTHS[day.month - 1]}"


def en_weekday(value: date | datetime) -> str:
    """Saturday"""
    return EN_WEEKDAYS[as_day(value).weekday()]


def clock_time(value: datetime | time) -> str:
    """09:12, Beijing time."""
    if isinstance(value, datetime):
        value = value.astimezone(BEIJING).time()
    return f"{value:%H:%M}"


def zh_moment(value: datetime) -> str:
    """2026年11月21日（周六）09:12, Beijing time."""
    return f"{zh_day(value)}（{weekday(value)}）{clock_time(value)}"


def money(yuan: Decimal | int) -> str:
    """1,280.00元. Takes yuan; a float is refused because it can't hold fen exactly."""
    if isinstance(yuan, float):
        raise TypeError("an amount is a Decimal or int of yuan")
    return f"{Decimal(yuan):,.2f}元"


def number_groups(number: str, sizes: tuple[int, ...] = CASE_NUMBER_GROUPS) -> list[str]:
    """
    Cut a number into groups to be read aloud; a number of another length stays whole. The letter of a bundle's number
    goes with its first group.
    """
    digits = str(number).replace(" ", "")
    if digits[:1].isalpha() and len(digits) == sum(sizes) + 1:
        first, *others = number_groups(digits[1:], sizes)
        return [digits[0] + first, *others]
    if len(digits) != sum(sizes):
        return [digits]
    groups, start = [], 0
    for size in sizes:
        groups.append(digits[start : start + size])
        start += size
    return groups

"""How articles, dates and quantities are written, in the language of the page at hand: Chinese, or English."""

from datetime import date, datetime

from mingqu.clocks.types import Article, Unit
from mingqu.kernel.errors import spoken, to_citizens
from mingqu.kernel.legal_day import BEIJING, legal_day

DIGITS = "零一二三四五六七八九"
HOW = to_citizens("年月日")  # day, month and year stand in another order in English
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
UNITS = {
    Unit.WORKING_DAYS: "working day",
    Unit.DAYS: "day",
    Unit.HOURS: "hour",
    Unit.MINUTES: "minute",
    Unit.MONTHS: "month",
    Unit.YEARS: "year",
}


def say(sentence: str, **given: object) -> str:
    """A sentence marked `to_citizens` with what is filled in, in the language of the page."""
    return spoken(sentence).format(**given)


def in_chinese() -> bool:
    return spoken(HOW) == HOW


def numeral(number: int) -> str:
    """1 to 9999 in Chinese numerals as laws number their articles: 203 → 二百零三, 12 → 十二."""
    if not 0 < number < 10_000:
        raise ValueError(f"no article has the number {number}")
    text, gap = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + unit
            gap = False
        elif text:
            gap = True
    return text[1:] if text.startswith("一十") else text


def article_text(article: Article | None) -> str:
    """《行政许可法》第三十二条第一款第（四）项; empty for none."""
    if article is None:
        return ""
    if not in_chinese():
        return _article_in_english(article)
    text = f"《{article.law}》第{numeral(article.article)}条"
    if article.paragraph:
        text += f"第{numeral(article.paragraph)}款"
    if article.item:
        text += f"第（{numeral(article.item)}）项"
    return text


def _article_in_english(article: Article) -> str:
    """The name of a law stays Chinese."""
    text = f"《{article.law}》, article {article.article}"
    if article.paragraph:
        text += f", paragraph {article.paragraph}"
    return f"{text}, item {article.item}" if article.item else text


def day_text(day: date) -> str:
    if not in_chinese():
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


def instant_text(instant: datetime) -> str:
    local = instant.astimezone(BEIJING)
    if not in_chinese():
        return f"{day_text(legal_day(instant))} {local:%H:%M}"
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def quantity(number: int, unit: Unit) -> str:
    if not in_chinese():
        return f"{number} {UNITS[unit]}" + ("" if number == 1 else "s")
    return f"{number}{unit.text}"

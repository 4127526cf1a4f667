"""How articles, dates and quantities are written in Chinese."""

from datetime import date, datetime

from mingqu.clocks.types import Article, Unit
from mingqu.kernel.legal_day import BEIJING

DIGITS = "零一二三四五六七八九"


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
    text = f"《{article.law}》第{numeral(article.article)}条"
    if article.paragraph:
        text += f"第{numeral(article.paragraph)}款"
    if article.item:
        text += f"第（{numeral(article.item)}）项"
    return text


def day_text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def instant_text(instant: datetime) -> str:
    local = instant.astimezone(BEIJING)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def quantity(number: int, unit: Unit) -> str:
    return f"{number}{unit.text}"

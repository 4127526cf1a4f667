"""
How laws are cited, and which version counts on a day. Pure.

A citation is written 《法律名》第…条第…款第（…）项; after 、和及或至 further articles, 款 or 项 of the same law follow.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice, pairwise

import regex

from mingqu.kernel.errors import spoken, to_citizens
from mingqu.law.types import Citation, State

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
INFERRED_AFTER = timedelta(days=366)
MOST = 500  # of one text: no guide and no list entry quotes more, and each is looked up, kept and shown
LONGEST_RANGE = 60  # 第三条至第九条 is each of them; a longer one is most likely misread
LAW_ENDS = (
    *("法", "条例", "规定", "办法", "细则", "规则", "决定", "通则", "规程", "宪法", "准则", "解释", "章程"),
    *("通知", "意见", "方案", "批复", "命令", "公告", "目录", "清单", "标准", "规范", "修正案"),
)

_BRACKETS = str.maketrans("()<>《》", "（）〈〉〈〉")
NUMBER = r"[〇零一二三四五六七八九十百千两\d]{1,9}"
_LAW = regex.compile(r"《((?:[^《》]|《[^《》]*+》)++)》")
_ASIDE = regex.compile(r"\s*[（(][^（）()《》]{0,60}[）)]")  # （国务院令第588号）
_ARTICLE = regex.compile(rf"\s*(?:的|之)?\s*第\s*({NUMBER})\s*条(?:\s*之\s*({NUMBER}))?")
_ARTICLE_ALONE = regex.compile(rf"第?\s*({NUMBER})\s*条?(?:\s*之\s*({NUMBER}))?")
_PARAGRAPH = regex.compile(rf"\s*(?:的)?\s*第\s*({NUMBER})\s*款")
_POINT = regex.compile(rf"\s*(?:的)?\s*第\s*[（(]?\s*({NUMBER})\s*[）)]?\s*项")
_AND = regex.compile(r"\s*(?:[、，,]\s*(?:和|及|以及|或者?|并)?|和|及|以及|或者?|与|并)\s*(?=第)")
_TO = regex.compile(r"\s*(?:至|到|-|－|—|–|~|～)\s*(?=第)")
_EDITION = regex.compile(r"[（(].{0,16}(?:修正|修订|修改|施行|公布|版)[）)]$")


def number_of(text: str) -> int:
    """四十二, 一百零三, 两千, 42, ４２ → the number; 0 for what is none."""
    if text.isdecimal():
        return int(text)
    total = unit = 0
    for sign in text:
        if sign in DIGITS:
            unit = unit * 10 + DIGITS[sign]
        elif sign in UNITS:
            total, unit = total + (unit or 1) * UNITS[sign], 0
        else:
            return 0
    return total + unit


def numeral(number: int) -> str:
    """1 to 9999 as laws write it: 42 → 四十二, 103 → 一百零三, 1010 → 一千零一十."""
    signs, text, zero = "零一二三四五六七八九", "", False
    for value, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // value % 10
        text += ("零" if zero and digit else "") + (signs[digit] + name if digit else "")
        zero = bool(text) and not digit
    return text[1:] if text.startswith("一十") else text


def key_of(name: str) -> str:
    """One form for the ways a law is named: 《中华人民共和国行政许可法》（2019年修正） and 行政许可法 are the same."""
    plain = "".join(name.split()).strip("《》")
    plain = _EDITION.sub("", plain) or plain
    plain = plain.translate(_BRACKETS)
    return plain.replace("中华人民共和国", "") or plain


def article_of(text: str) -> tuple[int, int]:
    """42, 四十二, 第四十二条之一 → number and suffix; (0, 0) for what is none."""
    match = _ARTICLE_ALONE.fullmatch(text.strip())
    return (number_of(match[1]), number_of(match[2] or "")) if match else (0, 0)


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def words_of(article: int, suffix: int = 0, paragraph: int = 0, point: int = 0) -> str:
    """第四十二条之一第一款第（二）项; "" for the law as a whole."""
    text = f"第{numeral(article)}条" if article else ""
    text += f"之{numeral(suffix)}" if suffix else ""
    text += f"第{numeral(paragraph)}款" if paragraph else ""
    return text + (f"第（{numeral(point)}）项" if point else "")


def written(cited: Citation) -> str:
    """A citation as laws write it."""
    return f"《{cited.law}》" + words_of(cited.article, cited.suffix, cited.paragraph, cited.point)


def citations(text: str) -> list[Citation]:
    """
    What a text cites, in its order. A law without an article counts as the law as a whole (article 0), but only if its
    name ends as laws and official documents do, so that 《申请书》 is none. At most MOST.
    """
    return list(islice(_cited(text), MOST))


def _cited(text: str) -> Iterator[Citation]:
    for law in _LAW.finditer(text):
        name = "".join(law[1].split())
        aside = _ASIDE.match(text, law.end())
        after = aside.end() if aside else law.end()
        first = _ARTICLE.match(text, after)
        if first is None:
            if key_of(name).split("（")[0].endswith(LAW_ENDS):
                yield Citation(name, 0, 0, 0, law.start(), law.end())
            continue
        yield from _listed(text, name, law.start(), first)


def _listed(text: str, name: str, start: int, first: "regex.Match[str]") -> Iterator[Citation]:
    """The articles, 款 and 项 after a law's name, as far as the list goes."""
    one, ranged = _article(name, start, first), False
    while True:
        one = _finer(text, one)
        yield one
        joint = _AND.match(text, one.end) or _TO.match(text, one.end)
        if joint is None:
            return
        ranged = _AND.match(text, one.end) is None
        following = _next(text, one, joint.end())
        if following is None:
            return
        if ranged:
            yield from _between(one, following)
        one = following


def _article(name: str, start: int, match: "regex.Match[str]") -> Citation:
    return Citation(
        name, number_of(match[1]), 0, 0, start, match.end(), number_of(match[2]) if match[2] else 0
    )


def _finer(text: str, one: Citation) -> Citation:
    """With the 款 and 项 that follow at once."""
    if not one.paragraph and not one.point and (match := _PARAGRAPH.match(text, one.end)):
        one = replace(one, paragraph=number_of(match[1]), end=match.end())
    if not one.point and (match := _POINT.match(text, one.end)):
        one = replace(one, point=number_of(match[1]), end=match.end())
    return one


def _next(text: str, one: Citation, at: int) -> Citation | None:
    """The following member of the list: another article, another 款 of the same article, another 项 of the same 款."""
    if match := _ARTICLE.match(text, at):
        return _article(one.law, at, match)
    if match := _PARAGRAPH.match(text, at):
        return replace(one, paragraph=number_of(match[1]), point=0, start=at, end=match.end())
    if match := _POINT.match(text, at):
        return replace(one, point=number_of(match[1]), start=at, end=match.end())
    return None


def _between(low: Citation, high: Citation) -> Iterator[Citation]:
    """What 至 leaves unsaid between two articles, 款 or 项; they stand where the end of the range stands."""
    for field in ("article", "paragraph", "point"):
        first, last = getattr(low, field), getattr(high, field)
        if first != last:
            if last - first <= LONGEST_RANGE:
                yield from (_with(high, field, number) for number in range(first + 1, last))
            return


def _with(cited: Citation, field: str, number: int) -> Citation:
    if field == "article":
        return replace(cited, article=number, paragraph=0, point=0, suffix=0)
    return replace(cited, paragraph=number, point=0) if field == "paragraph" else replace(cited, point=number)


@dataclass(frozen=True)
class Edition:
    """
    One version of a law as far as its days are known; None: the source does not say.

    `decided_on`: passed or made public. `since`: in force from. `repealed`: marked as no longer in force; `until`:
    first day no longer in force. `as_of`: the day for which the source says all this.
    """

    label: str
    decided_on: date | None
    since: date | None
    as_of: date
    repealed: bool = False
    until: date | None = None


@dataclass(frozen=True)
class Found:
    """Which version answers for a day, in what state, and from when to when it counts, as far as that is known."""

    edition: Edition
    state: State
    since: date | None
    until: date | None
    successor: Edition | None


def begun(one: Edition, before: Edition | None, on: date) -> bool | None:
    """
    Has this version come into force by that day? None: it can't be said.

    Where no day is stated: not before it was decided; certainly when the source marks the version before as over; else,
    being listed as valid by the source, a year after it was decided (the sentence says that it is an inference).
    """
    if one.since is not None:
        return one.since <= on
    if one.decided_on is None:
        return None
    if on < one.decided_on:
        return False
    if before is not None and before.repealed and one.as_of <= on:
        return True
    return True if one.decided_on + INFERRED_AFTER <= min(on, one.as_of) else None


def ended(one: Edition, successor: Edition | None, on: date) -> bool | None:
    """Has this version ceased by that day? The next version ends it; so does a repeal."""
    if one.until is not None:
        return one.until <= on
    by_next = begun(successor, one, on) if successor else False
    if by_next or (one.repealed and one.as_of <= on):
        return True
    if by_next is None or (one.repealed and successor is None):
        return None
    return False


def in_order(editions: Iterable[Edition]) -> list[Edition]:
    return sorted(editions, key=lambda one: (one.decided_on or one.since or date.min, one.label))


def on_day(editions: Sequence[Edition], on: date) -> Found | None:
    """
    The version that counts on a day; None without any version.

    The newest that has begun answers; before the first one has, the first; what can't be said is `unknown_date`.
    """
    ordered = in_order(editions)
    if not ordered:
        return None
    unsure: Found | None = None
    for before, one, successor in reversed(list(_neighbours(ordered))):
        has = begun(one, before, on)
        if has is None:
            unsure = unsure or _found(one, successor, "unknown_date")
        if not has:
            continue
        if unsure is not None:
            return unsure
        over = ended(one, successor, on)
        state: State = "repealed" if over else "unknown_date" if over is None else "in_force"
        return _found(one, successor, state)
    return unsure or _found(ordered[0], ordered[1] if len(ordered) > 1 else None, "not_yet")


def _neighbours(
    ordered: Sequence[Edition],
) -> Iterator[tuple[Edition | None, Edition, Edition | None]]:
    return zip([None, *ordered], ordered, [*ordered[1:], None], strict=False)


def _found(one: Edition, successor: Edition | None, state: State) -> Found:
    until = one.until or (successor.since if successor else None)
    return Found(one, state, one.since, until, successor)


def grams(text: str) -> list[int]:
    """
    The pairs of neighbouring signs of a text, as numbers: what the search for words in articles looks up. Signs beyond
    the basic plane share numbers; the search reads the text again.
    """
    signs = [ord(sign) & 0xFFFF for sign in "".join(text.split())]
    return sorted({(a << 15 ^ b) & 0x7FFFFFFF for a, b in pairwise(signs)})


def sentence(name: str, found: Found, day: Callable[[date], str] | None = None) -> str:
    """
    The state of a law on a day in words, with what the source leaves open, in the language of the page; `day` writes a
    date in it.
    """
    one, write = found.edition, day or day_words
    given = {
        "law": f"《{name}》",
        "as_of": write(one.as_of),
        "since": write(one.since) if one.since else "",
        "until": write(found.until) if found.until else "",
    }
    return spoken(_standing(found)).format(**given)


def _standing(found: Found) -> str:
    """Which sentence it is."""
    one = found.edition
    if found.state == "in_force":
        if one.since and found.until:
            return to_citizens("{law}这一版自{since}起施行，到{until}为止，现行有效（截至{as_of}的资料）。")
        if one.since:
            return to_citizens("{law}这一版自{since}起施行，现行有效（截至{as_of}的资料）。")
        return to_citizens(
            "{law}按现行有效对待：来源没有标明失效，也没有写明这一版从哪天起施行（截至{as_of}的资料）。"
        )
    if found.state == "not_yet":
        if one.since:
            return to_citizens("{law}自{since}起施行，这一天还没有施行。")
        return to_citizens("{law}这一天还没有公布。")
    if found.state == "repealed":
        if found.until:
            return to_citizens("{law}这一版自{until}起失效。")
        return to_citizens("{law}已经失效，从哪天起来源没有写明（截至{as_of}的资料）。")
    if one.repealed or found.until:
        return to_citizens(
            "{law}已标明失效，但从哪天起来源没有写明，这一天是否有效不能断定（截至{as_of}的资料）。"
        )
    return to_citizens("{law}从哪天起施行，来源没有写明，这一天是否有效不能断定（截至{as_of}的资料）。")


def of_edition(editions: Sequence[Edition], label: str, on: date) -> Found:
    """What one version, chosen by its label, is on a day. Raises KeyError."""
    for before, one, successor in _neighbours(in_order(editions)):
        if one.label != label:
            continue
        has = begun(one, before, on)
        if not has:
            return _found(one, successor, "not_yet" if has is False else "unknown_date")
        over = ended(one, successor, on)
        return _found(one, successor, "repealed" if over else "unknown_date" if over is None else "in_force")
    raise KeyError(label)


def anchor(number: int, suffix: int = 0) -> str:
    """Where an article stands on the page of its law: a42, a42-1; text in no article t0, t1."""
    if not number:
        return f"t{suffix}"
    return f"a{number}-{suffix}" if suffix else f"a{number}"

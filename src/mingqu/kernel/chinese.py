"""
Sounds and kinds of Chinese words, from large dictionaries.

They are read when first asked for (0.8 s of CPU and some 60 MB a process): relay, scheduler and most workers never
ask, and each of them starts anew after every fault.
"""

from functools import cache
from types import ModuleType


def sounds(text: str) -> list[str]:
    """食品 → ["shi", "pin"]: one for each character, without tones; what has no sound stays as it is."""
    found: list[str] = _pypinyin().lazy_pinyin(text)
    return found


def initials(text: str) -> list[str]:
    """食品 → ["s", "p"]."""
    pypinyin = _pypinyin()
    found: list[str] = pypinyin.lazy_pinyin(text, style=pypinyin.Style.FIRST_LETTER)
    return found


def words(text: str) -> list[tuple[str, str]]:
    """食品安全 → [("食品安全", "n")]: each word with jieba's letters of its kind; "nr" is a person's name."""
    found: list[tuple[str, str]] = _rjieba().tag(text, False)
    return found


def load() -> None:
    """Read them now: a process that answers searches does it before its first."""
    _pypinyin(), _rjieba()


@cache
def _pypinyin() -> ModuleType:
    import pypinyin

    return pypinyin


@cache
def _rjieba() -> ModuleType:
    import rjieba

    return rjieba

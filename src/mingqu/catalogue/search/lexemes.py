"""
What of a text stands in the index: pure.

Chinese is cut into pairs of characters, so that any part of a word is found; sounds (pinyin, softened so that zh and
z, ing and in are one) into runs of five letters; initials into runs of three. What narrows a search stands in the same
index behind an @, so that one look answers words and filters together.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from mingqu.catalogue.search.types import Narrow, Source
from mingqu.catalogue.types import life_event_name
from mingqu.kernel import chinese

SOUND, INITIALS, FILTER, WHOLE = "~", "#", "@", "="
SOUND_RUN, INITIALS_RUN = 5, 3
# Rollups: how many items of 个人, 法人, all have it; REGIONS of all only.
THEMES, ORGANS, EVENTS, ALL, LETTERS, REGIONS = "T", "D", "E", "A", "I", "R"
# Before the letter of a rollup: of a training region. Lists hide these items but for who asks for the region or the
# department, so they are counted apart; those of a department always count.
APART = "x"
COUNTED_APART = frozenset({THEMES, EVENTS, ALL, LETTERS, REGIONS})
PERSONAL = "natural_person"  # of the list `audience`
LETTERS_SHOWN = 2
BODY_AT_MOST = 1200  # characters of materials, situations … that are kept
LEXEME_AT_MOST = 60
_SOFT = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_RUNS = re.compile(r"[㐀-鿿\U00020000-\U0003ffff]+|[a-z0-9]+")
_NOT_WORDS = re.compile(r"[^㐀-鿿\U00020000-\U0003ffffa-z0-9]+")


def normal(text: str) -> str:
    """One spelling: half width, small letters, signs as single spaces."""
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def pairs(text: str) -> list[str]:
    """The pairs of characters of normal text, and Latin words and numbers whole; a lone character stands for itself."""
    found: list[str] = []
    for run in _RUNS.findall(text):
        if run[0] < "{" or len(run) == 1:
            found.append(run[:LEXEME_AT_MOST])
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


@lru_cache(maxsize=50_000)
def sound(text: str) -> str:
    """食品经营许可 → sipinjinyinxuke: softened, without tones; what has no sound is left out."""
    return soft("".join(chinese.sounds(text.replace(" ", ""))))


def soft(letters: str) -> str:
    """Sounds that many people do not tell apart become one."""
    for hard, easy in _SOFT:
        letters = letters.replace(hard, easy)
    return letters


@lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """食品经营许可 → spjyxk."""
    return "".join(chinese.initials(text.replace(" ", ""))).lower()


def runs(letters: str, length: int) -> list[str]:
    """All runs of that many letters; fewer letters are one run."""
    return [letters[i : i + length] for i in range(max(1, len(letters) - length + 1))] if letters else []


def region_lexemes(code: str) -> list[str]:
    """One lexeme for the region and each above it: 990104001000 → 99, 9901, 990104, 990104001."""
    short = region_stem(code)
    return [short[:size] for size in (2, 4, 6, 9, 12) if size <= len(short)]


def region_stem(code: str) -> str:
    """The digits of a division code that say something: 990104000000 → 990104, 440000 → 44."""
    for size in (2, 4, 6, 9):
        if not code[size:].strip("0"):
            return code[:size]
    return code


def groups(audience: Iterable[str]) -> list[str]:
    """个人 and 法人 among the audiences, and all."""
    codes = set(audience)
    return ["all", *["personal"] * (PERSONAL in codes), *["legal"] * bool(codes - {PERSONAL})]


def filters(of: Source, *, training: bool = False) -> list[str]:
    """What a search can be narrowed to, as lexemes; `training`: its region is marked for training."""
    found = [f"r:{code}" for code in region_lexemes(of.region_code)]
    found += [f"a:{code}" for code in of.audience] + [f"e:{event}" for event in of.life_events]
    found += [
        f"t:{of.theme}",
        f"d:{of.department_code}",
        f"h:{of.handling_kind}",
        f"i:{of.item_type}",
        f"k:{of.kind}",
    ]
    if of.kind == "item":
        found += [one for group in groups(of.audience) for one in _rollup(group, of)]
        found += [f"{REGIONS}:all:{stem}" for stem in region_lexemes(of.region_code)]
        found = [_apart(one) for one in found] if training else found
    return [FILTER + one for one in dict.fromkeys(found)] + (
        [f"{FILTER}g:applicable"] if of.applicable else []
    )


def _apart(rollup: str) -> str:
    return APART + rollup if rollup[0] in COUNTED_APART else rollup


def moved(lexeme: str, *, training: bool) -> str:
    """The lexeme as it stands after the mark of its entry's region was set or taken."""
    plain = lexeme.removeprefix(FILTER).removeprefix(APART)
    if not lexeme.startswith(FILTER) or plain[:1] not in COUNTED_APART or plain[1:2] != ":":
        return lexeme
    return FILTER + (_apart(plain) if training else plain)


def _rollup(group: str, of: Source) -> list[str]:
    """What the counts beside the ways to narrow a list are kept under."""
    events = [f"{EVENTS}:{group}:{event}" for event in of.life_events]
    return [
        f"{THEMES}:{group}:{of.theme}",
        f"{ORGANS}:{group}:{of.department_code}",
        f"{ALL}:{group}:",
        f"{LETTERS}:{group}:{initials(normal(of.name))[:LETTERS_SHOWN]}",
        *events,
    ]


def narrowing(to: Narrow, audience_codes: Iterable[str] = ()) -> list[list[str]]:
    """Groups of lexemes: of each group one must stand there."""
    groups = [[f"a:{code}" for code in audience_codes]] if to.audience != "all" else []
    single = {"t": to.theme, "d": to.department, "e": to.life_event, "h": to.handling_kind, "i": to.item_type}
    single |= {"g": to.gate, "k": to.kind, "r": region_stem(to.region)}
    groups += [[f"{letter}:{value}"] for letter, value in single.items() if value]
    found = [[FILTER + one for one in group] for group in groups if group]
    if to.codes is not None:  # by the lexeme that a code is; of none at all nothing is found
        found.append(sorted(one.lower()[:LEXEME_AT_MOST] for one in to.codes) or [f"{FILTER}none:"])
    return found


def body(of: Source) -> str:
    """Everything besides names, as normal text."""
    events = [life_event_name(one) for one in of.life_events]
    told = [of.summary, of.theme, *events, of.department_name, *of.situations, *of.materials]
    return " ".join(normal(text) for text in told if text)[:BODY_AT_MOST]


def lexemes(of: Source, *, training: bool = False) -> list[str]:
    """All lexemes of an entry, each once, in order."""
    names = [normal(name) for name in (of.name, *of.aliases) if name]
    found = [*filters(of, training=training), of.code.lower()[:LEXEME_AT_MOST]]
    for name in names:
        found += [WHOLE + name.replace(" ", "")[:LEXEME_AT_MOST], *pairs(name)]
        found += [SOUND + run for run in runs(sound(name), SOUND_RUN)]
        found += [INITIALS + run for run in runs(initials(name), INITIALS_RUN)]
    return sorted({*found, *pairs(body(of))})

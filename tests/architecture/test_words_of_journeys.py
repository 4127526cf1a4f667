"""
What a long journey presses, follows or fills in still stands somewhere: the long run comes seldom, and a button that
was given another name would be found weeks later. Only the words are held here; that the way goes on, by the journey.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.architecture.house import ROOT, SOURCE

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Numbers are the page's; of a pattern its plain pieces are held.
CUT = re.compile(r"(?:\[[^]]*\]|[\d\s\\^$.*+?()|：])+")
# Where something is called by its words.
BUTTON, LINK, ANY = "button", "link", "any"
NAMED = r"{% translate [^%]* as .*?%}"
STANDS = {
    BUTTON: re.compile(rf"<(button|summary)\b[^>]*>.*?</\1>|{{% button .*?%}}|{NAMED}", re.DOTALL),
    LINK: re.compile(rf"<a\b.*?</a>|{{% (?!\w*translate|waiting|turn).*?%}}|{NAMED}", re.DOTALL),
    ANY: re.compile(r"\A.*\Z", re.DOTALL),
}
# {% translate "…" %}, {% button _("…") %}; what a part of the page is called by
SAID = re.compile(r'{% \w+ (?:_\()?"([^"]*)".*?%}|aria-label="([^"]*)"')
FILLED = re.compile(r'{%.*?%}|{{.*?}}|{[^{}"\n]*}')  # what only the page of the day says
GAP = "\0"
CALLED = re.compile(r'"([^"。：]{1,16})"|^ *(?:- )?\w+: (\w+)$')  # a short literal, a value of YAML
# Which arguments of a person's method name something.
METHODS: dict[str, tuple[str, slice]] = {
    "press": (BUTTON, slice(1)),
    "follow": (LINK, slice(1)),
    **{
        one: (ANY, slice(None))
        for one in ("choose", "choose_in", "sees", "not_sees", "waits_for", "waits_without")
    },
    **{one: (ANY, slice(1)) for one in ("download", "part", "fill_date", "sign", "upload", "get_by_label")},
}


def journeys() -> list[Path]:
    """Those in a browser that the short run leaves out, and what all of them share."""
    found = {
        path: path.read_text("utf-8") for base in (ROOT / "tests", SOURCE) for path in base.rglob("test_*.py")
    }
    long = [path for path, text in found.items() if "mark.long" in text and "mark.browser" in text]
    return sorted([*long, ROOT / "tests/journeys/people.py"])


def pieces(node: ast.expr) -> list[str]:
    """The Chinese pieces of what an argument says; what comes from elsewhere says nothing here."""
    match node:
        case ast.Constant(value=str(text)):
            said = [text]
        case ast.JoinedStr(values=values):
            said = [str(one.value) for one in values if isinstance(one, ast.Constant)]
        case ast.Call(func=ast.Attribute(attr="compile"), args=args):
            said = [piece for arg in args for piece in pieces(arg)]
        case _:
            said = []
    return [piece for text in said for piece in CUT.split(text) if CHINESE.search(piece)]


def naming(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Where this call looks, and the argument that says for what."""
    method = isinstance(call.func, ast.Attribute)
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    given = {one.arg: one.value for one in call.keywords}
    if name == "get_by_role" and "name" in given:
        role = ast.literal_eval(call.args[0])
        yield role if role in STANDS else ANY, given["name"]
    elif name == "select_option" and "label" in given:
        yield ANY, given["label"]
    elif name == "fill" and method and len(call.args) > 1:
        yield ANY, call.args[0]
    elif name == "act":
        yield from zip((LINK, BUTTON, ANY), call.args[1:4], strict=False)
    elif method and name in METHODS:
        where, which = METHODS[name]
        yield from ((where, arg) for arg in call.args[which])


def sought(text: str) -> dict[tuple[str, str], int]:
    """Where and words → a line; not what the journey itself says or types elsewhere, such as names it gives."""
    tree = ast.parse(text)
    found = [
        (where, arg) for call in ast.walk(tree) if isinstance(call, ast.Call) for where, arg in naming(call)
    ]
    names = {id(one) for _where, arg in found for one in ast.walk(arg)}
    own = [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and id(one) not in names]
    said = GAP.join(one for one in own if isinstance(one, str))
    return {(where, one): arg.lineno for where, arg in found for one in pieces(arg) if one not in said}


def plain(text: str) -> str:
    """Words as they are read, with a gap where the page of the day says more."""
    shown = SAID.sub(lambda one: one[1] or f">{one[2]}<", text)
    return FILLED.sub(GAP, re.sub(r"<[^>]*>", "", shown))


@cache
def read(*kinds: str) -> list[str]:
    """What is not of tests, by the end of its name."""
    apart = {"tests", "migrations", "vendor"}
    found = (path for path in SOURCE.rglob("*") if path.suffix in kinds and not apart & set(path.parts))
    return [path.read_text("utf-8") for path in found]


@cache
def made() -> str:
    """What the factories of tests call what they make."""
    found = (path for path in SOURCE.rglob("tests/*.py") if not path.name.startswith("test_"))
    return "\n".join(path.read_text("utf-8") for path in found)


@cache
def elsewhere(where: str) -> str:
    """What Python, data and scripts may make a page say there: no button and no link is called by a sentence."""
    lines = (line for text in read(".py", ".yaml", ".js") for line in text.splitlines() if not line.isascii())
    said = lines if where == ANY else (one for line in lines for pair in CALLED.findall(line) for one in pair)
    return "\n".join(one for whole in said for one in (whole, FILLED.sub(GAP, whole)))


@cache
def written(where: str) -> str:
    """All that pages say there, or may be made to say."""
    said = (one.group() for text in read(".html") for one in STANDS[where].finditer(text))
    return "\n".join([plain(GAP.join(said)), elsewhere(where)])


def stands(words: str, where: str, text: str) -> bool:
    """Whole, or in parts of which one is filled in beside the other; a sentence may have more of them than a name."""
    least = 1 if where == ANY else 2
    return words in text or any(
        (a + GAP in text or GAP + b in text) and a in text and stands(b, where, text)
        for a, b in ((words[:cut], words[cut:]) for cut in range(least, len(words) - least + 1))
    )


def lost(path: Path) -> list[str]:
    found = sought(path.read_text("utf-8"))
    return [
        f"{path.relative_to(ROOT)}:{line} {where} {words}"
        for (where, words), line in found.items()
        if words not in made() and not stands(words, where, written(where))
    ]


def test_what_a_long_journey_presses_and_fills_in_still_stands_on_a_page() -> None:
    long = journeys()

    assert len(long) > 10
    assert [one for path in long for one in lost(path)] == []


def test_the_check_sees_words_that_no_page_has() -> None:
    journey = """
officer.press("提交申请")
officer.follow(re.compile("去改(别的)?日期"))
officer.fill("叫它什么", "夜间集市")
officer.sees("夜间集市")
"""
    assert [words for _where, words in sought(journey)] == ["提交申请", "去改", "别的", "日期", "叫它什么"]

    page = '<a>提交申请</a><button>{% translate "去改" %}日期</button>加一个{{ line.name }}'
    buttons = plain("".join(one.group() for one in STANDS[BUTTON].finditer(page)))
    assert (stands("去改日期", BUTTON, buttons), stands("提交申请", BUTTON, buttons)) == (True, False)
    lists = [page, page + "依据"]
    assert [stands("加一个依据", BUTTON, plain(one)) for one in lists] == [False, True]

"""Each refusal has a test that meets it: by its class, its code or its sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, SOURCE

SHORTEST = 4  # signs of a sentence that are its own


def _files(tests: bool) -> Iterator[Path]:
    for path in SOURCE.rglob("*.py"):
        if "migrations" not in path.parts and ("tests" in path.parts) == tests:
            yield path
    if tests:
        yield from (path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))


def _words(node: ast.expr | None) -> str:
    """The text of a constant, also inside `to_citizens(…)`."""
    if isinstance(node, ast.Call) and node.args:
        return _words(node.args[0])
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def refusals() -> dict[str, tuple[str, str]]:
    """Class → its own code and sentence, of every descendant of DomainError that has a code of its own."""
    classes: dict[str, tuple[set[str], dict[str, str]]] = {}
    for path in _files(tests=False):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "class " in text else ():
            if not isinstance(node, ast.ClassDef):
                continue
            own = {
                target.id: _words(line.value)
                for line in node.body
                if isinstance(line, ast.Assign)
                for target in line.targets
                if isinstance(target, ast.Name)
            }
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            classes[node.name] = (bases, own)
    known, grown = {"DomainError"}, True
    while grown:
        more = {name for name, (bases, _own) in classes.items() if bases & known} - known
        known, grown = known | more, bool(more)
    parents = {base for bases, _own in classes.values() for base in bases}
    return {
        name: (own["code"], own.get("sentence", ""))
        for name in known - {"DomainError"}
        for _bases, own in [classes[name]]
        if own.get("code") and (own.get("sentence") or name not in parents)
    }


def of_tests() -> str:
    """The whole text of all tests."""
    return "\n".join(path.read_text("utf-8") for path in _files(tests=True))


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text, re.ASCII))


def named(text: str, words: set[str], name: str, code: str, sentence: str) -> bool:
    pieces = [piece for piece in re.split(r"\{[^}]*\}", sentence) if len(piece) >= SHORTEST]
    return name in words or code in words or any(piece in text for piece in pieces)


def test_every_refusal_is_met_by_a_test() -> None:
    text = of_tests()
    words, found = words_of(text), refusals()
    unmet = [
        f"{name} ({code})" for name, (code, said) in found.items() if not named(text, words, name, code, said)
    ]

    assert len(found) > 350
    assert sorted(unmet) == []


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("raises(OtherUnknown)", False),
        ("raises(errors.Unknown)", True),
        ('code == "hall_unknown"', True),
        ('match="没有这个大厅"', True),
        ("没有找到", False),
    ],
)
def test_a_refusal_is_named_by_class_code_or_sentence(text: str, is_named: bool) -> None:
    assert named(text, words_of(text), "Unknown", "hall_unknown", "{x}没有这个大厅") is is_named

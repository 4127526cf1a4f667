"""What an operator can set stands in docs/operations/settings.md, and nothing stands there that can't be set."""

import ast
import re

from django.conf import settings

from tests.architecture.house import ROOT, SOURCE

NAME = re.compile(r"MINGQU_[A-Z][A-Z_]*[A-Z]")
# Made by the launcher or given to a child by a part of ours; MINGQU_SITE_ is one for each key of MINGQU_SITE.
OURS = {"MINGQU_SUPERUSER_DATABASE_URL"}


def read_from_the_environment() -> set[str]:
    """Names in `os.environ.get("…")`, `environment["…"]`, `_flag("…")`, and constants that hold such names."""
    found: set[str] = set()
    for path in (SOURCE / "config").rglob("*.py"):
        if "tests" not in path.parts:
            found |= _names(ast.parse(path.read_text("utf-8")))
    for room in (
        "kernel/keyring.py",
        "kernel/suites.py",
        "kernel/ledger_keys.py",
        "catalogue/imports/mapping.py",
    ):
        found |= _names(ast.parse((SOURCE / room).read_text("utf-8")))
    return (found | {f"MINGQU_SITE_{key.upper()}" for key in settings.MINGQU_SITE}) - OURS


def _names(tree: ast.Module) -> set[str]:
    texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    return {text for text in texts if NAME.fullmatch(text)}


def test_each_variable_is_documented_and_each_documented_one_is_read() -> None:
    page = (ROOT / "docs/operations/settings.md").read_text("utf-8")
    told = set(re.findall(r"`(MINGQU_\w+)`", page))
    read = read_from_the_environment()
    assert len(read) > 30
    assert sorted(read - told) == []
    assert sorted(told - read) == []


def test_what_code_calls_a_setting_of_the_environment_is_one() -> None:
    """A name read with a silent default (`getattr(settings, …, default)`) can be set by nobody."""
    silent = [
        (path.relative_to(ROOT).as_posix(), name)
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        for name in re.findall(r'getattr\(settings, "(MINGQU_\w+)"', path.read_text("utf-8"))
        if not hasattr(settings, name)
    ]

    assert silent == [("src/mingqu/documents/services/files.py", "MINGQU_UPLOAD_LIMITS")], (
        "tests alone change these limits; settings.md says that they are fixed"
    )

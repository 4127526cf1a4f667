"""A permission that nothing asks for promises what is not there: each is asked for by code of the product."""

import ast
import re
from collections.abc import Iterator

from mingqu.kernel.yaml_text import read_yaml
from tests.architecture.house import SOURCE

ROLES = SOURCE / "identity/roles.yaml"
QUOTED = re.compile(r'"([a-z_]+\.[a-z_]+)"')


def asked_for(tree: ast.Module) -> Iterator[str]:
    """Texts of a module, but the name a command only writes into the ledger: that asks nothing."""
    names = {
        id(call.args[0])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "command"
        and call.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in names:
            yield node.value


def test_each_permission_is_asked_for() -> None:
    permissions = read_yaml(ROLES.read_text("utf-8"))["permissions"]
    asked = {
        text
        for path in SOURCE.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        if set(permissions)
        & set(QUOTED.findall(module := path.read_text("utf-8")))  # the others need not be parsed
        for text in asked_for(ast.parse(module))
    }

    assert len(permissions) > 80
    assert sorted(name for name in permissions if name not in asked) == []


def test_a_commands_name_alone_asks_nothing() -> None:
    tree = ast.parse('with command("case.a", root): pass\naccess.require(by, "case.b")')

    assert list(asked_for(tree)) == ["case.b"]

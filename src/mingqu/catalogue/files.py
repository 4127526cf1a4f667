"""
Definitions as files: YAML or JSON in and out, nothing lost, keys in their order, Chinese as it is. Pure.

YAML is read by the rules of YAML 1.2: only `true` and `false` are yes or no, so that `on:`, `no` and `yes` stay
words, `01` stays a code, and a day stays the text it was written as.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from mingqu.catalogue.errors import DefinitionUnreadable
from mingqu.kernel.foreign_json import DIGITS, JsonRefused, require_storable

MAX_BYTES = 5_000_000


class _Loader(yaml.SafeLoader):
    """Safe, and with the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):  # a few lines could stand for gigabytes
            mark = self.get_mark()
            raise yaml.constructor.ConstructorError(None, None, "别名（*）不能用", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, "键应是文字", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"键“{key}”写了两次", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


class _Dumper(yaml.SafeDumper):
    """Quotes whatever another reader might take for something else than text."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # elements stand under their key, not beside it


_SCALARS = (
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?",
        "-+0123456789",
    ),
)
for _tag, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), list(_first))


def _whole(digits: str) -> int:
    if len(digits) > DIGITS:  # Python refuses thousands of digits with an error of its own
        raise DefinitionUnreadable(line=0, reason="有一个数太长")
    return int(digits)


def _int(loader: Any, node: Any) -> int:
    return _whole(node.value)


def _float(loader: Any, node: Any) -> float:
    return float(node.value)  # the constructor of YAML 1.1 would not read 1e3


_Loader.add_constructor("tag:yaml.org,2002:int", _int)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)


def _text(dumper: yaml.SafeDumper, value: str) -> Any:
    style = "|" if "\n" in value else None  # where a block can't hold it, the emitter quotes
    readers = (yaml.SafeLoader(""), _Loader(""))
    tags = {reader.resolve(yaml.ScalarNode, value, (True, False)) for reader in readers}  # type: ignore[no-untyped-call]
    if style is None and tags != {"tag:yaml.org,2002:str"}:
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def read_document(text: str | bytes) -> dict[str, Any]:
    """
    The document in YAML or JSON text (which begins with a brace). Raises DefinitionUnreadable with line and reason.
    """
    if len(text) > MAX_BYTES:
        raise DefinitionUnreadable(line=0, reason="文件太大")
    try:
        words = text if isinstance(text, str) else text.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise DefinitionUnreadable(line=0, reason="不是UTF-8编码的文字") from wrong
    words = words.removeprefix("\ufeff")
    found = _from_json(words) if words.lstrip().startswith("{") else _from_yaml(words)
    if not isinstance(found, dict):
        raise DefinitionUnreadable(line=1, reason="整份定义应是一组键和值")
    try:
        require_storable(found)
    except JsonRefused as refused:
        raise DefinitionUnreadable(line=0, reason=refused.reason) from refused
    return found


def _from_json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise DefinitionUnreadable(line=0, reason="同一组里有写了两次的键")
        return found

    try:
        return json.loads(text, object_pairs_hook=once, parse_int=_whole)
    except json.JSONDecodeError as wrong:
        raise DefinitionUnreadable(line=wrong.lineno, reason="JSON写法有误") from wrong
    except RecursionError as wrong:
        raise DefinitionUnreadable(line=0, reason="层次太深") from wrong


def _from_yaml(text: str) -> Any:
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader of ours
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        reason = wrong.problem or ""
        told = reason if re.search(r"[\u4e00-\u9fff]", reason) else f"YAML写法有误（{reason}）"
        raise DefinitionUnreadable(line=mark.line + 1 if mark else 0, reason=told) from wrong
    except yaml.YAMLError as wrong:
        raise DefinitionUnreadable(line=0, reason="有不能用的字符") from wrong
    except RecursionError as wrong:
        raise DefinitionUnreadable(line=0, reason="层次太深") from wrong


def write_document(document: Mapping[str, Any]) -> str:
    """YAML text from which read_document makes the same document, keys in the same order."""
    return yaml.dump(
        _plain(document),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=110,
        default_flow_style=False,
    )


def write_json(document: Mapping[str, Any]) -> str:
    """JSON text of the same."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value

"""Documents made by chance from the types themselves: whatever the format can say, a test may meet."""

import dataclasses
import re
import types as builtin
import typing

from hypothesis import strategies as st

from mingqu.catalogue import types
from mingqu.kernel.codelists import code_list

AWKWARD = [
    "",
    "on",
    "no",
    "yes",
    "~",
    "null",
    "01",
    "1e3",
    "0x10",
    "12:30",
    "2026-09-18",
    "- a",
    "a: b",
    "# c",
    "{x}",
    "多行\n文字\n",
    "尾空格 ",
    " 首空格\n",
    "\t",
    "“引号”",
    "𠮷野家",
    "'",
    '"',
    "=",
    "<<",
]
TEXT = st.one_of(
    st.sampled_from(AWKWARD),
    st.text("材料 abc:#-\n\"'，。0123", max_size=12),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)
CODE = st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1000, 1000), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(CODE, inner, max_size=3)),
    max_leaves=5,
)


def documents(kind=types.Document):
    """Any document of the right shape, as plain values; codes of a list differ from one another."""
    hints = typing.get_type_hints(kind)
    required, optional = {}, {}
    needed = {
        name
        for field in dataclasses.fields(kind)
        for names in field.metadata.get("needs", {}).values()
        for name in names
    }
    for field in dataclasses.fields(kind):
        given = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        given = given or field.name in needed
        (required if given else optional)[field.name] = value(hints[field.name], field.metadata)
    return st.fixed_dictionaries(required, optional=optional)


def value(hint, metadata):
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, builtin.UnionType):
        return st.one_of(st.none(), value(next(a for a in args if a is not type(None)), metadata))
    if origin is list:
        return st.lists(value(args[0], metadata), max_size=2)
    if origin is dict:
        return st.dictionaries(CODE, JSON, max_size=2)
    if dataclasses.is_dataclass(hint):
        return documents(hint)
    if "lists" in metadata:
        return st.sampled_from([one.code for key in metadata["lists"] for one in code_list(key)])
    if "values" in metadata:
        return st.sampled_from(metadata["values"])
    if "pattern" in metadata:
        texts = ("a" * 64, "0123456789abcdef" * 4, "1-3", "0-12")  # digests, ranges
        return st.sampled_from([one for one in texts if re.fullmatch(metadata["pattern"], one)])
    whole = st.integers(metadata.get("minimum", 0), 60)
    cents = st.integers(metadata.get("minimum", 0) * 100, 6000).map(lambda number: number / 100)
    return {str: TEXT, bool: st.booleans(), int: whole, float: st.one_of(whole, cents)}[hint]


def leaves(value, path=()):
    """(path, leaf) of everything that holds nothing more."""
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path, value

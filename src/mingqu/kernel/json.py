"""
JSON as the platform stores it: frozen dataclasses of ids, dates, instants and plain values, and back.

`canonical` is the one byte form that is hashed.
"""

import dataclasses
import json
import types
import typing
from collections.abc import Hashable
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

T = TypeVar("T")
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> Any:
    """Dataclasses, ids, dates, decimals and enums as JSON values."""
    if type(value) in _AS_THEY_ARE:
        return value
    if (names := _field_names(typing.cast(Hashable, type(value)))) is not None:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    return value


@lru_cache(maxsize=1024)
def _field_names(kind: Hashable) -> tuple[str, ...] | None:
    """Of a dataclass; None for every other type."""
    known = typing.cast(Any, kind)
    return tuple(f.name for f in dataclasses.fields(known)) if dataclasses.is_dataclass(known) else None


def canonical(value: Any) -> bytes:
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@lru_cache(maxsize=512)
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(typing.cast(type, kind))


@lru_cache(maxsize=512)
def _given_names(kind: Hashable) -> frozenset[str]:
    return frozenset(f.name for f in dataclasses.fields(typing.cast(Any, kind)) if f.init)


def _typed(hint: Any, value: Any) -> Any:
    if value is None or hint is Any:
        return value
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _typed(next(a for a in args if a is not type(None)), value)
    if origin in (list, tuple, set, frozenset):
        return origin(_typed(args[0], v) for v in value) if args else origin(value)
    if origin is dict:
        return {k: _typed(args[1], v) for k, v in value.items()}
    if hint is UUID:
        return UUID(value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if hint is date:
        return date.fromisoformat(value)
    if hint is Decimal:
        return Decimal(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if dataclasses.is_dataclass(hint):
        return load(typing.cast(type, hint), value)
    return value


def load(kind: type[T], data: dict[str, Any]) -> T:
    """The dataclass `kind` from what `plain` made of it; unknown keys are left out, so that fields may go."""
    hints, names = _hints(typing.cast(Hashable, kind)), _given_names(typing.cast(Hashable, kind))
    return kind(**{name: _typed(hints[name], value) for name, value in data.items() if name in names})

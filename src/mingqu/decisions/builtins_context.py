"""Context functions (DMN 1.5, table 84)."""

from __future__ import annotations

from typing import Any

from mingqu.decisions.built_in import built_in
from mingqu.decisions.values import Run, Value


@built_in("get value", "m: context, key: string")
def get_value(run: Run, context: dict[str, Value], key: str) -> Value:
    """The entry of that name, whatever signs its name holds."""
    if key not in context:
        return run.warn("unknown_entry", key[:100])
    return context[key]


@built_in("get entries", "m: context")
def get_entries(run: Run, context: dict[str, Value]) -> Value:
    """Entries as contexts of key and value."""
    run.pay(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@built_in("context", "entries: list")
def context_of(run: Run, entries: list[Value]) -> Value:
    """The inverse of get entries; null if a key comes twice."""
    made: dict[str, Value] = {}
    for entry in entries:
        run.pay()
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            return run.warn("arguments", "context")
        if entry["key"] in made:
            return run.warn("duplicate_key", entry["key"][:100])
        made[entry["key"]] = entry["value"]
    return made


@built_in("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: dict[str, Value], key: str, value: Value) -> Value:
    """A copy with one entry more or changed."""
    run.pay(len(context))
    return {**context, key: value}


@built_in("context put", "context: context, keys: list, value: any")
def context_put_deep(run: Run, context: dict[str, Value], keys: list[Any], value: Value) -> Value:
    """A copy with one entry changed that lies inside inner contexts."""
    if not keys or any(not isinstance(key, str) for key in keys):
        return run.warn("arguments", "context put")
    outer: list[dict[str, Value]] = [context]
    for key in keys[:-1]:
        inner = outer[-1].get(key)
        if not isinstance(inner, dict):
            return run.warn("unknown_entry", key[:100])
        outer.append(inner)
    for level, key in zip(reversed(outer), reversed(keys), strict=True):
        run.pay(len(level))
        value = {**level, key: value}
    return value


@built_in("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Value]) -> Value:
    """All entries; of equal keys the last wins."""
    merged: dict[str, Value] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return run.warn("arguments", "context merge")
        run.pay(len(context))
        merged.update(context)
    return merged

"""What waits for what among the parts of a bundle, and how long it takes: pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mingqu.catalogue.bundles.types import Elapsed


def cycle(after: Mapping[str, Sequence[str]]) -> list[str]:
    """The parts of a circle of prerequisites in their order, the first again at the end; [] when there is none."""
    done: set[str] = set()

    def walk(code: str, way: list[str]) -> list[str]:
        if code in way:
            return [*way[way.index(code) :], code]
        if code in done:
            return []
        for before in after.get(code, ()):
            if found := walk(before, [*way, code]):
                return found
        done.add(code)
        return []

    for code in after:
        if found := walk(code, []):
            return found[::-1]  # from prerequisite to what needs it
    return []


def among(after: Mapping[str, Sequence[str]], kept: Iterable[str]) -> dict[str, list[str]]:
    """
    Prerequisites among the parts kept. What comes after a part that falls away comes after what that one waited
    for.
    """
    chosen = set(kept)

    def nearest(code: str) -> Iterator[str]:
        for before in after.get(code, ()):
            if before in chosen:
                yield before
            else:
                yield from nearest(before)

    return {code: list(dict.fromkeys(nearest(code))) for code in after if code in chosen}


def in_order(after: Mapping[str, Sequence[str]]) -> list[str]:
    """Every part after its prerequisites. The graph has no circle."""
    placed: dict[str, None] = {}

    def place(code: str) -> None:
        for before in after.get(code, ()):
            place(before)
        placed.setdefault(code)

    for code in after:
        place(code)
    return list(placed)


def depending_on(after: Mapping[str, Sequence[str]], code: str) -> list[str]:
    """All that can't be had without this part, directly or not."""
    lost = {code}
    for one in in_order(after):
        if lost & set(after.get(one, ())):
            lost.add(one)
    return [one for one in after if one in lost and one != code]


def elapsed(after: Mapping[str, Sequence[str]], days: Mapping[str, int]) -> Elapsed:
    """The longest way through the graph, beside the sum of all (CAS-04)."""
    until: dict[str, int] = {}
    way: dict[str, list[str]] = {}
    for code in in_order(after):
        last = max(after.get(code, ()), key=lambda before: until[before], default="")
        until[code] = (until[last] if last else 0) + days[code]
        way[code] = [*(way[last] if last else []), code]
    end = max(until, key=lambda code: until[code], default="")
    return Elapsed(until.get(end, 0), sum(days[code] for code in after), way.get(end, []))

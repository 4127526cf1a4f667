"""A run in words and bars, for its page, its spreadsheet and the comparison of two."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mingqu.redesign import rules
from mingqu.redesign.types import Asked, Result, Variant
from mingqu.ui.types import Bar

Cell = Callable[[Variant], str]
SHORT = 14
"""Signs of a cell that stands in one line."""


def _share(share: float | None) -> str:
    return "不能按天数算" if share is None else f"{share:.1%}"


def _days(days: float) -> str:
    if not days:
        return "当天"
    return f"{days:.0f}个工作日" if days >= 10 or days == int(days) else f"{days:.1f}个工作日"


MEASURES: tuple[tuple[str, Cell], ...] = (
    ("件数", lambda v: f"{v.cases}件"),
    ("一半的件，几天内办完", lambda v: _days(v.days.median)),
    ("十件里有九件，几天内办完", lambda v: _days(v.days.p90)),
    ("平均", lambda v: _days(v.days.mean)),
    ("超过承诺期限的", lambda v: f"{_share(v.late_promised)}（{v.promised}）"),
    ("超过法定期限的", lambda v: f"{_share(v.late_statutory)}（{v.statutory}）"),
    ("每个工作日办完", lambda v: f"{v.per_day:.1f}件"),
    ("最堵的环节", rules.narrowest_words),
)


@dataclass(frozen=True)
class Table:
    headers: list[str]
    rows: list[list[str]]

    @property
    def labelled(self) -> list[list[tuple[str, str, bool]]]:
        """Each cell with the word of its column (on a phone a row is a card), and whether it may not be broken."""
        return [
            [(head, cell, len(cell) <= SHORT) for head, cell in zip(self.headers, row, strict=True)]
            for row in self.rows
        ]


def measures(variants: list[tuple[str, Variant]]) -> Table:
    """One column for each process; `variants` with the words above it."""
    return Table(
        ["", *(words for words, _ in variants)],
        [[name, *(cell(one) for _, one in variants)] for name, cell in MEASURES],
    )


def steps(variant: Variant) -> Table:
    words = rules.length_words
    headers = [
        "环节",
        "岗位",
        "办了几次",
        "排队（中位）",
        "排队（九成以内）",
        "办理（中位）",
        "合计（中位）",
        "合计（九成以内）",
    ]
    rows = [
        [
            one.name,
            one.post,
            str(one.times),
            words(one.waited.median),
            words(one.waited.p90),
            words(one.handled.median),
            words(one.total.median),
            words(one.total.p90),
        ]
        for one in variant.steps
    ]
    return Table(headers, rows)


def posts(variant: Variant) -> Table:
    rows = [[one.name, f"{one.staff}人", f"{one.load:.0%}", f"{one.longest}件"] for one in variant.posts]
    return Table(["岗位", "人数", "忙的时间", "最长的队"], rows)


def step_bars(variant: Variant) -> list[Bar]:
    """How long a case lies and is worked on at each step, on average."""
    return [
        Bar(one.name, one.total.mean / 60, rules.length_words(one.total.mean))
        for one in variant.steps
        if one.times
    ]


def load_bars(variant: Variant) -> list[Bar]:
    return [
        Bar(
            one.name.rpartition("·")[2],
            one.load * 100,
            f"{one.load:.0%}",
            mark=rules.BUSY * 100,
            over=one.load > rules.BUSY,
        )
        for one in variant.posts
    ]


def headline(result: Result) -> str:
    """What the change brings, in a sentence."""
    before, after = result.variant("before"), result.variant("after")
    if before is None or after is None:
        return ""
    share = rules.change(before.days.mean, after.days.mean)
    if not before.days.mean and not after.days.mean:
        return "改前改后都是当天办完。"
    said = f"平均从{_days(before.days.mean)}变成{_days(after.days.mean)}"
    if share is None or abs(share) < 0.005:
        return f"改前改后差不多：{said}。"
    return f"{said}，{'短' if share > 0 else '长'}了{abs(share):.0%}。"


def sheet(result: Result) -> Iterator[list[str]]:
    """Everything as the rows of one sheet."""
    every = [(one.label, one) for one in result.variants]
    first = measures(every)
    yield from _padded(Table(["", *first.headers[1:]], first.rows))
    for label, one in every:
        yield []
        yield [f"{label}：环节"]
        yield from _padded(steps(one))
        yield []
        yield [f"{label}：岗位"]
        yield from _padded(posts(one))


def _padded(table: Table) -> Iterator[list[str]]:
    yield table.headers
    yield from table.rows


def own_hours(asked: Asked, names: Mapping[str, str]) -> list[str]:
    """In words, the posts that work other hours or other days than the rest; `names`: what posts are called."""
    codes = [*asked.hours_of, *(code for code in asked.weekend_of if code not in asked.hours_of)]
    return [
        f"{names.get(code, code)}每天{asked.hours_of.get(code, asked.hours):g}小时"
        f"{'，周末和节假日也办' if code in asked.weekend_of else ''}"
        for code in codes
    ]


def order(result: Result, asked: Asked, *, drawn: bool) -> str:
    """What was held beside the changed process, or why nothing was: the order of a drawn one is the drawing's."""
    if result.variant("contrast") is not None:
        return "串联办、并联办：改后同样的环节、同样的人，一个接一个办，或者能同时办的同时办，作对照。"
    if not drawn:
        return "没有串联、并联的对照：改后的流程没有可以同时办的环节。"
    kept = "" if asked.arrangement == "as_written" else "选了重新排，没有起作用；"
    return f"没有串联、并联的对照：改后的流程是画出来的，先后由流程图决定，{kept}图里同时办的照样同时办。"

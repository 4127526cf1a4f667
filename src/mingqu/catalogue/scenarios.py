"""
Scenarios: examples a definition carries, run in memory on the very functions of production: FEEL, the plan's step,
the ledger of the clocks. Nothing is stored and no clock is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from mingqu.catalogue import discretion, promises, routes, rules
from mingqu.catalogue.types import Deed, Definition, Expected, Material, Scenario
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import (
    GROUNDS,
    Action,
    Approver,
    ClockSpec,
    Entry,
    Kind,
    StartedBy,
    Unit,
)
from mingqu.forms import services as forms
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Instant
from mingqu.process import services as process

DEED_WORDS = {
    "accept": "受理",
    "accept_with_gap": "容缺受理",
    "ask_correction": "一次性告知补正",
    "supplement": "补正",
    "pass_days": "过几个工作日",
    "complete": "完成环节",
    "consult": "征求意见",
    "answer": "答复征求的意见",
    "supply": "补齐容缺材料",
    "pause": "进入特别程序",
    "resume": "特别程序结束",
    "extend": "延长期限",
    "decide": "作出决定",
    "deliver": "送达",
}
OUTCOME_WORDS = {"granted": "准予", "refused": "不予", "": "没有决定"}


@dataclass(frozen=True)
class Means:
    """What a run needs: the plan, FEEL, and the calendar that counts."""

    plan: process.Plan
    evaluate: rules.Evaluate
    calendar: clocks.Calendar


@dataclass
class Came:
    """What a scenario came to; the same parts as Expected."""

    path: list[str] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)
    due: str = ""
    promised: str = ""
    gap_due: str = ""
    stop: bool = False
    result: str = ""
    range: str = ""


class CannotDo(Exception):
    """A deed that could not happen there; the sentence says why."""


def problems(definition: Definition, means: Means) -> list[str]:
    """A sentence for each scenario that does not come out as it says; empty: all do."""
    return [
        f"场景“{one.name}”：{said}"
        for one in definition.scenarios
        for said in failures(definition, one, means)
    ]


def failures(definition: Definition, scenario: Scenario, means: Means) -> Iterator[str]:
    """What was expected and what came, for each part that differs."""
    try:
        came = run(definition, scenario, means)
    except CannotDo as cannot:
        yield str(cannot)
        return
    yield from compared(definition, scenario.expect, came)


def run(definition: Definition, scenario: Scenario, means: Means) -> Came:
    """Play the deeds. Raises CannotDo with the deed and the reason."""
    play = _Play(definition, scenario, means)
    for number, deed in enumerate(scenario.do, start=1):
        try:
            play.do(deed)
        except CannotDo as cannot:
            raise CannotDo(f"第{number}步“{DEED_WORDS[deed.do]}”做不成，{cannot}") from cannot
        except DomainError as refused:
            raise CannotDo(f"第{number}步“{DEED_WORDS[deed.do]}”做不成，{refused.message}") from refused
    return play.came()


def compared(definition: Definition, expect: Expected, came: Came) -> Iterator[str]:
    """A sentence for each part of `expect` that is said and differs."""
    names = {step.id: step.name for step in [*definition.steps, definition.decide]}
    titles = {material.code: material.name for material in definition.materials}

    def told(codes: list[str], words: Mapping[str, str]) -> str:
        return "、".join(words.get(code, code) for code in codes) or "没有"

    if expect.path and _ways(definition, expect.path) != _ways(definition, came.path):
        yield f"应经过{told(expect.path, names)}，实际经过{told(came.path, names)}"
    if expect.materials and sorted(expect.materials) != sorted(came.materials):
        yield f"要交的材料应是{told(expect.materials, titles)}，实际是{told(came.materials, titles)}"
    for what, said, found in (
        ("法定期限届满日", expect.due, came.due),
        ("承诺期限届满日", expect.promised, came.promised),
        ("容缺补齐日", expect.gap_due, came.gap_due),
    ):
        if said and said != found:
            yield f"{what}应是{said}，实际是{found or '没有'}"
    if expect.result and expect.result != came.result:
        yield f"结果应是{OUTCOME_WORDS[expect.result]}，实际是{OUTCOME_WORDS[came.result]}"
    if expect.range and expect.range != came.range:
        yield f"裁量幅度应是{expect.range}，实际是{came.range or '没有适用的档次'}"
    if expect.stop != came.stop:
        yield "应告知不能办，实际可以办" if expect.stop else "应可以办，实际告知不能办"


def _ways(definition: Definition, path: list[str]) -> list[str]:
    """The path with steps that lie side by side in one order."""
    letters = {step.id: step.parallel for step in definition.steps if step.parallel}
    way: list[str] = []
    group: list[str] = []
    for place, step in enumerate(path):
        group.append(step)
        following = path[place + 1] if place + 1 < len(path) else ""
        if not letters.get(step) or letters.get(step) != letters.get(following):
            way += sorted(group)
            group = []
    return way


class _Play:
    """One scenario while it runs."""

    def __init__(self, definition: Definition, scenario: Scenario, means: Means) -> None:
        self.definition, self.given, self.means = definition, scenario.given, means
        try:
            self.at: Instant = datetime.fromisoformat(scenario.given.submitted)
        except ValueError as wrong:
            raise CannotDo("提交时间应写成2026-09-18T10:00:00+08:00的样子") from wrong
        if self.at.tzinfo is None:
            raise CannotDo("提交时间要写明时区，例如2026-09-18T10:00:00+08:00")
        self.situation = rules.situation_result(definition, self._answers(), means.evaluate)
        self.missing = list(scenario.given.missing)
        self.owed: list[str] = []
        self.phase, self.received = "received", self.today
        self.result = ""
        self.gap_due = ""
        self.walk: process.Rehearsal | None = None
        self.ledgers: dict[Kind, list[Entry]] = {}
        self.outcomes: dict[str, str] = {}
        self.asked: dict[str, str] = {}  # step -> until when another organ is to answer

    def _answers(self) -> Mapping[str, Any]:
        given = {
            ask: [str(v) for v in value] if isinstance(value, list) else [str(value)]
            for ask, value in self.given.situation.items()
        }
        answers, _, unknown = rules.cleaned_answers(self.definition.situations, given)
        if unknown:
            raise CannotDo(f"问题“{unknown.text}”没有这个答案")
        if strange := given.keys() - {question.ask for question in self.definition.situations}:
            raise CannotDo(f"没有问题“{'、'.join(sorted(strange))}”")
        return answers

    @property
    def today(self) -> date:
        return legal_day(self.at)

    def do(self, deed: Deed) -> None:
        if deed.on:
            self._go_to(deed.on)
        if self.situation.stop:
            raise CannotDo("这些情形不能办")
        if self.situation.missing:
            raise CannotDo(f"情形问题“{self.situation.missing[0]}”还没有回答")
        getattr(self, f"_{deed.do}")(deed)

    def _go_to(self, on: str) -> None:
        try:
            day = date.fromisoformat(on)
        except ValueError as wrong:
            raise CannotDo(f"日期“{on}”应写成2026-09-18的样子") from wrong
        if day < self.today:
            raise CannotDo(f"日期{on}比上一步早")
        if day > self.today:
            self.at = datetime.combine(day, time(10), BEIJING)

    # -- before acceptance

    def _accept(self, deed: Deed) -> None:
        if self.missing:
            raise CannotDo(f"缺少材料{'、'.join(map(self._material_name, self.missing))}")
        self._accepted()

    def _accept_with_gap(self, deed: Deed) -> None:
        if not self.missing:
            raise CannotDo("没有缺少的材料")
        days = []
        for code in self.missing:
            material = self._material(code)
            if material.may_follow is None:
                raise CannotDo(f"材料“{material.name}”不能容缺")
            spec = ClockSpec(
                Kind.GAP,
                material.may_follow.limit,
                Unit(material.may_follow.unit),
                ref=code,
                started_by=StartedBy.COMMITTED,
            )
            days.append(self._due([self._started(spec)]))
        self._accepted()
        self.owed, self.missing, self.gap_due = self.missing, [], min(days)

    def _form_is_right(self) -> None:
        """A scenario that says what was filled in must be one a person could hand in."""
        if not self.given.form:
            return
        form = self.definition.form
        when = forms.Circumstances(self.today, demo=True)
        wrong = forms.check(forms.read_schema(form.schema, form.pages), self.given.form, when)
        if wrong:
            raise CannotDo(f"申请表的“{wrong[0].path}”：{wrong[0].message}")

    def _accepted(self) -> None:
        self._require("received", "已经受理")
        self._form_is_right()
        self.phase = "accepted"
        for spec in promises.clock_specs(self.definition):
            started = self._started(spec)
            if self.definition.clocks.statutory.from_receipt:
                started = replace(started, day=self.received)
            self.ledgers[spec.kind] = [started]
        last_days = {kind.value: self._due(entries) for kind, entries in self.ledgers.items()}
        data = {"situation": dict(self.situation.answers), "clock": last_days}
        names = {"situation": self.situation.answers, "form": self.given.form}
        decides = routes.decider(self.definition.routes, names, self.means.evaluate)
        self.walk = process.Rehearsal(self.means.plan, data, self.at, decides)

    def _ask_correction(self, deed: Deed) -> None:
        self._require("received", "已经受理或者已经告知")
        if deed.material:
            self._material(deed.material)
        self.phase = "correction"

    def _supplement(self, deed: Deed) -> None:
        self._require("correction", "没有告知要补正")
        self.phase, self.missing, self.received = "received", [], self.today

    def _pass_days(self, deed: Deed) -> None:
        spec = ClockSpec(Kind.NODE, max(deed.days, 1))
        if deed.days:
            self._go_to(self._due([self._started(spec)]))

    # -- the process

    def _complete(self, deed: Deed) -> None:
        if deed.step == rules.DECIDE:
            raise CannotDo("决定环节用decide")
        self._step(deed.step, deed.outcome or "met")

    def _decide(self, deed: Deed) -> None:
        if deed.outcome not in ("granted", "refused"):
            raise CannotDo("要写明结论granted或者refused")
        if deed.outcome == "granted" and self.owed:  # deciding refuses it, too
            owed = "、".join(map(self._material_name, self.owed))
            raise CannotDo(f"容缺材料{owed}还没有补齐，不能准予")
        self._step(rules.DECIDE, deed.outcome)
        self.phase, self.result = "decided", deed.outcome

    def _step(self, step: str, outcome: str) -> None:
        self._require_open(step)
        self._require_answered(step)
        assert self.walk is not None
        self.walk.complete(step, outcome, self.at)
        self.outcomes[step] = outcome

    def _consult(self, deed: Deed) -> None:
        self._require_open(deed.step)
        rule = self.definition.step(deed.step).consult
        if rule is None:
            raise CannotDo(f"环节“{self.definition.step(deed.step).name}”没有写明征求意见")
        self.asked[deed.step] = self._due([self._started(ClockSpec(Kind.NODE, rule.limit))])

    def _answer(self, deed: Deed) -> None:
        if self.asked.pop(deed.step, None) is None:
            raise CannotDo("没有征求意见，或者已经答复")

    def _require_answered(self, step: str) -> None:
        """A step waits for what it asked; silence beyond the limit is agreement only where the step says so."""
        until = self.asked.get(step)
        if until is None:
            return
        rule, name = self.definition.step(step).consult, self.definition.step(step).name
        if rule is None or rule.silence != "agreed" or self.today.isoformat() <= until:
            raise CannotDo(f"环节“{name}”在等征求的意见，应在{until}以前答复")

    def _require_open(self, step: str) -> None:
        self._require("accepted", "还没有受理或者已经决定")
        assert self.walk is not None
        if step not in self.walk.open:
            names = {s.id: s.name for s in [*self.definition.steps, self.definition.decide]}
            waiting = "、".join(names.get(code, code) for code in self.walk.open) or "没有"
            raise CannotDo(f"环节“{names.get(step, step)}”现在不能办，在办的是{waiting}")

    def _supply(self, deed: Deed) -> None:
        if deed.material not in self.owed:
            raise CannotDo(f"材料“{self._material_name(deed.material)}”没有容缺")
        self.owed.remove(deed.material)

    def _deliver(self, deed: Deed) -> None:
        self._require("decided", "还没有作出决定")
        self.phase = "delivered"

    # -- clocks

    def _pause(self, deed: Deed) -> None:
        self._require("accepted", "还没有受理或者已经决定")
        known = [k for k, entries in self.ledgers.items() if deed.ground in _terms(entries).pauses]
        if not known:
            ground = GROUNDS.get(deed.ground)
            raise CannotDo(f"定义里没有特别程序“{ground.text if ground else deed.ground}”")
        for kind in known:
            self._write(kind, Action.PAUSE, ground=deed.ground, proof="-", expected_until=self.today)

    def _resume(self, deed: Deed) -> None:
        self._require("accepted", "还没有受理或者已经决定")
        for kind in [k for k, entries in self.ledgers.items() if entries[-1].action is Action.PAUSE]:
            self._write(kind, Action.RESUME)

    def _extend(self, deed: Deed) -> None:
        self._require("accepted", "还没有受理或者已经决定")
        rule = _terms(self.ledgers[Kind.STATUTORY]).extension
        approver: Approver | None = rule.approver if rule else None
        limit = deed.days or (rule.limit if rule else 0)
        self._write(Kind.STATUTORY, Action.EXTEND, limit=limit, approver=approver, reason="-")

    def _started(self, spec: ClockSpec) -> Entry:
        return Entry(1, Action.START, self.today, self.at, at=self.at, spec=spec)

    def _write(self, kind: Kind, action: Action, **more: Any) -> None:
        entries = self.ledgers[kind]
        entry = replace(Entry(len(entries) + 1, action, self.today, self.at, at=self.at), **more)
        clocks.admit(entries, entry, self.means.calendar)
        entries.append(entry)

    def _due(self, entries: list[Entry]) -> str:
        due = clocks.deadline(entries, self.means.calendar, self.at).due_on
        return due.isoformat() if due else ""

    # -- words

    def _require(self, phase: str, otherwise: str) -> None:
        if self.phase != phase:
            raise CannotDo(otherwise)

    def _material(self, code: str) -> Material:
        found = next((m for m in self.situation.materials if m.code == code), None)
        if found is None:
            raise CannotDo(f"这些情形不要材料“{code}”")
        return found

    def _material_name(self, code: str) -> str:
        return next((m.name for m in self.definition.materials if m.code == code), code)

    def came(self) -> Came:
        return Came(
            path=list(self.walk.done) if self.walk else [],
            materials=[m.code for m in self.situation.materials if not m.optional],
            due=self._due(self.ledgers[Kind.STATUTORY]) if self.ledgers else "",
            promised=self._due(self.ledgers[Kind.PROMISED]) if self.ledgers else "",
            gap_due=self.gap_due,
            stop=self.situation.stop is not None,
            result=self.result,
            range=discretion.ranges_of(self.definition, self._facts(), self.means.evaluate),
        )

    def _facts(self) -> dict[str, Any]:
        """What was answered, as far as the example says it."""
        return {"situation": self.situation.answers, "form": self.given.form, "outcome": self.outcomes}


def _terms(entries: list[Entry]) -> ClockSpec:
    spec = entries[0].spec
    assert spec is not None  # the first line of every ledger
    return spec

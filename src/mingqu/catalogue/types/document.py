"""The whole document, and the view of one 业务办理项 of it."""

from dataclasses import dataclass, field

from mingqu.catalogue.types.discretion import VALID_YEARS, Discretion
from mingqu.catalogue.types.parts import (
    DIGEST,
    FORMAT,
    NO_FEE,
    Checklist,
    Clocks,
    Commitment,
    Fee,
    Form,
    Guide,
    HandlingItem,
    Item,
    LawRef,
    Material,
    NotNeeded,
    Situation,
    Step,
    Stop,
    codes,
    least,
    only,
)
from mingqu.catalogue.types.results import Result
from mingqu.catalogue.types.routes import Route
from mingqu.catalogue.types.scenarios import (
    Scenario,
)
from mingqu.kernel.errors import spoken


@dataclass(frozen=True)
class Source:
    """Where an element came from: its path, a file and row, article or person; `default`: 默认值，待确认."""

    path: str
    source: str
    confirmed_by: str = ""
    default: bool = False


@dataclass(frozen=True)
class Eligibility:
    """
    A decision (DMN) that says for the answers whether the service can be had: `decision` of the `file`, by digest.

    It reads `situation`. Null: it can. Else {because, advice, law, article}: a stop like those of the table of stops.
    """

    file: str = field(metadata={"pattern": DIGEST})
    decision: str


@dataclass(frozen=True)
class ProcessFile:
    """
    The process as a BPMN file, by digest, where a table is not enough: it says who comes after whom and when;
    the step table keeps what is looked at. Its user tasks are the steps and the decision, by id, its business-rule
    tasks the `routes`.
    """

    file: str = field(metadata={"pattern": DIGEST})
    process: str  # id of the process in it


@dataclass(frozen=True)
class Handling:
    """
    All that is particular to one 业务办理项. One whose form, clocks, decision or result nobody knows yet is shown
    and can't be applied for.
    """

    code: str
    name: str
    kind: str = field(metadata=codes("handling_item_kind"))
    conditions: list[str] = field(default_factory=list)
    situations: list[Situation] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    eligibility: Eligibility | None = None
    not_needed: list[NotNeeded] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    form: Form | None = None
    clocks: Clocks | None = None
    steps: list[Step] = field(default_factory=list)
    decide: Step | None = None
    discretion: Discretion | None = None  # 裁量基准
    more_discretion: list[Discretion] = field(
        default_factory=list
    )  # what else is set, each with a table of its own
    process: ProcessFile | None = None
    routes: list[Route] = field(default_factory=list)  # 自动判定: business-rule tasks of the flow
    result: Result | None = None
    visits: int = field(default=0, metadata=least(0))
    fees: list[Fee] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    checklists: list[Checklist] = field(default_factory=list)
    on_the_spot: bool = False  # 即办件: may be settled while the applicant waits (行政许可法 34)
    scenarios: list[Scenario] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """A whole service definition, as published and pinned by its digest."""

    format: str = field(metadata=only(FORMAT))
    item: Item
    basis: list[LawRef]
    guide: Guide
    handling: list[Handling]  # empty where nothing is applied for: 查询/指引, 依职权
    sources: list[Source] = field(default_factory=list)


@dataclass(frozen=True)
class Definition:
    """One 业务办理项 of a document, with what it shares with the others."""

    item: Item
    handling_item: HandlingItem
    basis: list[LawRef]
    conditions: list[str]
    situations: list[Situation]
    stops: list[Stop]
    eligibility: Eligibility | None
    not_needed: list[NotNeeded]
    materials: list[Material]
    form: Form
    clocks: Clocks
    steps: list[Step]
    decide: Step
    discretions: list[Discretion]  # in the order of the definition; by its place, from 1, a table is known
    process: ProcessFile | None
    routes: list[Route]
    result: Result
    guide: Guide
    visits: int
    fees: list[Fee]
    commitments: list[Commitment]
    checklists: list[Checklist]
    on_the_spot: bool
    scenarios: list[Scenario]
    sources: list[Source]  # of the item's own elements and of this 业务办理项's

    @property
    def fee_words(self) -> str:
        return "；".join(f"{fee.name}：{fee.standard}" for fee in self.fees) or spoken(NO_FEE)

    @property
    def years_table(self) -> int:
        """Which 裁量基准 sets for how many years the result is valid; 0: none."""
        return next((n for n, of in enumerate(self.discretions, start=1) if of.sets == VALID_YEARS), 0)

    @property
    def years_set(self) -> bool:
        """Whether each decision sets for how many years it is valid (裁量基准)."""
        in_time = self.handling_item.kind in ("new", "renew")
        return in_time and self.years_table > 0

    def step(self, step_id: str) -> Step:
        """Raises KeyError."""
        return {step.id: step for step in [*self.steps, self.decide]}[step_id]

    def material(self, code: str) -> Material:
        """Raises KeyError."""
        return {material.code: material for material in self.materials}[code]

    def commitment(self, code: str) -> Commitment:
        """Raises KeyError."""
        return {commitment.code: commitment for commitment in self.commitments}[code]

    def checklist(self, code: str) -> Checklist:
        """Raises KeyError."""
        return {checklist.code: checklist for checklist in self.checklists}[code]


def tables_of(handling: Handling) -> list[Discretion]:
    """Its 裁量基准 in order."""
    return [*([handling.discretion] if handling.discretion else []), *handling.more_discretion]


def complete(handling: Handling) -> bool:
    """True where nothing is missing that a case needs."""
    return None not in (handling.form, handling.clocks, handling.decide, handling.result)


def view(document: Document, handling: str) -> Definition:
    """The definition of one 业务办理项. Raises KeyError for one that is unknown or not complete."""
    one = {h.code: h for h in document.handling if complete(h)}[handling]
    assert one.form and one.clocks and one.decide and one.result  # complete
    others = tuple(f"handling[{h.code}]" for h in document.handling if h.code != handling)
    return Definition(
        item=document.item,
        handling_item=HandlingItem(one.code, one.name, one.kind),
        basis=document.basis,
        conditions=one.conditions,
        situations=one.situations,
        stops=one.stops,
        eligibility=one.eligibility,
        not_needed=one.not_needed,
        materials=one.materials,
        form=one.form,
        clocks=one.clocks,
        steps=one.steps,
        decide=one.decide,
        discretions=tables_of(one),
        process=one.process,
        routes=one.routes,
        result=one.result,
        guide=document.guide,
        visits=one.visits,
        fees=one.fees,
        commitments=one.commitments,
        checklists=one.checklists,
        on_the_spot=one.on_the_spot,
        scenarios=one.scenarios,
        sources=[source for source in document.sources if not source.path.startswith(others)],
    )

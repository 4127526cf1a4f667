"""
The service definition as the platform reads it: one reviewed document per service, from which guide,
questions, form, materials, process, clocks, papers and certificates come (format 1.0).

`Document` is what is published: the item, and for each 业务办理项 (新办, 变更 …) all that is particular to it.
`Definition` is the view of one of them, which cases, guides and papers read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mingqu.kernel.errors import spoken, to_citizens

FORMAT = "1.0"
NO_FEE = to_citizens("不收费")
DIGEST = "^[0-9a-f]{64}$"
DIGEST_OR_NONE = "^(?:[0-9a-f]{64})?$"


def codes(code_list: str) -> dict[str, Any]:
    """Of a field that takes only the codes of a list of the kernel; of a list of codes, each of them."""
    return {"list": code_list}


def only(*values: str) -> dict[str, Any]:
    """Of a field that takes only these values."""
    return {"values": values}


def least(minimum: int) -> dict[str, Any]:
    """Of a number not below `minimum`."""
    return {"minimum": minimum}


@dataclass(frozen=True)
class LawRef:
    """An article of a law that something rests on."""

    law: str
    article: int = field(metadata=least(0))  # 条; 0: the whole of it
    says: str = ""  # one line in our own words
    paragraph: int = 0  # 款
    point: int = 0  # 项
    confirmed_by: str = ""  # who confirmed that the item rests on it; empty: proposed


@dataclass(frozen=True)
class Item:
    """
    The service item (政务服务事项); `organ` and `responsible_post` by code.

    `handling_kind`: on_application (依申请: becomes a case), enquiry (查询/指引: `link` leads there, never a case),
    ex_officio (依职权: in the power list, never applied for).
    """

    code: str
    name: str
    base_code: str
    type: str = field(metadata=codes("item_type"))
    organ: str
    responsible_post: str
    level: str = field(metadata=codes("exercise_level"))
    region_code: str
    audience: list[str] = field(metadata=codes("audience"))
    summary: str
    theme: str
    handling_kind: str = field(default="on_application", metadata=codes("handling_kind"))
    link: str = ""  # where an enquiry leads
    life_events: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class HandlingItem:
    """
    业务办理项. `kind`: new 新办, change 变更, renew 延续, replace 补办, cancel 注销; all but new act on a certificate
    the applicant holds.
    """

    code: str
    name: str
    kind: str = "new"

    @property
    def acts_on_certificate(self) -> bool:
        return self.kind != "new"


@dataclass(frozen=True)
class Window:
    """Where it can be done in person."""

    name: str
    address: str
    hours: str
    telephone: str


@dataclass(frozen=True)
class Choice:
    """One answer of a question: the value kept, the words shown."""

    value: str
    label: str


@dataclass(frozen=True)
class Situation:
    """One plain question of 情形引导; asked before any sign-in. Its choices stand in the order they are shown."""

    ask: str
    text: str
    choices: list[Choice]
    hint: str = ""
    many: bool = False

    @property
    def options(self) -> dict[str, str]:
        """Value → words, in order."""
        return {choice.value: choice.label for choice in self.choices}


@dataclass(frozen=True)
class Stop:
    """An answer with which the service can't be had; says so before anyone pays rent."""

    when: str
    because: str
    advice: str
    article: LawRef


@dataclass(frozen=True)
class NotNeeded:
    """What people expect to need and do not; the reason is told as plainly as a need."""

    name: str
    because: str
    when: str = ""


@dataclass(frozen=True)
class MayFollow:
    """可容缺: the material may be brought within `limit` of `unit` after acceptance, on a signed promise."""

    limit: int = field(metadata=least(1))
    unit: str = field(default="working_days", metadata=codes("limit_unit"))


@dataclass(frozen=True)
class MaterialSource:
    """
    Where a material comes from. `kind`: upload; certificate (`of`: certificate type, looked up among the
    applicant's own); shared (`of`: data resource); commitment (`of`: code of a Commitment); paper (brought to the
    window). Where certificate or shared brings nothing, the person hands in a file instead.

    `trust`: A issuing organ, B checked by a clerk, C uploaded, D promised (国办函〔2016〕108号).
    """

    kind: str = field(default="upload", metadata=codes("material_source"))
    of: str = ""
    trust: str = field(default="C", metadata=codes("material_trust"))


Which = Literal["blank", "sample"]  # of the two papers of a form


@dataclass(frozen=True)
class PaperForm:
    """
    The form that goes with a material: 空白表格 to be filled in and 样表 (行政许可法 30: 示范文本).

    `text`, a paragraph each (`# ` before one makes it a heading): both papers are made of it. `{what|example}` in it
    is a place to fill in: the blank form asks for `what`, the sample says `example` there. Files an editor put in,
    by the digest of their bytes, stand in the place of what is made.
    """

    title: str
    version: int = field(metadata=least(1))
    text: list[str] = field(default_factory=list)
    blank: str = field(default="", metadata={"pattern": DIGEST_OR_NONE})
    sample: str = field(default="", metadata={"pattern": DIGEST_OR_NONE})


@dataclass(frozen=True)
class Material:
    """A material (申请材料). `when` binds it to a situation; empty means always."""

    code: str
    name: str
    explain: str
    accept: list[str]
    where: str = ""  # where it can be obtained
    key: bool = False  # 主件: never 可容缺
    optional: bool = False  # helpful, not needed
    when: str = ""
    check: list[str] = field(default_factory=list)  # 审查要点
    source: MaterialSource = field(default_factory=MaterialSource)
    may_follow: MayFollow | None = None
    copies: int = field(default=1, metadata=least(1))
    article: LawRef | None = None  # what requires it
    form: PaperForm | None = None  # 空白表格 and 样表


@dataclass(frozen=True)
class Commitment:
    """
    告知承诺: what the organ tells, what the applicant promises, and by when it is checked afterwards
    (`check_within` working days after the decision).
    """

    code: str
    version: int = field(metadata=least(1))
    title: str
    told: list[str]
    promised: list[str]
    consequence: str
    check_within: int = field(metadata=least(1))
    basis: LawRef | None = None


@dataclass(frozen=True)
class CheckPoint:
    """One line of a checklist; a `critical` one that is not met makes the visit 不符合."""

    code: str
    text: str
    critical: bool = False
    article: LawRef | None = None


@dataclass(frozen=True)
class Checklist:
    """What officers look at on a visit (现场核查表)."""

    code: str
    name: str
    points: list[CheckPoint]


@dataclass(frozen=True)
class Extension:
    """The one extension an article allows: at most `limit` of the clock's unit, by this approver."""

    limit: int = field(metadata=least(1))
    approver: str = field(metadata=codes("extension_approver"))
    law: str
    article: int = field(metadata=least(1))


@dataclass(frozen=True)
class ClockRule:
    """
    A limit and what it rests on; the pauses are the special procedures it knows (行政许可法 45).

    `from_receipt`, said of the statutory limit: a special law counts both from the day the application came, not from
    acceptance (建筑法 8: 自收到申请之日起七日内).
    """

    limit: int = field(metadata=least(1))
    unit: str = field(metadata=codes("limit_unit"))
    law: str = ""
    article: int = 0
    paragraph: int = 0
    extension: Extension | None = None
    pauses: list[str] = field(default_factory=list, metadata=codes("special_procedure"))  # 特别程序
    from_receipt: bool = False


@dataclass(frozen=True)
class Clocks:
    """Limits from acceptance to decision; the promised one never exceeds the statutory one."""

    statutory: ClockRule
    promised: ClockRule


@dataclass(frozen=True)
class Risk:
    """A risk point (廉政风险点) of a step: its level (high, medium, low) and how it is kept in check."""

    level: str = field(metadata=codes("risk_level"))
    control: str


@dataclass(frozen=True)
class Step:
    """
    One row of the step table (环节表); the same letter in `parallel` means side by side.

    `kind`: review 承办, check 审核, visit 现场核查 (with a `checklist`), decide 批准. `limit` in working days.
    `where`: here; handed_over (to `system`, states come back); assisted (copied there, its number typed in);
    link. `standard` is what is looked at (审查标准), `result` what comes out (办理结果).
    """

    id: str
    name: str
    post: str
    limit: int = field(metadata=least(1))
    when: str = ""
    parallel: str = ""
    people: int = field(default=1, metadata=least(1))
    checks: list[str] = field(default_factory=list)  # materials by code
    kind: str = field(default="review", metadata=codes("step_kind"))
    checklist: str = ""
    standard: str = ""
    result: str = ""
    where: str = field(default="here", metadata=codes("where_handled"))
    system: str = ""
    risk: Risk | None = None


@dataclass(frozen=True)
class Form:
    """What is asked: JSON Schema as `forms` reads it, and which questions stand on which page."""

    schema: dict[str, Any]
    pages: list[dict[str, Any]]


@dataclass(frozen=True)
class CertificateField:
    """
    A line of the certificate, or of the decision where that is the result. `value` is FEEL over form, situation (as
    its words) and applicant.
    """

    code: str
    label: str
    value: str
    required: bool = True
    public: bool = False  # shown to anyone who verifies


CERTIFICATE_RESULT = "certificate"
OF_A_CERTIFICATE = (
    "certificate_type",
    "certificate_name",
    "number_prefix",
    "fields",
    "valid_years",
    "basis",
    "renew_before_days",
)


@dataclass(frozen=True)
class BeginWithin:
    """
    What is granted is to be begun within so many months of receipt; the organ may put it off `extensions` times by at
    most `extension_months`; not begun by then, the certificate is void by itself (建筑法 9).
    """

    months: int = field(metadata=least(1))
    extensions: int = field(metadata=least(0))
    extension_months: int = field(metadata=least(0))
    basis: LawRef


@dataclass(frozen=True)
class Result:
    """
    What a grant brings. `type` certificate: a certificate of a type (code of 21 characters) with its validity and
    lines. With every other type the decision itself is the result (a 批文: 行政许可法 39(3)): nothing else is made, and
    `fields` are the lines in which it says what is granted.
    """

    type: str = field(
        default=CERTIFICATE_RESULT,
        metadata=codes("result_type") | {"needs": {CERTIFICATE_RESULT: OF_A_CERTIFICATE}},
    )
    name: str = ""  # what the decision is called, where it is the result
    certificate_type: str = ""
    certificate_name: str = ""
    number_prefix: str = ""
    fields: list[CertificateField] = field(default_factory=list)
    valid_years: int = field(default=0, metadata=least(0))
    basis: LawRef | None = None
    renew_before_days: int = field(default=0, metadata=least(0))
    begin: BeginWithin | None = None  # of a certificate alone

    @property
    def is_certificate(self) -> bool:
        """Whether a certificate is issued after a grant."""
        return self.type == CERTIFICATE_RESULT


@dataclass(frozen=True)
class Guide:
    """The parts of the guide that are told, not computed (行政许可法 30)."""

    consult: str
    complain: str
    quantity: str
    reconsideration_organ: (
        str  # 行政复议机关 and 法院: told with every refusal (行政许可法 38; 行政复议法 20)
    )
    court: str
    windows: list[Window]
    faq: list[list[str]] = field(default_factory=list)
    # Where a 复议申请书 is handed in over the network: told with a decision that comes over the network
    # (行政复议法 22, second paragraph).
    reconsideration_online: str = ""


@dataclass(frozen=True)
class Fee:
    """What is charged: name, standard in words, basis. None at all: 不收费."""

    name: str
    standard: str
    basis: LawRef


@dataclass(frozen=True)
class Given:
    """What a scenario starts from; `missing`: codes of 可容缺 materials that come later."""

    submitted: str  # an instant, ISO 8601 with offset
    situation: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


DEEDS = (
    "accept",
    "accept_with_gap",
    "ask_correction",
    "supplement",
    "pass_days",
    "complete",
    "supply",
    "pause",
    "resume",
    "extend",
    "decide",
    "deliver",
)


@dataclass(frozen=True)
class Deed:
    """
    One deed of a scenario: `do` is accept, accept_with_gap, ask_correction, supplement, pass_days (`days`),
    complete (`step`, `outcome`), supply (`material`), pause (`ground`), resume, extend (`days`), decide (`outcome`),
    deliver.
    `on`: the day it happens; empty: the day of the deed before. pass_days counts working days.
    """

    do: str = field(metadata=only(*DEEDS))
    on: str = ""
    step: str = ""
    outcome: str = field(default="", metadata=only("", "met", "not_met", "granted", "refused"))
    material: str = ""
    ground: str = ""
    days: int = field(default=0, metadata=least(0))


@dataclass(frozen=True)
class Expected:
    """What a scenario must come to; what is left empty is not looked at."""

    path: list[str] = field(default_factory=list)  # steps done, in any order where they lie side by side
    materials: list[str] = field(default_factory=list)
    due: str = ""  # last day of the statutory clock at the end
    promised: str = ""
    gap_due: str = ""
    stop: bool = False
    result: str = field(default="", metadata=only("", "granted", "refused"))


@dataclass(frozen=True)
class Scenario:
    """An example that must come out as said before the definition may be published."""

    name: str
    given: Given
    do: list[Deed]
    expect: Expected


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
    the step table keeps what is looked at. Its user tasks are the steps and the decision, by id.
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
    process: ProcessFile | None = None
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
    process: ProcessFile | None
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
        process=one.process,
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


@dataclass(frozen=True)
class StoredFile:
    """A file that a definition refers to by digest: `kind` bpmn, dmn, or of a form its media type."""

    kind: str
    content: bytes


Files = Mapping[str, StoredFile]
"""Digest → file."""


@dataclass(frozen=True)
class SituationResult:
    """What a person's answers come to."""

    answers: dict[str, Any]
    stop: Stop | None
    materials: list[Material]
    steps: list[Step]
    not_needed: list[NotNeeded]
    missing: list[str]  # questions not yet answered

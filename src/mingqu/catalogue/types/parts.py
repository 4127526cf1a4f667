"""The parts a service definition is made of: item, questions, materials, clocks, steps, result, guide, fees."""

from dataclasses import dataclass, field
from typing import Any, Literal

from mingqu.catalogue.types.life import LIFE_EVENTS
from mingqu.kernel.errors import to_citizens

FORMAT = "1.0"
NO_FEE = to_citizens("不收费")
DIGEST = "^[0-9a-f]{64}$"
DIGEST_OR_NONE = "^(?:[0-9a-f]{64})?$"


def codes(*code_lists: str) -> dict[str, Any]:
    """Of a field that takes only the codes of a list of the kernel, or of some; of a list of codes, each of them."""
    return {"lists": code_lists}


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
    life_events: list[str] = field(default_factory=list, metadata=codes(*LIFE_EVENTS))
    aliases: list[str] = field(default_factory=list)
    # How well who applies online has to be known; at a window a clerk sees the document.
    assurance: str = field(default="AAL1", metadata=codes("assurance_level"))
    handle_area: str = field(
        default="", metadata=codes("handle_area")
    )  # 通办范围; "": in its own district alone


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
    """
    A material (申请材料). `when` binds it to a situation; empty means always.

    A file handed in for it before is offered again (一次提交、多次使用) for `valid_days` days; 0: it must be new each
    time. A year where nothing else is said is our own setting. `standard` (标准材料编码) says that a material of
    another service is the same paper.
    """

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
    valid_days: int = field(default=365, metadata=least(0))
    standard: str = ""


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
class Consulting:
    """征求意见 from a step: working days given, and what silence means; `agreed` only with the article that says so."""

    limit: int = field(metadata=least(1))
    silence: str = field(default="nothing", metadata=codes("consulted_silence"))
    law: str = ""
    article: int = 0


@dataclass(frozen=True)
class Step:
    """
    One row of the step table (环节表); the same letter in `parallel` means side by side.

    `kind`: review 承办, check 审核, visit 现场核查 (with a `checklist`), decide 批准. `limit` in working days.
    `where`: here; handed_over (to `system`, states come back); assisted (copied there, its number typed in);
    link. `standard` is what is looked at (审查标准), `result` what comes out (办理结果).

    `sign`: one post, or `post` with `signers` together: all 会签, any 或签, votes 票签 (so many of them agree),
    turn 依次.
    """

    id: str
    name: str
    post: str
    limit: int = field(metadata=least(1))
    when: str = ""
    parallel: str = ""
    people: int = field(default=1, metadata=least(1))
    sign: str = field(default="one", metadata=codes("sign_mode"))
    signers: list[str] = field(default_factory=list)  # posts by code
    votes: int = field(default=0, metadata=least(0))
    checks: list[str] = field(default_factory=list)  # materials by code
    kind: str = field(default="review", metadata=codes("step_kind"))
    checklist: str = ""
    standard: str = ""
    result: str = ""
    where: str = field(default="here", metadata=codes("where_handled"))
    system: str = ""
    risk: Risk | None = None
    consult: Consulting | None = None


@dataclass(frozen=True)
class Form:
    """What is asked: JSON Schema as `forms` reads it, and which questions stand on which page."""

    schema: dict[str, Any]
    pages: list[dict[str, Any]]


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
class FeeTable:
    """
    A decision (DMN) over `situation` and `form`: `decision` of the `file`, by digest. Of a Route it gives a text.

    Of a fee it says how much a case pays. Null: it does not arise. Else {amount, because, law, article}: 元 as a
    number, how it came about; an amount of 0 is an exemption (免缴) with its reason.
    """

    file: str = field(metadata={"pattern": DIGEST})
    decision: str


@dataclass(frozen=True)
class Fee:
    """
    What is charged: name, standard in words, basis. None at all: 不收费.

    With a `code` and a `table` the platform asks for it after acceptance; else it is only told. `within`: working days
    in which it is to be paid, 0: none said. `not_counted`: the article that says the time until it is paid is not
    counted; without one the clocks run on.
    """

    name: str
    standard: str
    basis: LawRef
    code: str = ""
    table: FeeTable | None = None
    within: int = field(default=0, metadata=least(0))
    not_counted: LawRef | None = None


@dataclass(frozen=True)
class Charged:
    """A fee that arises for a case; `amount` in 分, 0: free, and `because` says why. `basis`: of a free one its own."""

    fee: Fee
    amount: int
    because: str
    basis: LawRef

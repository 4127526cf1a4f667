"""
The service definition as the platform reads it: one reviewed document per service, from which guide,
questions, form, materials, process and clocks come.

Format 0.9 holds what the thin slice needs; 1.0 will be specified with its schema before anything is released.
"""

from dataclasses import dataclass, field
from typing import Any

FORMAT = "0.9"


@dataclass(frozen=True)
class LawRef:
    """An article of a law that something rests on."""

    law: str
    article: int
    says: str = ""  # one line in our own words


@dataclass(frozen=True)
class Item:
    """The service item (政务服务事项); `organ` and `responsible_post` by code."""

    code: str
    name: str
    base_code: str
    type: str
    organ: str
    responsible_post: str
    level: str
    region_code: str
    audience: list[str]
    summary: str
    theme: str
    life_events: list[str] = field(default_factory=list)
    aliases: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class HandlingItem:
    """业务办理项: 新办, 变更, 延续, 补办, 注销."""

    code: str
    name: str


@dataclass(frozen=True)
class Window:
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
class Material:
    """A material (申请材料). `when` binds it to a situation; empty means always."""

    code: str
    name: str
    explain: str
    accept: list[str]
    where: str = ""  # where it can be obtained
    key: bool = False  # 主件
    when: str = ""
    check: list[str] = field(default_factory=list)  # 审查要点


@dataclass(frozen=True)
class Extension:
    limit: int
    approver: str
    law: str
    article: int


@dataclass(frozen=True)
class ClockRule:
    limit: int
    unit: str
    law: str = ""
    article: int = 0
    extension: Extension | None = None


@dataclass(frozen=True)
class Clocks:
    """Limits from acceptance to decision; the promised one never exceeds the statutory one."""

    statutory: ClockRule
    promised: ClockRule


@dataclass(frozen=True)
class Step:
    """One row of the step table (环节表); the same letter in `parallel` means side by side."""

    id: str
    name: str
    post: str
    limit: int
    when: str = ""
    parallel: str = ""
    people: int = 1
    checks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Form:
    schema: dict[str, Any]
    pages: list[dict[str, Any]]


@dataclass(frozen=True)
class CertificateField:
    """A line of the certificate. `value` is FEEL over form, situation (as its words) and applicant."""

    code: str
    label: str
    value: str
    required: bool = True
    public: bool = False  # shown to anyone who verifies


@dataclass(frozen=True)
class Result:
    """What a grant brings: the certificate, its type by code (21 characters), its validity and lines."""

    certificate_type: str
    certificate_name: str
    number_prefix: str
    fields: list[CertificateField]
    valid_years: int
    basis: LawRef
    renew_before_days: int


@dataclass(frozen=True)
class Guide:
    """The parts of the guide that are told, not computed (行政许可法 30)."""

    consult: str
    complain: str
    quantity: str
    visits: int
    fee: str
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
class Definition:
    """A whole definition, as pinned by its digest."""

    format: str
    item: Item
    handling_item: HandlingItem
    basis: list[LawRef]
    conditions: list[str]
    situations: list[Situation]
    stops: list[Stop]
    not_needed: list[NotNeeded]
    materials: list[Material]
    form: Form
    clocks: Clocks
    steps: list[Step]
    decide: Step
    result: Result
    guide: Guide


@dataclass(frozen=True)
class SituationResult:
    """What a person's answers come to."""

    answers: dict[str, Any]
    stop: Stop | None
    materials: list[Material]
    steps: list[Step]
    not_needed: list[NotNeeded]
    missing: list[str]  # questions not yet answered

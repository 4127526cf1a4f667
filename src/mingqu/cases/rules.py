"""Rules of a case: pure."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID

from mingqu.cases.types import ASKED_BEFORE, RELATIONS, Asked, Behind, Lacking, Provided, Served
from mingqu.catalogue.types import CheckPoint, Commitment, Definition, Material

# Who may do what in which status; every command checks its own line, and the test of all pairs reads it.
ALLOWED_IN: Mapping[str, frozenset[str]] = {
    "case.accept": frozenset({"received"}),
    "case.settle": frozenset({"received"}),
    "case.refuse_acceptance": frozenset({"received"}),
    "case.ask_correction": frozenset({"received"}),
    "case.supplement": frozenset({"correction"}),
    "case.bring_owed": frozenset({"accepted"}),
    "case.choose_delivery": frozenset({"received", "correction", "accepted"}),
    "case.review": frozenset({"accepted"}),
    "case.check": frozenset({"accepted"}),
    "case.return_inside": frozenset({"accepted"}),
    "case.claim": frozenset({"accepted"}),
    "case.release": frozenset({"accepted"}),
    "case.release_others": frozenset({"accepted"}),
    "case.pass_on": frozenset({"accepted"}),
    "case.change_signers": frozenset({"accepted"}),
    "case.hold_step": frozenset({"accepted"}),
    "case.take_back": frozenset({"accepted"}),
    "case.consult": frozenset({"accepted"}),
    "case.note_arrival": frozenset({"accepted"}),
    "case.recuse": frozenset({"received", "correction", "accepted", "decided"}),
    "case.exclude": frozenset({"received", "correction", "accepted", "decided"}),
    "case.reassign": frozenset({"accepted"}),
    "case.plan_visit": frozenset({"accepted"}),
    "case.record_visit": frozenset({"accepted"}),
    "case.ask_new_date": frozenset({"accepted"}),
    "case.pause": frozenset({"accepted"}),
    "case.resume": frozenset({"accepted"}),
    "case.expect_later": frozenset({"accepted"}),
    "case.extend": frozenset({"accepted"}),
    "case.decide": frozenset({"accepted"}),
    "case.answer_discretion": frozenset({"accepted"}),
    "case.pass_discretion": frozenset({"accepted"}),
    "case.terminate": frozenset({"received", "correction", "accepted"}),
    "case.deliver": frozenset({"decided"}),
    "case.archive": frozenset({"delivered", "not_accepted", "not_required", "withdrawn", "terminated"}),
    "case.change_party": frozenset({"received", "correction", "accepted"}),
    "case.take_shared_answers": frozenset({"received", "correction", "accepted"}),
    "case.withdraw": frozenset({"received", "correction", "accepted"}),
    "case.check_commitment": frozenset({"decided", "delivered", "archived"}),
    "case.ask_void": frozenset({"received"}),
    "case.mend": frozenset({"received", "correction", "accepted"}),
    "case.answer_change": frozenset({"received", "correction", "accepted"}),
}

# 特别程序 (行政许可法 45): the time is not counted. Work inside goes on; what ends or lengthens the period waits.
NOT_WHILE_SUSPENDED = frozenset({"case.decide", "case.pause", "case.extend"})
ONLY_WHILE_SUSPENDED = frozenset({"case.resume", "case.expect_later"})

# Slots of a form that say who somebody is: what is mistyped there changes only when a second person agrees.
WHO_SOMEBODY_IS = frozenset(
    {"applicant.name", "applicant.citizen_number", "organisation.name", "organisation.credit_code"}
)

QUERY_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: people read it over the telephone
QUERY_CODE_LENGTH = 8


class HasPromise(Protocol):
    id: UUID
    kind: str
    code: str
    signed_at: datetime


LICENCE = "01"  # 行政许可, of the types of items
DECISIONS = {
    "granted": ("decision_granted", "approval_granted"),
    "refused": ("decision_refused", "approval_refused"),
}

Signed = TypeVar("Signed", bound=HasPromise)


def is_licence(item_type: str) -> bool:
    """行政许可: what 行政许可法 says of decisions (34, 38, 39, 44) holds for it, and for no other type of item."""
    return item_type == LICENCE


def decision_kind(item_type: str, outcome: str) -> str:
    """The document of a decision: a licence has its own (行政许可法 38), every other type of item the general one."""
    return f"{'decision' if is_licence(item_type) else 'approval'}_{outcome}"


def missing_of_service(served: Served) -> Lacking | None:
    """
    What this way of service still asks for: who took it and signed (民事诉讼法 87, 88), the slip of the mail (91),
    or, left behind after a refusal, why it was refused and who saw it or what recorded it (89).
    """
    signed = served.drawn is not None or served.signature_id is not None or served.proof.strip()
    in_hand = served.way in {"window", "handed"}
    asked = (
        (in_hand and not served.receiver.strip(), "receiver", "签收人的姓名"),
        (in_hand and served.relation not in RELATIONS, "relation", "签收人和申请人的关系"),
        (served.way == "window" and served.relation == "family", "relation", "窗口领取由本人或者代理人签收"),
        (in_hand and served.relation != "self" and not served.document.strip(), "document", "签收人的证件"),
        (in_hand and not signed, "signature", "签收人的签名"),
        (
            served.way not in {"window", "electronic", "announced"} and not served.address.strip(),
            "address",
            "送达的地址",
        ),
        (served.way == "post" and not served.proof.strip(), "proof", "邮件号码或者回执"),
        (served.way == "left" and not served.reason.strip(), "reason", "拒收的事由"),
        (served.way == "left" and not served.proof.strip(), "proof", "见证人，或者拍照、录像的记录"),
        (served.way not in SERVICE_WAYS, "way", "送达的方式"),
    )
    return next((Lacking(field, words) for lacking, field, words in asked if lacking), None)


SERVICE_WAYS = frozenset({"electronic", "window", "handed", "left", "post", "announced"})


class HasState(Protocol):
    code: str
    name: str
    state: str


def possible(action: str, status: str, *, suspended: bool, extended: bool) -> bool:
    """Whether a command may be given on a case in this state; what its labels bar is left out too."""
    if status not in ALLOWED_IN[action]:
        return False
    if suspended:
        return action not in NOT_WHILE_SUSPENDED
    return action not in ONLY_WHILE_SUSPENDED and not (action == "case.extend" and extended)


def applied_in_time(filed_on: date, valid_until: date, before: int) -> bool:
    """
    Whether a renewal was applied for 届满三十日前 (行政许可法 50), or as many days before as the definition says.

    Calendar days: 82 speaks of the periods in which *organs* act; this one is the applicant's, counted as
    民法典 200 has it. docs/decisions/0006.
    """
    return filed_on <= valid_until - timedelta(days=before)


def missing_materials(needed: Iterable[str], handed_in: Iterable[str]) -> list[str]:
    """Codes of needed materials for which no file was handed in, in the order asked for."""
    there = set(handed_in)
    return [code for code in needed if code not in there]


def asked_anew(asked: Sequence[Asked], materials: Sequence[HasState], asked_before: bool) -> list[str]:
    """
    Names of materials that a second correction notice may not ask for (行政许可法 32(4): 一次告知).

    After a first notice only what it asked for may be asked again.
    """
    if not asked_before:
        return []
    known = {m.code: m for m in materials}
    return [known[a.code].name for a in asked if a.code in known and known[a.code].state not in ASKED_BEFORE]


COMMITMENT, CERTIFICATE = "commitment", "certificate"  # kinds of a material's source
UNITS = {"working_days": "个工作日", "days": "日"}


def still_good(handed_in: date, valid_days: int, day: date) -> bool:
    """Whether a file may be used again: for so many days after it was handed in first."""
    return day <= handed_in + timedelta(days=valid_days)


def may_be_owed(material: Material) -> bool:
    """可容缺: a key material (主件) never is, whatever its definition says."""
    return material.may_follow is not None and not material.key


def provided(material: Material, behind: Behind) -> Provided:
    """
    How an application provides one of its materials; `missing` where it does not.

    What the platform looks up comes before what is handed in, a file before a promise: the better proof counts.
    A promise stands for a material only where its definition says so, and may be given up for a file at any time.
    """
    if behind.certificate is not None:
        return Provided("given", "certificate", behind.certificate)
    if behind.has_files:
        return Provided("given", "upload")
    if behind.on_paper is not None:
        return Provided("given", behind.on_paper.how, copies=behind.on_paper.copies)
    if material.source.kind == COMMITMENT and behind.promise is not None:
        return Provided("given", "commitment", behind.promise)
    if behind.owed and may_be_owed(material) and behind.gap is not None:
        return Provided("owed", "upload", behind.gap)
    return Provided("absent" if material.optional else "missing", "upload")


def promise_text(commitment: Commitment) -> dict[str, object]:
    """The very words of a 告知承诺, as they are kept with the signature."""
    return {
        "version": 1,
        "title": commitment.title,
        "told": list(commitment.told),
        "promised": list(commitment.promised),
        "consequence": commitment.consequence,
    }


def gap_text(definition: Definition, material: Material) -> dict[str, object]:
    """
    The words of a 容缺承诺, made from the definition: what is missing, by when it is brought, what follows if not.

    No statute says what follows; that the organ decides on what it has, and refuses where a condition is not
    shown to be met, is of licences 行政许可法 38.
    """
    assert material.may_follow is not None
    limit = f"{material.may_follow.limit}{UNITS[material.may_follow.unit]}"
    return {
        "version": 1,
        "title": "容缺承诺书",
        "told": [
            f"申请“{definition.item.name}（{definition.handling_item.name}）”要交“{material.name}”，您现在还没有交。",
            f"其他材料齐全、符合法定形式的，可以先受理；“{material.name}”自受理之日起{limit}内补交。",
        ],
        "promised": [
            f"自受理之日起{limit}内补交“{material.name}”，补交的材料真实、有效。",
            "没有按时补交的，自愿承担由此产生的后果。",
        ],
        "consequence": (
            "到期没有补交的，审批机关按已有材料作出决定；不能证明符合法定条件的，"
            "依法作出不予许可的决定（行政许可法第三十八条）。"
            if is_licence(definition.item.type)
            else "到期没有补交的，办理机关按已有材料作出决定；不能证明符合条件的，作出不予办理的决定。"
        ),
    }


def same_name(one: str, other: str) -> bool:
    """Whether two people's names are the same but for spaces and the form of the middle dot."""
    return _plain(one) == _plain(other) != ""


def _plain(name: str) -> str:
    return "".join(name.split()).translate(str.maketrans("•・‧∙⋅", "·····"))


def latest_signed(rows: Iterable[Signed]) -> dict[tuple[str, str], Signed]:
    """The promise that counts, by (kind, material): the one signed last."""
    found: dict[tuple[str, str], Signed] = {}
    for row in sorted(rows, key=lambda one: (one.signed_at, one.id)):
        found[row.kind, row.code] = row
    return found


# Visits on the spot -------------------------------------------------------------------------------------------


def visit_finding(points: Iterable[CheckPoint], found: Mapping[str, str]) -> str:
    """met, or not_met if any critical point of the checklist is not met. `found`: state by code of the point."""
    return "not_met" if any(p.critical and found.get(p.code) == "not_met" for p in points) else "met"


def open_points(points: Iterable[CheckPoint], found: Mapping[str, str]) -> list[CheckPoint]:
    """Lines of the checklist nobody has answered yet, in order."""
    return [p for p in points if p.code not in found]


def needs_note(point: CheckPoint, state: str) -> bool:
    """What is not met is described; so is why a critical point does not apply."""
    return state == "not_met" or (state == "na" and point.critical)


# Where ----------------------------------------------------------------------------------------------------------------


def street_in(addresses: Iterable[str], streets: Mapping[str, str]) -> str:
    """
    Code of the street or town that an address names, the first address first; "" where none names exactly one of the
    county's. `streets`: name → code. Of two names that overlap the longer one is meant (新城街道, 城街道).
    """
    for address in addresses:
        named = {name for name in streets if name and name in address}
        meant = {name for name in named if not any(name in other for other in named - {name})}
        if len(meant) == 1:
            return streets[meant.pop()]
    return ""


@dataclass(frozen=True)
class ForProject:
    """Under which project a certificate was granted, and what its lines about a project say (None: it has none)."""

    granted_for: UUID | None
    names: Sequence[str] | None


def of_project(facts: ForProject, project_id: UUID, name: str, codes: Iterable[str]) -> bool:
    """
    Whether a certificate is of this project: granted in one of its cases, or it names the project or one of its codes.
    One whose type says nothing of projects is about its holder (a business licence), unless another project's case
    granted it.
    """
    if facts.granted_for is not None:
        return facts.granted_for == project_id
    if facts.names is None:
        return True
    known = {_plain_words(name), *(_plain_words(code) for code in codes)} - {""}
    return any(_plain_words(said) in known for said in facts.names)


def _plain_words(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()

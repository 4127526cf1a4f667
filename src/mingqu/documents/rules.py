"""Pure rules: which documents exist, what each prints, how a request proceeds, what a file may be called."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["waiting", "rendering", "ready", "failed"]

# From state to the states that may follow. `ready` ends: a sealed document is never made again.
TRANSITIONS: dict[State, frozenset[State]] = {
    "waiting": frozenset({"rendering"}),
    "rendering": frozenset(
        {"ready", "failed", "waiting"}
    ),  # waiting: its worker died, the sweep took it back
    "failed": frozenset({"waiting"}),
    "ready": frozenset(),
}

NAME_LIMIT = 120
SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind of document: its fixed template, whether the organ's seal goes on it, the fields it prints."""

    code: str
    title: str
    template: str
    sealed: bool
    required: frozenset[str]
    optional: frozenset[str]


COMMON_REQUIRED = frozenset({"organ", "date"})
COMMON_OPTIONAL = frozenset(
    {"number", "recipient_number", "handler", "phone", "query_code", "check", "link", "licence", "corrects"}
)


def _kind(code: str, title: str, template: str, required: str, optional: str = "") -> DocumentKind:
    return DocumentKind(
        code=code,
        title=title,
        template=template,
        sealed=True,
        required=COMMON_REQUIRED | frozenset(required.split()),
        optional=COMMON_OPTIONAL | frozenset(optional.split()),
    )


_CASE = "recipient item case_number case_number_grouped received_on"
_DECIDED = f"{_CASE} number accepted_on basis outcome"
_UNLICENSED = f"{_CASE} number accepted_on outcome"
_REMEDY = "reconsideration_organ court"
_ONLINE = "reconsideration_online"
_SIGNED = "signed_name signed_on signed_time signed_how"
_REVOKED = (
    "recipient number certificate_name certificate_number valid_from ground basis reasons told_on heard"
)
_STRUCK_OFF = "recipient number certificate_name certificate_number valid_from ground basis reasons"
_BUNDLE = "recipient bundle bundle_number received_on number"
KINDS: dict[str, DocumentKind] = {
    kind.code: kind
    for kind in (
        _kind(
            "receipt",
            "收件凭证",
            "receipt",
            f"{_CASE} channel",
            "materials received_time answer_by looked_up owed delivery",
        ),
        _kind(
            "commitment",
            "告知承诺书",
            "commitment",
            f"{_CASE} number material title told promised consequence {_SIGNED}",
            "drawn",
        ),
        _kind(
            "gap_promise",
            "容缺承诺书",
            "gap_promise",
            f"{_CASE} number materials told promised consequence {_SIGNED}",
            "drawn",
        ),
        _kind(
            "acceptance_notice",
            "受理通知书",
            "acceptance",
            f"{_CASE} number accepted_on",
            "deemed promised_on promised_words statutory_on statutory_words materials_text fee owed basis",
        ),
        _kind("correction_notice", "申请材料补正告知书", "correction", f"{_CASE} number asked", "reply_by"),
        # 行政许可法 32(1), 32(2), 72(7), 78: why it is not taken in; 行政复议法 20, 22: the remedies.
        _kind(
            "not_required_notice",
            "不受理告知书",
            "not_required",
            f"{_CASE} number reasons {_REMEDY}",
            f"{_ONLINE} basis",
        ),
        _kind(
            "not_accepted_notice",
            "不予受理通知书",
            "not_accepted",
            f"{_CASE} number ground reasons {_REMEDY}",
            f"{_ONLINE} competent_organ basis",
        ),
        # 行政许可法 45: the time needed is told in writing.
        _kind(
            "special_procedure_notice",
            "特别程序告知书",
            "special_procedure",
            f"{_CASE} number accepted_on ground since expected_until reasons",
        ),
        # 行政许可法 42: the reason of the extension is told.
        _kind(
            "extension_notice",
            "延期告知书",
            "extension",
            f"{_CASE} number accepted_on basis approver words reasons statutory_before statutory_on",
            "promised_on",
        ),
        _kind(
            "termination_notice",
            "终止办理告知书",
            "termination",
            f"{_CASE} number reasons {_REMEDY}",
            _ONLINE,
        ),
        # 行政许可法 44; the form follows 民事诉讼法 87 to 91.
        _kind(
            "service_record",
            "送达回证",
            "service_record",
            f"{_CASE} number paper way receiver served_on",
            "relation receiver_document address proof refused_because signed_how signed_time drawn",
        ),
        # 行政许可法 50, second paragraph.
        _kind(
            "deemed_renewal_notice",
            "视为准予延续告知书",
            "deemed_renewal",
            f"{_CASE} number accepted_on certificate_name ended_on",
            "certificate_number",
        ),
        # 行政许可法 34: what two officers found on the spot, each line, with who signed.
        _kind(
            "visit_record",
            "现场核查记录",
            "visit_record",
            f"{_CASE} number step place began ended officers checklist points outcome",
            "again_by remarks photos party party_drawn party_refused shared adopted joint_on",
        ),
        _kind(
            "decision_granted",
            "准予行政许可决定书",
            "decision",
            f"{_DECIDED} {_REMEDY}",
            f"{_ONLINE} scope certificate_name certificate_number valid_from valid_until renew_by on_the_spot"
            " handling result_type discretion",
        ),
        # 行政许可法 38: a refusal gives its reasons and the remedies.
        _kind(
            "decision_refused",
            "不予行政许可决定书",
            "decision",
            f"{_DECIDED} reasons {_REMEDY}",
            f"{_ONLINE} on_the_spot",
        ),
        # What is no licence (行政确认, 行政奖励, 公共服务 …) is decided by the laws it rests on, not by 行政许可法.
        _kind(
            "approval_granted",
            "准予决定书",
            "decision",
            f"{_UNLICENSED} {_REMEDY}",
            f"{_ONLINE} basis scope certificate_name certificate_number valid_from valid_until renew_by on_the_spot"
            " handling result_type discretion",
        ),
        _kind(
            "approval_refused",
            "不予决定书",
            "decision",
            f"{_UNLICENSED} reasons {_REMEDY}",
            f"{_ONLINE} basis on_the_spot",
        ),
        # 行政许可法 69, and what is no licence: who was told and heard before, what follows, the remedies.
        _kind(
            "decision_revoked",
            "撤销行政许可决定书",
            "revocation",
            f"{_REVOKED} {_REMEDY}",
            "statement consequence",
        ),
        _kind(
            "approval_revoked", "撤销决定书", "revocation", f"{_REVOKED} {_REMEDY}", "statement consequence"
        ),
        # 行政许可法 70, and what is no licence: struck off ex officio, with the remedies.
        _kind("decision_struck_off", "注销行政许可决定书", "strike_off", _STRUCK_OFF, f"proof {_REMEDY}"),
        _kind("approval_struck_off", "注销决定书", "strike_off", _STRUCK_OFF, f"proof {_REMEDY}"),
        # A bundle (一件事) has one paper for all its parts.
        _kind(
            "bundle_receipt",
            "一件事收件凭证",
            "bundle_receipt",
            f"{_BUNDLE} parts",
            "received_time materials channel looked_up owed delivery licences",
        ),
        _kind(
            "bundle_acceptance",
            "一件事受理通知书",
            "bundle_acceptance",
            f"{_BUNDLE} accepted",
            "still_open joint_on owed together licences",
        ),
        # 行政许可法 42, second paragraph: the joint limit, lengthened with the approval of the government's head.
        _kind(
            "bundle_extension",
            "一件事延期告知书",
            "bundle_extension",
            f"{_BUNDLE} accepted_on approver words reasons joint_before joint_on",
            "basis",
        ),
        _kind(
            "bundle_correction",
            "一件事申请材料补正告知书",
            "bundle_correction",
            f"{_BUNDLE} asked",
            "licences",
        ),
        # What several departments found together on one visit (行政许可法 26: 联合办理; 34: two officers each).
        _kind(
            "joint_visit_record",
            "联合踏勘记录",
            "joint_visit_record",
            f"{_BUNDLE} place began ended organs findings",
            "project corrections party party_drawn party_refused",
        ),
        # What is to be paid for a case, and by what right; paid, it is no receipt.
        _kind(
            "fee_notice",
            "缴款通知书",
            "fee_notice",
            "recipient item case_number number fee_name standard basis amount capitals",
            "because due_on",
        ),
        _kind(
            "licence",
            "电子证照",
            "licence",
            "number certificate_name identifier verification_code valid_from fields",
            "valid_until",
        ),
    )
}


def may_become(now: State, then: State) -> bool:
    return then in TRANSITIONS[now]


def data_problems(kind: DocumentKind, data: Mapping[str, Any]) -> list[str]:
    """Names of required fields that are absent or empty, and of fields the template does not know."""
    absent = [name for name in sorted(kind.required) if data.get(name) in (None, "", [])]
    unknown = sorted(set(data) - kind.required - kind.optional)
    return [*absent, *unknown]


def document_number(prefix: str, year: int, serial: int) -> str:
    """文号: the organ's word, the year in hexagonal brackets, the serial of the year without noughts before it."""
    return f"{prefix}〔{year}〕{serial}号"


def clean_name(name: str, media_type: str) -> str:
    """
    A file name safe to show and to download: no path, no control or direction-changing characters, the
    suffix of what the file really is. 「发票\u202egpj.exe」 must not look like a picture.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(
        c
        for c in unicodedata.normalize("NFC", last)
        if unicodedata.category(c)[0] != "C" and c not in '"<>|:*?;%'
    )
    stem = kept.rsplit(".", 1)[0] if "." in kept else kept
    suffix = SUFFIXES.get(media_type, "")
    return (stem.strip(" .")[: NAME_LIMIT - len(suffix)] or "文件") + suffix

"""
Receipts of the audit ledger (办理存证): a JSON file that anybody can check offline.

It holds every entry of one root in order, where each stands in a signed checkpoint, and the signer's public
key. No Django at import: `mingqu verify FILE` needs neither database nor settings.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm

from mingqu.kernel import audit, signatures

FORMAT = "mingqu-receipt/1"
# What reading values of the wrong shape raises: a list for an object, a key of an unknown kind, a huge number.
BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RecursionError,
    UnsupportedAlgorithm,
)


@dataclass
class Report:
    """What a check found; `intact` only if every line held."""

    intact: bool
    summary: str
    findings: list[str] = field(default_factory=list)
    signers: frozenset[str] = frozenset()  # fingerprints, as the file gives them
    sealed_until: str = ""
    entries: int = 0
    unsealed: int = 0  # no signature stands behind these: anybody could have added them at the end


def entry_body(  # noqa: PLR0913 - the columns of one entry
    *,
    root_id: UUID,
    seq: int,
    at: datetime,
    action: str,
    actor_kind: str,
    actor_id: UUID,
    post_id: UUID | None,
    request_id: str,
    digests: Mapping[str, str],
) -> dict[str, Any]:
    """The part of an entry that its link covers; instants in UTC so that one moment has one form."""
    return {
        "root": str(root_id),
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(),
        "action": action,
        "actor_kind": actor_kind,
        "actor": str(actor_id),
        "post": str(post_id) if post_id else None,
        "request": request_id,
        "digests": dict(digests),
    }


def verify_file(path: Path | str, *, keys: Collection[str] = ()) -> Report:
    """
    Check a receipt file offline. `keys`: the fingerprints the reader expects, if they have any.

    Never raises for a bad file: the report says in words what is wrong.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        return Report(False, f"这个文件读不出来：{type(error).__name__}")
    return verify(data, keys=keys)


def verify(data: bytes, *, keys: Collection[str] = (), checked: Collection[str] | None = None) -> Report:
    """
    The same for the bytes of a file, which may be anything. `checked`: of these keys alone signatures are looked at,
    for who believes no other anyway; `signers` has all.
    """
    try:
        receipt = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        return Report(False, "这个文件读不出来，不是办理存证文件。")
    if not isinstance(receipt, dict) or receipt.get("format") != FORMAT:
        return Report(False, "这不是办理存证文件，或者版本不认识。")
    try:
        return _verify(receipt, keys, checked)
    except BROKEN as error:
        return Report(False, f"存证文件不完整或被改动：{type(error).__name__}")


def _verify(receipt: Mapping[str, Any], expected: Collection[str], checked: Collection[str] | None) -> Report:
    findings: list[str] = []
    links = _check_chain(receipt["entries"], findings)
    if links and receipt["root"] != receipt["entries"][0]["body"]["root"]:
        findings.append("存证上写的编号不是这些记录的编号。")
    sealed_until, signers = _check_seals(receipt, links, findings, checked)
    if expected and (not signers or signers - set(expected)):
        findings.append("签名密钥不是您指定的那一把。")
    if not findings and not links:
        findings.append("存证里没有任何记录。")
    unsealed = [seq for seq in links if str(seq) not in receipt["seals"]]
    summary = (
        f"共{len(links)}条记录，前后相连，未被改动"
        + (f"，其中{len(unsealed)}条尚未封存。" if unsealed else "，全部已封存签名。")
        if not findings
        else "存证核验没有通过。"
    )
    return Report(
        not findings,
        summary,
        findings,
        frozenset(signers),
        sealed_until,
        entries=len(links),
        unsealed=len(unsealed),
    )


def _check_chain(entries: Sequence[Mapping[str, Any]], findings: list[str]) -> dict[int, bytes]:
    links: dict[int, bytes] = {}
    previous, root = audit.GENESIS, entries[0]["body"]["root"] if entries else ""
    for place, entry in enumerate(entries, start=1):
        body, link = entry["body"], bytes.fromhex(entry["link"])
        if body["seq"] != place or body["root"] != root:
            findings.append(f"第{place}条记录的序号或所属办件不对，可能有缺失。")
        if audit.entry_hash(body, previous) != link:
            findings.append(f"第{place}条记录与前后不相连，内容被改动过。")
        salt = bytes.fromhex(entry["salt"])
        for name, value in entry["notes"].items():
            if body["digests"].get(name) != audit.note_digest(salt, name, value):
                findings.append(f"第{place}条记录的“{name}”被改动过。")
        links[place] = previous = link
    return links


def _check_seals(
    receipt: Mapping[str, Any],
    links: Mapping[int, bytes],
    findings: list[str],
    checked: Collection[str] | None,
) -> tuple[str, set[str]]:
    sealed_until, signers = "", set()
    held: dict[str, bool] = {}  # each signature is checked once, however many entries stand under it
    for seq, seal in receipt["seals"].items():
        checkpoint = receipt["checkpoints"][str(seal["checkpoint"])]
        root = bytes.fromhex(checkpoint["root"])
        if int(seq) not in links or audit.root_from_path(links[int(seq)], seal["path"]) != root:
            findings.append(f"第{seq}条记录不在第{seal['checkpoint']}号封存里。")
        elif (number := str(seal["checkpoint"])) not in held:
            looked_at = checked is None or checkpoint["signer"] in checked
            held[number] = not looked_at or _signature_of(receipt, checkpoint, root)
        if not held.get(str(seal["checkpoint"]), True):
            findings.append(f"第{seal['checkpoint']}号封存的签名不成立。")
        signers.add(checkpoint["signer"])
        sealed_until = max(sealed_until, checkpoint["at"])
    return sealed_until, signers


def _signature_of(receipt: Mapping[str, Any], checkpoint: Mapping[str, Any], root: bytes) -> bool:
    pem = receipt["keys"][checkpoint["signer"]]
    body = audit.checkpoint_body(
        checkpoint["number"],
        checkpoint["at"],
        checkpoint["size"],
        root,
        bytes.fromhex(checkpoint["previous"]),
    )
    return signatures.fingerprint(pem) == checkpoint["signer"] and signatures.holds(
        pem, bytes.fromhex(checkpoint["signature"]), body
    )

"""
How an application provides each of its materials: looked up, handed in, promised, to follow later, or missing.

Read by the pages of a draft and by filing alike, so that what the page says is what filing does. The caller has
checked whose draft it is. What an application does not use is not asked for.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from mingqu.cases import of_project, rules
from mingqu.cases.models import CaseMaterial, SignedCommitment
from mingqu.cases.types import Behind, OnPaper, Provided
from mingqu.catalogue.types import Material
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView

Signed = Mapping[tuple[str, str], SignedCommitment]  # by kind and material: what was signed last
PROMISE, GAP = SignedCommitment.Kind.PROMISE, SignedCommitment.Kind.GAP
ORIGINAL, COPY = str(CaseMaterial.How.PAPER), str(CaseMaterial.How.COPY)


@dataclass(frozen=True)
class Provision:
    """One material and what stands behind it."""

    material: Material
    provided: Provided
    certificate: CertificateView | None = None
    promise: SignedCommitment | None = None  # 告知承诺, as signed last
    gap: SignedCommitment | None = None  # 容缺承诺, as signed last

    @property
    def signed(self) -> SignedCommitment | None:
        """The promise this material rests on, if it rests on one."""
        chosen = self.gap if self.provided.state == "owed" else self.promise
        return chosen if chosen is not None and chosen.id == self.provided.source_id else None

    def resting_on(self, signed: SignedCommitment) -> "Provision":
        """The same with another row of the promise it rests on."""
        rests = replace(self.provided, source_id=signed.id)
        if signed.kind == GAP:
            return replace(self, provided=rests, gap=signed)
        return replace(self, provided=rests, promise=signed)

    @property
    def done(self) -> bool:
        """Nothing stands in the way of filing."""
        return self.provided.state != "missing"


@dataclass(frozen=True)
class Asking:
    """
    For whom materials are provided: the draft and what was chosen on it; `owners` whose certificates are looked up
    (nobody's before sign-in); `on_paper` what a clerk had in hand, by material; `absent` codes that may be
    missing all the same: a certificate that was there when a bundle was filed and is not any more when its part is,
    for which the officer asks then; `signed` the promises, where they are not written down under the draft yet;
    `project_id` the project a stage is for: certificates of another one stand in for nothing.
    """

    draft_id: UUID
    context: Mapping[str, Any]
    owners: Collection[UUID]
    day: date
    on_paper: Mapping[str, OnPaper] = field(default_factory=dict)
    absent: Collection[str] = ()
    signed: Signed | None = None
    project_id: UUID | None = None


def provisions(asking: Asking, materials: Sequence[Material], with_files: Collection[str]) -> list[Provision]:
    """One for each material, in their order."""
    held = valid_certificates(asking, materials)
    looked_up = {
        m.code: held.get(m.source.of) if m.source.kind == rules.CERTIFICATE else None for m in materials
    }
    open_ones = [m for m in materials if looked_up[m.code] is None and m.code not in with_files]
    signed: Signed = {}
    if _may_rest_on_promises(open_ones, asking):
        signed = signed_promises(asking.draft_id) if asking.signed is None else asking.signed
    return [
        _provision(asking, material, looked_up[material.code], material.code in with_files, signed)
        for material in materials
    ]


def owed_codes(context: Mapping[str, Any]) -> set[str]:
    """The materials chosen to follow later."""
    return {str(code) for code in context.get("owed", [])}


def on_paper(context: Mapping[str, Any]) -> dict[str, OnPaper]:
    """
    What a clerk noted on a draft of paper in hand, by material: an original (核对), a copy taken in, how many of each.
    """
    counted = context.get("counted", {})
    return {
        str(code): OnPaper(how, int(counted.get(code, 0)))
        for how, noted in ((COPY, "copied"), (ORIGINAL, "paper"))
        for code in context.get(noted, [])
    }


def signed_promises(root_id: UUID) -> Signed:
    """By (kind, material): what was signed last for a draft or case."""
    return rules.latest_signed(SignedCommitment.objects.filter(root_id=root_id))


def valid_certificates(asking: Asking, materials: Iterable[Material]) -> Mapping[str, CertificateView]:
    """Those in force that stand in for materials, by their type."""
    if not asking.owners:
        return {}
    types = {m.source.of for m in materials if m.source.kind == rules.CERTIFICATE}
    if asking.project_id is not None:
        return of_project.valid_certificates(asking.owners, types, asking.day, asking.project_id)
    return certificates.valid_of_holder(asking.owners, types, asking.day)


def _may_rest_on_promises(open_ones: Sequence[Material], asking: Asking) -> bool:
    owed = owed_codes(asking.context)
    return any(m.source.kind == rules.COMMITMENT or m.code in owed for m in open_ones)


def _provision(
    asking: Asking,
    material: Material,
    certificate: CertificateView | None,
    has_files: bool,
    signed: Signed,
) -> Provision:
    promise, gap = signed.get((PROMISE, material.code)), signed.get((GAP, material.code))
    behind = Behind(
        certificate=certificate.id if certificate else None,
        has_files=has_files,
        on_paper=asking.on_paper.get(material.code),
        promise=promise.id if promise else None,
        owed=material.code in owed_codes(asking.context),
        gap=gap.id if gap else None,
    )
    found = rules.provided(material, behind)
    if found.state == "missing" and material.code in asking.absent:
        found = replace(found, state="absent")
    return Provision(material, found, certificate, promise, gap)

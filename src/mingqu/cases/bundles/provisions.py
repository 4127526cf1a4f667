"""
How a bundle's draft provides each of its materials: looked up, handed in, promised, to follow later, or missing.

Each material once, whatever number of parts it is for: a file goes to all of them; a promise is signed once, under the
words of every part, and kept as a row for each. Read by the pages and by filing alike. What a part allows is settled
by its own definition; for several parts only what all of them allow is offered (catalogue).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from mingqu.cases import rules
from mingqu.cases.models import SignedCommitment
from mingqu.cases.provisions import (
    GAP,
    PROMISE,
    Asking,
    Signed,
    owed_codes,
    signed_promises,
    valid_certificates,
)
from mingqu.cases.services.promises import Wording, wording
from mingqu.cases.types import Behind, Provided
from mingqu.catalogue.bundles.types import MergedMaterial, OpenBundle
from mingqu.catalogue.types import Material
from mingqu.certificates.types import CertificateView


@dataclass(frozen=True)
class Known:
    """What was signed for the draft, and which certificates in force its applicant holds, by their type."""

    signed: Signed
    held: Mapping[str, CertificateView]


@dataclass(frozen=True)
class Provision:
    """One material of the bundle and what stands behind it; `promises` and `gaps`: signed last, one for each part."""

    merged: MergedMaterial
    provided: Provided
    certificate: CertificateView | None = None
    promises: tuple[SignedCommitment, ...] = ()
    gaps: tuple[SignedCommitment, ...] = ()

    @property
    def code(self) -> str:
        return self.merged.code

    @property
    def material(self) -> Material:
        return self.merged.material

    @property
    def done(self) -> bool:
        """Nothing stands in the way of filing."""
        return self.provided.state != "missing"

    @property
    def signed(self) -> SignedCommitment | None:
        """The promise this material rests on, if it rests on one."""
        chosen = self.gaps if self.provided.state == "owed" else self.promises
        return chosen[0] if chosen and chosen[0].id == self.provided.source_id else None

    @property
    def promisable(self) -> bool:
        return self.material.source.kind == rules.COMMITMENT

    @property
    def may_be_owed(self) -> bool:
        return rules.may_be_owed(self.material)


def signing_code(part: str, material: str) -> str:
    """Under which code a promise for a part's material lies with the bundle."""
    return f"{part}--{material}"


def provisions(
    asking: Asking, materials: Sequence[MergedMaterial], with_files: Collection[str]
) -> list[Provision]:
    """One for each material, in their order. The caller has checked whose draft it is."""
    signed = signed_promises(asking.draft_id) if any(_rests_on_words(m.material) for m in materials) else {}
    held = valid_certificates(asking, [merged.material for merged in materials])
    return [
        _provision(asking, merged, merged.code in with_files, Known(signed, held)) for merged in materials
    ]


def _rests_on_words(material: Material) -> bool:
    return material.source.kind == rules.COMMITMENT or rules.may_be_owed(material)


def _provision(asking: Asking, merged: MergedMaterial, has_files: bool, known: Known) -> Provision:
    material = merged.material
    found = known.held.get(material.source.of) if material.source.kind == rules.CERTIFICATE else None
    promises, gaps = _of_all(merged, PROMISE, known.signed), _of_all(merged, GAP, known.signed)
    behind = Behind(
        certificate=found.id if found else None,
        has_files=has_files,
        on_paper=asking.on_paper.get(merged.code),
        promise=promises[0].id if promises else None,
        owed=merged.code in owed_codes(asking.context),
        gap=gaps[0].id if gaps else None,
    )
    return Provision(merged, rules.provided(material, behind), found, promises, gaps)


def _of_all(merged: MergedMaterial, kind: str, signed: Signed) -> tuple[SignedCommitment, ...]:
    """What was signed for each of its parts; nothing unless for all of them."""
    rows = [signed.get((kind, signing_code(part, code))) for part, code in merged.to.items()]
    there = tuple(row for row in rows if row is not None)
    return there if len(there) == len(rows) else ()


def words_of(of: OpenBundle, merged: MergedMaterial, kind: str) -> list[tuple[str, Wording]]:
    """(part, what is signed for it): the words of every part this material is for. Raises NothingToPromise."""
    return [
        (part, wording(of.definitions[part], of.definitions[part].material(code), kind))
        for part, code in merged.to.items()
    ]

"""What a bundle has in common goes to the case of each part: files, and promises signed in the place of files."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from mingqu.cases.bundles.provisions import signing_code
from mingqu.cases.models import Bundle, BundlePart, MaterialFile, SignedCommitment
from mingqu.cases.provisions import signed_promises
from mingqu.cases.services.materials import Brought
from mingqu.cases.services.promises import SIGNATURE
from mingqu.catalogue.bundles.types import MergedMaterial
from mingqu.documents import services as documents
from mingqu.kernel.commands import Command
from mingqu.kernel.types import Instant

CURRENT = MaterialFile.State.CURRENT


def brought_to(cmd: Command, bundle: Bundle, row: BundlePart, materials: Sequence[MergedMaterial]) -> Brought:
    """Files of what this part needs, and what was promised in their place."""
    codes = {m.code: m.to[row.code] for m in materials if row.code in m.to}
    own = {signing_code(row.code, code): code for code in codes.values()}
    files = _files_of(bundle, codes)
    signed = [
        (own[code], one) for (_kind, code), one in sorted(signed_promises(bundle.pk).items()) if code in own
    ]
    kinds = {file.file_id: codes[file.material_code] for file in files}
    kinds |= {one.signature_id: SIGNATURE for _code, one in signed if one.signature_id}
    copied: Mapping[UUID, UUID] = {}
    if kinds:
        assert row.case_id is not None
        copied = documents.copy_files(root_id=bundle.pk, kinds=kinds, to_root=row.case_id, at=cmd.at, cmd=cmd)
    return Brought(
        _in_the_case(row, files, codes, copied),
        [
            SignedCommitment(
                root_id=row.case_id,
                kind=one.kind,
                code=code,
                commitment=one.commitment,
                version=one.version,
                text=one.text,
                person_id=bundle.applicant_id,
                signed_name=one.signed_name,
                signature_id=copied[one.signature_id] if one.signature_id else None,
                signed_at=one.signed_at,
            )
            for code, one in signed
        ],
    )


def _files_of(bundle: Bundle, codes: Collection[str]) -> list[MaterialFile]:
    found = MaterialFile.objects.filter(root_id=bundle.pk, material_code__in=list(codes), state=CURRENT)
    return list(found.order_by("added_at", "id"))


def _in_the_case(
    row: BundlePart, files: Sequence[MaterialFile], codes: Mapping[str, str], copied: Mapping[UUID, UUID]
) -> list[MaterialFile]:
    return [
        MaterialFile(
            root_id=row.case_id,
            material_code=codes[file.material_code],
            file_id=copied[file.file_id],
            added_at=file.added_at,
        )
        for file in files
    ]


def hand_over(bundle: Bundle, row: BundlePart, codes: Mapping[str, str], at: Instant) -> None:
    """The part's case gets its files: bundle's material → its own. They wait there to be taken in."""
    assert row.case_id is not None
    files = _files_of(bundle, codes)
    if not files:
        return
    kinds = {file.file_id: codes[file.material_code] for file in files}
    copied = documents.copy_files(root_id=bundle.pk, kinds=kinds, to_root=row.case_id, at=at)
    MaterialFile.objects.bulk_create(_in_the_case(row, files, codes, copied))

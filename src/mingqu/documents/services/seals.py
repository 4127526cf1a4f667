"""Keys of organs, sealing, and checking what was sealed."""

import base64
import hashlib
import logging
from datetime import datetime
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from mingqu.documents import rendering, selectors
from mingqu.documents.errors import SealRetired, SealUnavailable
from mingqu.documents.models import OrganKey
from mingqu.documents.seals import apart, findings
from mingqu.documents.seals.base import KeyMaterial, Subject
from mingqu.documents.seals.registry import provider
from mingqu.documents.types import SealOrder, SealPlace, SignatureReport
from mingqu.identity import selectors as identity
from mingqu.kernel import second_person
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant

log = logging.getLogger(__name__)
MAKE_SEAL = "documents.agree_seal"  # done by a second person
RETIRE_SEAL = "documents.retire_seal"  # the same, about the key itself


def provide_organ_key(
    *, organ_code: str, organ_name: str, by: Actor, at: Instant, key: CommandKey, founding: bool = False
) -> UUID:
    """
    Give an organ a signing key, and the installation its root if it has none yet. Its id; the active one's if
    there is one.

    As another person asked for it (`ask_seal`), unless `founding`: set-up, demo and training regions, where nobody
    can ask yet; it stands in the ledger. Raises DeedNotAsked or SecondPersonNeeded.
    """
    root = _root(at)
    existing = OrganKey.objects.filter(organ_code=organ_code, retired_at=None).first()
    if existing:
        return existing.id
    with command("documents.provide_seal", root.id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(cmd.first_result(str))
        if not founding:
            organ = identity.department_by_code(organ_code)
            cmd.note(reason=second_person.agree(MAKE_SEAL, organ.id, by=by, at=at).reason)
        maker = provider(root.provider)
        made = maker.create_organ_key(_material(root), Subject(organ_name, organ_code), at)
        row = _keep(made, organ_code, organ_name, root.provider, at)
        cmd.note(organ=organ_code, fingerprint=row.fingerprint, founding=founding)
        cmd.done(str(row.id))
        return row.id


def ask_seal(
    *, organ_id: UUID, organ_code: str, reason: str, by: Actor, at: Instant, key: CommandKey
) -> None:
    """
    Ask for an organ's key to be made, or another in place of the one it has: a second person does it (SEC-05).
    Raises DeedReasonMissing or DeedAsked.
    """
    with command("documents.ask_seal", _root(at).id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        facts = {"organ": organ_code}
        asked = second_person.ask(MAKE_SEAL, organ_id, reason=reason, facts=facts, by=by, at=at)
        cmd.note(organ=organ_code, reason=asked.reason)
        cmd.done(None)


def agree_seal(*, organ_id: UUID, organ_name: str, by: Actor, at: Instant, key: CommandKey) -> UUID:
    """
    Make the key another person asked for; one it had signs no more, what that signed stays valid. The new one's id.
    Raises DeedNotAsked or SecondPersonNeeded.
    """
    root = _root(at)
    with command("documents.agree_seal", root.id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(cmd.first_result(str))
        asked = second_person.agree(MAKE_SEAL, organ_id, by=by, at=at)
        code = str(asked.facts["organ"])
        replaced = OrganKey.objects.filter(organ_code=code, retired_at=None).first()
        if replaced and not _retire(replaced, at):
            replaced = None  # retired by others meanwhile
        made = provider(root.provider).create_organ_key(_material(root), Subject(organ_name, code), at)
        row = _keep(made, code, organ_name, root.provider, at)
        cmd.note(
            organ=code,
            fingerprint=row.fingerprint,
            replaced=replaced.fingerprint if replaced else "",
            reason=asked.reason,
        )
        cmd.done(str(row.id))
        return row.id


def decline_seal(*, organ_id: UUID, by: Actor, at: Instant, key: CommandKey) -> None:
    """No key is made: called off by who asked, refused by another. Raises DeedNotAsked."""
    with command("documents.decline_seal", _root(at).id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        asked = second_person.decline(MAKE_SEAL, organ_id, by=by, at=at)
        cmd.note(organ=str(asked.facts["organ"]), answer=asked.answer)
        cmd.done(None)


def ask_retirement(*, organ_code: str, reason: str, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    Ask that an organ's key sign no more, with none in its place: a second person does it (SEC-05). Raises
    SealUnavailable, DeedReasonMissing or DeedAsked.
    """
    with command("documents.ask_seal", _root(at).id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _active(organ_code)
        facts = {"organ": organ_code}
        asked = second_person.ask(RETIRE_SEAL, row.pk, reason=reason, facts=facts, by=by, at=at)
        cmd.note(organ=organ_code, fingerprint=row.fingerprint, reason=asked.reason)
        cmd.done(None)


def retire_organ_key(*, organ_code: str, by: Actor, at: Instant, key: CommandKey) -> None:
    """
    The organ's key signs no more, as another person asked; what it signed until now stays valid. Raises
    SealUnavailable, DeedNotAsked or SecondPersonNeeded.
    """
    with command("documents.retire_seal", _root(at).id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _active(organ_code)
        asked = second_person.agree(RETIRE_SEAL, row.pk, by=by, at=at)
        if not _retire(row, at):
            raise SealUnavailable(organ=_named(organ_code))
        cmd.note(organ=organ_code, fingerprint=row.fingerprint, reason=asked.reason)
        cmd.done(None)


def decline_retirement(*, organ_code: str, by: Actor, at: Instant, key: CommandKey) -> None:
    """The key signs on: called off by who asked, refused by another. Raises SealUnavailable or DeedNotAsked."""
    with command("documents.decline_seal", _root(at).id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _active(organ_code)
        asked = second_person.decline(RETIRE_SEAL, row.pk, by=by, at=at)
        cmd.note(organ=organ_code, fingerprint=row.fingerprint, answer=asked.answer)
        cmd.done(None)


def _retire(row: OrganKey, at: Instant) -> bool:
    """Once: who comes second, in parallel too, changes nothing. Waits for papers that are being written down."""
    return bool(OrganKey.objects.filter(pk=row.pk, retired_at=None).update(retired_at=at))


def _active(organ_code: str) -> OrganKey:
    row = OrganKey.objects.filter(organ_code=organ_code, retired_at=None).first()
    if row is None or not organ_code:
        raise SealUnavailable(organ=_named(organ_code))
    return row


def seal_pdf(
    pdf: bytes, *, organ_code: str, reason: str, at: datetime, place: SealPlace | None = None
) -> bytes:
    """
    The PDF with the organ's signature over all of it; with `place`, its round mark there.

    Raises SealUnavailable if the organ has no active key, GlyphMissing for a name our fonts can't draw.
    """
    return sealed(pdf, organ_code=organ_code, reason=reason, at=at, place=place)[0]


def sealed(
    pdf: bytes, *, organ_code: str, reason: str, at: datetime, place: SealPlace | None = None
) -> tuple[bytes, UUID]:
    """The same, with the key it was done with: whoever keeps the file asks `require_active` in that transaction."""
    row = _active(organ_code)
    mark = None
    if place is not None:
        mark = rendering.render_mark(
            row.organ_name,
            at=row.since,
            demo=settings.MINGQU_DEMO,
            extra_fonts=settings.MINGQU_HOME / "fonts",
        )
    order = SealOrder(organ_name=row.organ_name, reason=reason, at=at, mark=mark, place=place)
    return provider(row.provider).seal(pdf, _material(row), order), row.pk


def require_active(key_id: UUID) -> None:
    """
    The key may sign, and is not retired before the transaction at hand ends: a paper sealed while it was being retired
    would be kept, served, and shown as invalid ever after. Raises SealRetired.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT retired_at FROM documents_organkey WHERE id = %s FOR SHARE", [key_id])
        found = cursor.fetchone()
    if found is None or found[0] is not None:
        raise SealRetired()


def verify_pdf(data: bytes, *, ours: bool = False) -> SignatureReport:
    """
    What the seal on a PDF proves, under this installation's roots and its list of retired keys.

    `ours`: the caller knows by its digest that the file was made here, which is done with active keys only, whatever
    instant its retirement was given as. Any other is read in a limited process.
    Offline, with roots from a file: documents.seals.verify.verify_pdf.
    """
    report = _read_here(data) if ours else apart.verify_apart(data, selectors.trusted_roots())
    if not report.trusted or report.signed_at is None:
        return report
    row = OrganKey.objects.filter(fingerprint=report.fingerprint).first()
    if row is not None and (ours or row.retired_at is None or report.signed_at < row.retired_at):
        return report
    return findings.distrust(report)


def _read_here(data: bytes) -> SignatureReport:
    from mingqu.documents.seals import verify  # half a second of library, for who checks

    return verify.verify_pdf(data, selectors.trusted_roots())


def _named(organ_code: str) -> str:
    """The organ in words: who reads a refusal knows no codes."""
    known = {one.code: one.name for one in identity.departments()}
    return known.get(organ_code, organ_code) or "没有写明的机关"


def _root(at: Instant) -> OrganKey:
    found = OrganKey.objects.filter(organ_code="", retired_at=None).first()
    if found:
        return found
    name = settings.MINGQU_SITE["name"] or "mingqu"
    using = settings.MINGQU_SEAL_PROVIDER
    made = provider(using).create_root(Subject(name, settings.MINGQU_SITE["region_code"] or "0"), at)
    try:
        with transaction.atomic():
            return _keep(made, "", name, using, at)
    except IntegrityError:
        # Another process made the root at the same moment; theirs stands.
        return OrganKey.objects.get(organ_code="", retired_at=None)


def _keep(made: KeyMaterial, organ_code: str, organ_name: str, using: str, at: Instant) -> OrganKey:
    certificate = x509.load_pem_x509_certificate(made.certificate.encode())
    return OrganKey.objects.create(
        organ_code=organ_code,
        organ_name=organ_name,
        provider=using,
        certificate=made.certificate,
        fingerprint=hashlib.sha256(certificate.public_bytes(serialization.Encoding.DER)).hexdigest(),
        private=base64.b64encode(made.private).decode("ascii"),
        since=at,
    )


def _material(row: OrganKey) -> KeyMaterial:
    return KeyMaterial(row.certificate, base64.b64decode(row.private))

"""Questions about certificates. None of them writes."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Q

from mingqu.certificates import deeds as deeds_of
from mingqu.certificates import firms, metadata, rules, standing_now
from mingqu.certificates.errors import CertificateNotFound, CertificateTypeUnknown
from mingqu.certificates.models import Certificate, CertificateDirectory, CertificateType, Measure
from mingqu.certificates.types import (
    BeginView,
    CertificateView,
    FileCheck,
    HeldFirm,
    PublicCertificate,
    Standing,
)
from mingqu.clocks import selectors as clocks
from mingqu.clocks.selectors import article_text
from mingqu.clocks.types import Action, Article
from mingqu.clocks.types import Kind as ClockKind
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel.fields import blind_index
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.rows import Columns, kept_plans
from mingqu.kernel.training import is_training
from mingqu.kernel.types import Actor, Instant

# Of whom a person acts for; which firms those are, the room above says.
firms_of = firms.firms_of
certificate_ids, metadata_of, Metadata = metadata.certificate_ids, metadata.metadata_of, metadata.Metadata
# What was done to a certificate.
history_of, measures_of, revocation_of = deeds_of.history_of, deeds_of.measures_of, deeds_of.revocation_of
strike_off_of, strike_off_waiting = deeds_of.strike_off_of, deeds_of.strike_off_waiting
revocation_waiting = deeds_of.revocation_waiting
in_force = standing_now.in_force
CODE_PURPOSE = "certificates.code"
Kind = CertificateDirectory.Kind
WALLET_LIMIT = 200
DESK_LIMIT = 500


def type_by_code(code: str) -> CertificateType:
    """Raises CertificateTypeUnknown."""
    found = CertificateType.objects.filter(code=code).first()
    if found is None:
        raise CertificateTypeUnknown(code=code)
    return found


def begin_of(certificate_id: UUID, at: Instant) -> BeginView | None:
    """
    How a certificate stands with what is to be begun (建筑法 9), with its days; None where there is nothing, or it was
    not collected yet. The caller has checked that it may be seen.
    """
    row = Certificate.objects.select_related("type").get(pk=certificate_id)
    return _begin(row, at)


def _begin(row: Certificate, at: Instant) -> BeginView | None:
    rule = rules.read_begin(row.type.begin)
    if rule is None or row.begin_clock is None or row.begin_by is None:
        return None
    entries = clocks.entries_of(row.begin_clock, ClockKind.BEGIN)
    put_off = tuple((e.day, e.limit) for e in entries if e.action is Action.EXTEND)
    told = [one for one in clocks.explanations(row.begin_clock, at) if one.deadline.kind is ClockKind.BEGIN]
    return BeginView(
        by=row.begin_by,
        begun_on=row.begun_on,
        lapsed=row.state_on(legal_day(at)) == "lapsed",
        article=article_text(Article(rule.law, rule.article)),
        put_off=put_off,
        explanation=told[0] if told else None,
        left=rule.extensions - len(put_off),
    )


def row_of(certificate_id: UUID) -> Certificate:
    """The row itself, for the access rule."""
    return Certificate.objects.get(pk=certificate_id)


def public_lines(row: Certificate) -> tuple[tuple[str, str], ...]:
    """What anyone who verifies it reads: nothing of people, so that an officer needs no purpose to see it."""
    return _lines(row, public_only=True)


def begin_due() -> Iterable[tuple[UUID, date | None]]:
    """(root of the clock, stored copy) of what is still to be begun, for the nightly check of the clocks."""
    waiting = Certificate.objects.filter(begin_by__isnull=False, begun_on__isnull=True)
    rows = waiting.exclude(status__in=rules.SUCCEEDED).values_list("begin_clock", "begin_by")
    return ((root, day) for root, day in rows.iterator(chunk_size=2000) if root)


def type_code_of(certificate_id: UUID) -> str:
    """Raises CertificateNotFound."""
    found = Certificate.objects.filter(pk=certificate_id).values_list("type__code", flat=True).first()
    if found is None:
        raise CertificateNotFound()
    return str(found)


def wallet(actor: Actor, at: Instant) -> list[CertificateView]:
    """The actor's own certificates, newest first, each in its newest version."""
    scope = access.scope(actor, "certificate.see")
    rows = Certificate.objects.filter(scope.q(party="holder_id")).select_related("type")
    rows = rows.exclude(status__in=rules.SUCCEEDED)
    return [_view(row, legal_day(at)) for row in rows.order_by("-issued_at", "-id")[:WALLET_LIMIT]]


def wallet_of_firm(firm: HeldFirm, at: Instant) -> list[CertificateView]:
    """What a firm holds, as far as the person acts for it (`firms_of`), newest first; each in its newest version."""
    rows = Certificate.objects.filter(holder_id=firm.id, holder_kind="firm").select_related("type")
    rows = rows.exclude(status__in=rules.SUCCEEDED)
    if firm.cases is not None:
        rows = rows.filter(case_id__in=firm.cases)
    return [_view(row, legal_day(at)) for row in rows.order_by("-issued_at", "-id")[:WALLET_LIMIT]]


def certificate_visible_to(actor: Actor | None, number: str, at: Instant) -> CertificateView:
    """
    One's own, or of a firm one acts for. Raises CertificateNotFound, also for one that is somebody else's.
    """
    row = _by(Kind.NUMBER, number.strip().upper())
    if row is None or not (access.allows(actor, "certificate.see", row) or firms.may_see(actor, row)):
        raise CertificateNotFound()
    return _view(row, legal_day(at))


def may(actor: Actor, action: str, certificate_id: UUID) -> bool:
    """Whether this actor may do that to this certificate."""
    row = Certificate.objects.filter(pk=certificate_id).first()
    return row is not None and access.allows(actor, action, row)


def require(actor: Actor, action: str, certificate_id: UUID) -> None:
    """Raises NotAuthorised, CertificateNotFound."""
    row = Certificate.objects.filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound()
    access.require(actor, action, row)


def earlier_versions(certificate: CertificateView, at: Instant) -> list[CertificateView]:
    """The versions it took the place of, the latest first; the caller has checked that it may be seen."""
    found, before = [], certificate.replaces_id
    while before is not None:
        row = Certificate.objects.select_related("type").get(pk=before)
        found.append(_view(row, legal_day(at)))
        before = row.replaces_id
    return found


def certificate(certificate_id: UUID, at: Instant) -> CertificateView:
    """By id, for the room above that has checked access. Raises CertificateNotFound."""
    row = Certificate.objects.filter(pk=certificate_id).select_related("type").first()
    if row is None:
        raise CertificateNotFound()
    return _view(row, legal_day(at))


def certificates_of(ids: Collection[UUID], at: Instant) -> dict[UUID, CertificateView]:
    """By id, as they are now; one statement, none for none. For the room above that has checked access."""
    if not ids:
        return {}
    rows = Certificate.objects.filter(pk__in=list(ids)).select_related("type")
    return {row.pk: _view(row, legal_day(at)) for row in rows}


def may_become(certificate: CertificateView, then: str) -> bool:
    """Whether that is possible from its present state (行政许可法 49, 50, 69, 70)."""
    return rules.may_become(rules.STATES[certificate.state], rules.STATES[then])


def validity_after(
    certificate_id: UUID, kind: str, decided_on: date, years: int | None
) -> tuple[date, date | None]:
    """First and last day as a grant of this kind (change, renew, replace, cancel) leaves them: for its paper."""
    row = Certificate.objects.only("valid_from", "valid_until").get(pk=certificate_id)
    if kind == "renew" and row.valid_until and years:
        return rules.renewed_validity(row.valid_until, decided_on, years)
    return row.valid_from, row.valid_until


def ended_before(day: date, certificate_ids: Collection[UUID]) -> set[UUID]:
    """Of these certificates those whose last day lies before `day`; one statement. For the room above."""
    ended = Certificate.objects.filter(pk__in=list(certificate_ids), valid_until__lt=day)
    return set(ended.values_list("pk", flat=True))


def over_by_themselves(day: date, certificate_ids: Collection[UUID]) -> set[UUID]:
    """Of these certificates those that on that day have expired, or are void because nothing was begun (建筑法 9)."""
    ended = Q(valid_until__lt=day) | Q(begin_by__lt=day, begun_on=None)
    found = Certificate.objects.filter(ended, pk__in=list(certificate_ids))
    return set(found.values_list("pk", flat=True))


def held(given: str, holders: Collection[UUID], at: Instant) -> CertificateView:
    """
    A certificate of these holders by its id or, in its newest version, by its number. Raises CertificateNotFound, also
    for one that is somebody else's.
    """
    try:
        row = Certificate.objects.select_related("type").filter(pk=UUID(given)).first()
    except ValueError:
        row = _by(Kind.NUMBER, given.strip().upper())
    if row is None or row.holder_id not in holders:
        raise CertificateNotFound()
    return _view(row, legal_day(at))


def held_by(actor: Actor, holder_id: UUID, at: Instant) -> list[CertificateView]:
    """
    What one holder has, newest first, as far as the actor may see it: for a clerk at whose window the holder stands.
    """
    scope = access.scope(actor, "certificate.see")
    rows = Certificate.objects.filter(scope.q(party="holder_id"), holder_id=holder_id).select_related("type")
    return [
        _view(row, legal_day(at))
        for row in rows.exclude(status__in=rules.SUCCEEDED).order_by("-issued_at", "-id")
    ]


def held_of_type(actor: Actor, type_code: str, at: Instant) -> list[CertificateView]:
    """
    Certificates of a type that the actor's application may act on, in force or just ended: her own, and those of firms
    in whose name she may apply.
    """
    of_firms = [c for firm in firms_of(actor) if firm.may_apply for c in wallet_of_firm(firm, at)]
    found = [*wallet(actor, at), *of_firms]
    return [c for c in found if c.type_code == type_code and c.state in {"valid", "expired"}]


def of_case(case_id: UUID, type_code: str, at: Instant) -> CertificateView | None:
    """The certificate issued for a case, for the owner of the case (which says who may see it)."""
    row = (
        Certificate.objects.filter(pk=rules.certificate_id(case_id, type_code)).select_related("type").first()
    )
    return _view(row, legal_day(at)) if row else None


_ROW, _TYPE = Columns(Certificate, "c"), Columns(CertificateType, "t")
# Asked for each filing that wants a certificate: written out because the ORM took longer over it than PostgreSQL.
_NEWEST = (
    f"SELECT DISTINCT ON (t.code) {_ROW}, {_TYPE} FROM certificates_certificate c"  # noqa: S608  constants
    " JOIN certificates_certificatetype t ON t.id = c.type_id"
    " WHERE c.holder_id = ANY(%s) AND t.code = ANY(%s) AND c.status = 'valid'"
    " AND (c.valid_until IS NULL OR c.valid_until >= %s) AND c.valid_from <= %s"
    " AND (c.begin_by IS NULL OR c.begun_on IS NOT NULL OR c.begin_by >= %s)"
    " ORDER BY t.code, c.issued_at DESC, c.id DESC"
)


def valid_of_holder(
    holder_ids: Iterable[UUID], type_codes: Collection[str], day: date
) -> dict[str, CertificateView]:
    """
    By type: the certificate of it that one of these holders (a person, a firm) has and that is in force on that day;
    of several the newest. One statement, none where no type is asked for. The caller knows why it may look: these are
    its own, or those of whom it acts for.
    """
    if not type_codes:
        return {}
    with kept_plans() as cursor:
        cursor.execute(_NEWEST, [list(holder_ids), list(type_codes), day, day, day])
        found = cursor.fetchall()
    newest = {}
    for values in found:
        row, row.type = _ROW.instance(values[: len(_ROW)]), _TYPE.instance(values[len(_ROW) :])
        newest[row.type.code] = _view(row, day)
    return newest


def every_valid_of_holder(
    holder_ids: Iterable[UUID], type_codes: Collection[str], day: date
) -> list[tuple[CertificateView, tuple[str, ...] | None]]:
    """
    All of those, the newest first, each with what its lines about a project say: None where its type has no such line.
    One statement, none where no type is asked for. The caller knows why it may look.
    """
    if not type_codes:
        return []
    rows = standing_now.valid_of(holder_ids, type_codes, day)
    return [(_view(row, day), standing_now.projects_named(row)) for row in rows]


def validity(granted_on: date, years: int | None) -> tuple[date, date | None]:
    """First and last day of what is granted on that day; without years, without end."""
    return granted_on, rules.last_day(granted_on, years) if years else None


def public_by_code(text: str, at: Instant) -> PublicCertificate:
    """What anyone with the verification code may know. Raises CertificateNotFound."""
    code = rules.typed_code(text)
    row = _by(Kind.CODE, code_digest(code)) if code else None
    if row is None:
        raise CertificateNotFound()
    return replace(_public(row, legal_day(at)), begin=_begin(row, at))


def check_file(data: bytes, at: Instant, *, code: str = "") -> FileCheck:
    """
    Whether a file is a certificate of the register, unaltered and in force; with `code`, whether it is that one's.

    Never raises for a bad file. Raises CertificateNotFound for a code that is none.
    """
    named = public_by_code(code, at) if code else None
    row = _by(Kind.FILE, hashlib.sha256(data).hexdigest())
    report = documents.verify_pdf(data, ours=row is not None)
    if row is not None and named is not None and row.pk != named.certificate_id:
        row = None
    shown = _public(row, legal_day(at)) if row else named
    facts = rules.FileFacts(
        registered=row is not None,
        signed=report.signed,
        intact=report.intact,
        trusted=report.trusted,
        asked_for=named is not None,
    )
    state: rules.State | None = shown.state if row and shown else None  # type: ignore[assignment]
    return FileCheck(rules.finding(facts, state), shown, report.signer, report.signed_at, report.sentences)


def code_digest(code: str) -> str:
    return blind_index(CODE_PURPOSE, code).hex()


def _by(kind: str, value: str) -> Certificate | None:
    found = CertificateDirectory.objects.filter(kind=kind, value=value).values_list(
        "certificate_id", flat=True
    )
    certificate_id = found.first()
    if certificate_id is None:
        return None
    return Certificate.objects.filter(pk=certificate_id).select_related("type").first()


def _lines(row: Certificate, *, public_only: bool = False) -> tuple[tuple[str, str], ...]:
    return tuple(
        (spec.label, row.fields[spec.code])
        for spec in rules.read_fields(row.type.fields)
        if row.fields.get(spec.code) and (spec.public or not public_only)
    )


def to_strike_off(actor: Actor, at: Instant, limit: int = 50) -> list[CertificateView]:
    """
    Those the actor may see that are to be struck off as the register itself knows (行政许可法 70): revoked, withdrawn,
    and ended without a renewal, the latest first. Two statements.
    """
    day, scope = legal_day(at), access.scope(actor, "certificate.see").q(party="holder_id")
    rows = Certificate.objects.filter(scope).select_related("type")
    undone = rows.filter(status__in=("revoked", "withdrawn")).order_by("organ_code", "id")[:limit]
    ended = rows.filter(status="valid", valid_until__lt=day).order_by("-valid_until")[:limit]
    return [_view(row, day) for row in (*undone, *ended)][:limit]


def cases_of(certificate_ids: Iterable[UUID]) -> set[UUID]:
    """The cases these were issued in; what is no certificate is left out."""
    rows = Certificate.objects.filter(pk__in=list(certificate_ids), case_id__isnull=False)
    return {case_id for case_id in rows.values_list("case_id", flat=True) if case_id}


def suspended_now(actor: Actor, at: Instant) -> list[CertificateView]:
    """Those the actor may see that are suspended, what should end first in front; three statements however many."""
    scope = access.scope(actor, "certificate.see")
    rows = Certificate.objects.filter(scope.q(party="holder_id"), status="suspended").select_related("type")
    shown = list(rows.order_by("organ_code", "id")[:DESK_LIMIT])
    latest = Measure.objects.filter(root_id__in=[row.pk for row in shown], kind=Measure.Kind.SUSPENDED)
    deeds = {one.root_id: deeds_of.standing(one) for one in latest.order_by("at")}
    found = [_view(row, legal_day(at), deeds) for row in shown]
    return sorted(found, key=lambda one: (one.suspension and one.suspension.until) or date.max)


def _view(row: Certificate, day: date, deeds: Mapping[UUID, Standing] | None = None) -> CertificateView:
    state = row.state_on(day)
    left = (row.valid_until - day).days if row.valid_until and state == "valid" else None
    renewal = rules.renewal(row.valid_until, row.type.renew_before_days) if row.valid_until else None
    return CertificateView(
        id=row.pk,
        type_name=row.type.name,
        number=row.number,
        identifier=row.identifier,
        organ_name=row.organ_name,
        holder_name=row.holder_name,
        holder_number=row.holder_number or "",
        fields=_lines(row),
        state=state,
        state_words=rules.WORDS[state],
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        days_left=left,
        case_id=row.case_id,
        verification_code=row.verification_code,
        file_id=row.file_id,
        issued_at=row.issued_at,
        type_code=row.type.code,
        version=row.version,
        replaces_id=row.replaces_id,
        existing=row.origin == Certificate.Origin.EXISTING,
        renewal=renewal.on(day) if renewal and state in {"valid", "expired"} else "",
        values={code: str(value) for code, value in row.fields.items() if value},
        holder_id=row.holder_id,
        holder_kind=row.holder_kind,
        renew_from=renewal.opens_on if renewal else None,
        renew_until=renewal.in_time_until if renewal else None,
        begin_by=row.begin_by,
        suspension=deeds_of.suspension(row, state) if deeds is None else deeds.get(row.pk),
    )


def _public(row: Certificate, day: date) -> PublicCertificate:
    state = row.state_on(day)
    suspension = deeds_of.suspension(row, state)
    return PublicCertificate(
        certificate_id=row.pk,
        type_name=row.type.name,
        number=row.number,
        identifier=row.identifier,
        organ_name=row.organ_name,
        holder_masked=mask_name(row.holder_name),
        fields=_lines(row, public_only=True),
        state=state,
        state_words=rules.WORDS[state],
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        has_file=row.file_id is not None,
        training=is_training(row.region_code),
        suspended_on=suspension.on if suspension else None,
        suspended_until=suspension.until if suspension else None,
    )

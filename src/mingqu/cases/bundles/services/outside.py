"""What an outside system came to, and the subject it brings: a person or a reserved name becomes a firm."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from mingqu.cases.bundles import rules, selectors
from mingqu.cases.bundles.errors import BundleUnknown, NotOutside, PartUnknown, ResultIncomplete, SubjectKnown
from mingqu.cases.bundles.events import OutsideEnded, SubjectBound
from mingqu.cases.bundles.services.course import BUNDLES, State, go_on, order
from mingqu.cases.bundles.services.filing import firm_id_of
from mingqu.cases.bundles.types import BundleDone, OutsideResult
from mingqu.cases.models import Bundle, BundlePart, Case
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity import services as parties
from mingqu.identity.services import access
from mingqu.identity.types import NewFirm
from mingqu.kernel.commands import Command, command
from mingqu.kernel.errors import NotFound
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

NUMBER_LENGTH = 60


def record_result(
    *, bundle_id: UUID, code: str, result: OutsideResult, by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    A clerk enters what the outside system decided; the part is closed, and what waited for it begins. Where the part
    brings the subject, its credit code is bound to the firm first: a code that is wrong or another's stops here.

    Two commands one after the other, each safe to repeat: on the firm, then on the bundle. Raises NotAuthorised,
    NotOutside, ResultIncomplete, IdentifierRefused, NumberTaken, FirmBound.
    """
    part = _outside_part(bundle_id, code, by)
    bundle = part.bundle
    brings = bool(catalogue.document(bundle.revision_id).part(code).brings)
    _check(result, brings and result.outcome == State.GRANTED)
    firm = None
    if brings and result.outcome == State.GRANTED:
        firm = _register(bundle, result.credit_code, result.name, by=by, at=at, key=key)
    with command("bundle.record_result", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.record_result", bundle)
        parts = selectors.parts_of(bundle)
        part = selectors.part_of(parts, code)
        _require_outside(part)
        cmd.change(
            part,
            state=result.outcome,
            ended_on=legal_day(at),
            result={
                "version": 1,
                "number": result.number.strip(),
                "name": result.name.strip(),
                "credit_code": firm[1] if firm else "",
                "reasons": result.reasons.strip(),
            },
        )
        cmd.publish(OutsideEnded(bundle.pk, bundle.number, bundle.applicant_id, part.code, result.outcome))
        if firm:
            _take_subject(cmd, bundle, parts, *firm, result.name)
        go_on(cmd, bundle, parts)
        cmd.note(part=code, outcome=result.outcome)
        cmd.note_digest(number=result.number.strip(), reasons=result.reasons.strip())
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def bind_subject(
    *, bundle_id: UUID, credit_code: str, name: str, by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    The subject's code comes from elsewhere (the applicant brings a licence she already had): bound as above.

    Raises NotAuthorised, SubjectKnown, ResultIncomplete, IdentifierRefused, NumberTaken, FirmBound.
    """
    bundle = _seen(bundle_id, "bundle.bind_subject", by)
    if bundle.credit_code:
        raise SubjectKnown()
    _check(OutsideResult(State.GRANTED, "-", credit_code, name), True)
    firm = _register(bundle, credit_code, name, by=by, at=at, key=key)
    with command("bundle.bind_subject", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.bind_subject", bundle)
        if bundle.credit_code:
            raise SubjectKnown()
        _take_subject(cmd, bundle, selectors.parts_of(bundle), *firm, name)
        cmd.note(credit_code=firm[1])
        return cmd.done(BundleDone(bundle.pk, bundle.status))


def _seen(bundle_id: UUID, action: str, by: Actor) -> Bundle:
    bundle = Bundle.objects.select_related("lead").filter(pk=bundle_id).first()
    if bundle is None:
        raise BundleUnknown()
    access.require(by, action, bundle)
    return bundle


def _outside_part(bundle_id: UUID, code: str, by: Actor) -> BundlePart:
    """With its bundle, in one statement."""
    found = BundlePart.objects.select_related("bundle__lead").filter(bundle=bundle_id, code=code).first()
    if found is None:
        _seen(bundle_id, "bundle.record_result", by)
        raise PartUnknown(field="part")
    access.require(by, "bundle.record_result", found.bundle)
    if not found.is_outside:
        raise NotOutside(name=found.name)
    return found


def _require_outside(part: BundlePart) -> None:
    if part.state != State.OUTSIDE:
        raise NotOutside(name=part.name)


def _check(result: OutsideResult, brings: bool) -> None:
    """Whether everything is there that this outcome needs. Raises ResultIncomplete."""
    if result.outcome not in (State.GRANTED, State.REFUSED):
        raise ResultIncomplete(field="outcome", what="办理结果")
    if result.outcome == State.REFUSED and not result.reasons.strip():
        raise ResultIncomplete(field="reasons", what="不予办理的理由")
    if result.outcome == State.GRANTED and not 0 < len(result.number.strip()) <= NUMBER_LENGTH:
        raise ResultIncomplete(field="number", what="证照编号")
    if brings and not result.credit_code.strip():
        raise ResultIncomplete(field="credit_code", what="统一社会信用代码")
    if brings and not result.name.strip():
        raise ResultIncomplete(field="name", what="登记的名称")


def _register(
    bundle: Bundle, credit_code: str, name: str, *, by: Actor, at: Instant, key: UUID
) -> tuple[UUID, str]:
    """The firm with its code: the provisional one bound, or made where a person was the subject so far."""
    firm_id = bundle.party_id or firm_id_of(bundle.pk)
    code = parties.checked_code(credit_code)
    parties.require_free(code, firm_id)
    try:
        identity.firm(firm_id)
    except NotFound:
        draft = NewFirm(name.strip(), code, legal_representative=bundle.applicant_name)
        parties.create_firm(draft=draft, by=by, at=at, key=firm_id)
        return firm_id, code
    parties.bind_firm(firm_id=firm_id, credit_code=code, name=name, by=by, at=at, key=uuid5(key, "bind"))
    return firm_id, code


def _take_subject(
    cmd: Command, bundle: Bundle, parts: Sequence[BundlePart], firm_id: UUID, code: str, name: str
) -> None:
    """The bundle is the firm's from now on, and so are the parts in its name that are already under way."""
    cmd.change(
        bundle,
        party_kind=Case.PartyKind.FIRM,
        party_id=firm_id,
        party_name=" ".join(name.split()),
        credit_code=code,
    )
    definition = catalogue.document(bundle.revision_id)
    for part in parts:
        if part.state in rules.RUNNING and definition.part(part.code).subject != "person":
            order(cmd, bundle, part, "party", BUNDLES)
    cmd.publish(SubjectBound(bundle.pk, bundle.number, bundle.applicant_id, firm_id))

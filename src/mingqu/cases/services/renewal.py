"""视为准予延续: a renewal nobody decided before the certificate ended (行政许可法 50, second paragraph)."""

from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.cases import papers, rules, selectors
from mingqu.cases.events import CaseDecided
from mingqu.cases.models import Case, Decision
from mingqu.cases.rules import is_licence
from mingqu.cases.services import discretion, open_questions
from mingqu.cases.services.review import void_visits
from mingqu.cases.types import Done
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.clocks import services as clocks
from mingqu.clocks.types import DELIVERY
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import services as process

DEEMING = Actor.system("deemed-renewal")
DAY = timedelta(days=1)
LIVES = frozenset(
    {"valid", "expired"}
)  # what was revoked, cancelled or renewed already is not renewed by silence


class _NothingDeemed(Exception):
    """Somebody decided, or the law does not renew: the command is rolled back and leaves no entry."""


def deem_renewed(*, case_id: UUID, at: Instant) -> Done | None:
    """
    Write down that the law renewed: applied for in time, accepted, and not decided when the certificate ended.

    The grant counts from the day after the end, whenever this is written. A special procedure (45) stops the periods of
    its own section, not this one; a material still owed does not hinder it either. What waits for the applicant's
    correction was not accepted and is not deemed anything: docs/decisions/0006.
    None where the law did not renew, or somebody decided first. Called by the sweep; safe to repeat.
    """
    key = uuid5(NAMESPACE_URL, f"mingqu:deemed-renewal:{case_id}:{legal_day(at).isoformat()}")
    try:
        with command("case.deem_renewed", case_id, by=DEEMING, at=at, key=key) as cmd:
            if cmd.repeated:
                return None
            case = selectors.case_for_update(case_id)
            ended = _lapsed(case, at)
            if ended is None:
                raise _NothingDeemed
            _renew(cmd, case, ended)
            return cmd.done(Done(case.pk, case.status))
    except _NothingDeemed:
        return None


def _lapsed(case: Case, at: Instant) -> CertificateView | None:
    """
    The certificate that ended before anybody decided on its renewal; None where nothing is deemed. 行政许可法 50 speaks
    of licences alone.
    """
    if case.handling_kind != "renew" or case.acts_on_id is None or not is_licence(case.item_type):
        return None
    if case.status != Case.Status.ACCEPTED:
        return None
    held = certificates.certificate(case.acts_on_id, at)
    if held.valid_until is None or held.state not in LIVES:
        return None
    before = selectors.definition_of(case).result.renew_before_days
    in_time = rules.applied_in_time(legal_day(case.received_at), held.valid_until, before)
    return held if in_time and legal_day(at) > held.valid_until else None


def _renew(cmd: Command, case: Case, ended: CertificateView) -> None:
    assert ended.valid_until is not None and case.instance_id is not None
    by, at = cmd.by, cmd.at
    process.terminate(root_id=case.pk, instance_id=case.instance_id, reason="deemed_renewed", by=by, at=at)
    void_visits(case.pk)
    open_questions.leave(case, at)
    discretion.leave(case, at)
    clocked = clocks.hand_over(root_id=case.pk, clocks=[DELIVERY], day=legal_day(at), by=by)
    case.due_on = clocked.binding.due_on if clocked.binding else None
    case.status, case.outcome, case.deemed_granted = Case.Status.DECIDED, Case.Outcome.GRANTED, True
    case.decided_on = ended.valid_until + DAY
    case.suspended_since, case.suspended_ground, case.suspended_until = None, "", None
    case.returned_inside = False
    case.save(
        update_fields=[
            "status",
            "outcome",
            "deemed_granted",
            "decided_on",
            "due_on",
            "suspended_since",
            "suspended_ground",
            "suspended_until",
            "returned_inside",
        ]
    )
    number = papers.deemed_renewal_notice(
        case, selectors.definition_of(case), ended.valid_until, ended.number, at
    )
    cmd.insert(Decision(case=case, kind=Decision.Kind.DEEMED, document_number=number, person_id=by.id, at=at))
    cmd.note(ended_on=ended.valid_until, decided_on=case.decided_on, document_number=number)
    about = (case.pk, case.number, case.item_code, case.applicant_id)
    cmd.publish(CaseDecided(*about, case.outcome, case.decided_on, deemed=True))

"""What happened below is to be told upwards."""

from mingqu.cases import events as cases
from mingqu.catalogue.directory.events import ListPublished
from mingqu.catalogue.events import ItemWithdrawnFromUse, RevisionPublished
from mingqu.catalogue.upward import selectors as catalogue
from mingqu.certificates import events as certificates
from mingqu.evaluation import selectors as evaluation
from mingqu.evaluation.events import CaseRated, RatingExcluded
from mingqu.federation import services
from mingqu.identity.events import AccountBound, AccountClosed
from mingqu.kernel.events import subscriber
from mingqu.kernel.types import Instant

ITEMS = ("task_general_basic", "task_general_extend", "task_general_material", "fee_project", "questions")
# What changes nothing that is told of a case; any other event of one does.
QUIET = frozenset({
    cases.SuspensionLasts,
    cases.StepCompleted, cases.StepReturned, cases.CaseArchived, cases.OwedBrought, cases.OwedDueSoon,
    cases.OwedMissed, cases.CommitmentBroken, cases.VisitPlanned, cases.NewDateAsked, cases.VisitToBeRepeated,
    cases.ConsultationAsked, cases.ConsultationRemind, cases.ConsultationAnswered, cases.ConsultationEnded,
    cases.RecusalAsked, cases.RecusalDecided, cases.StepStranded, cases.StepHanded, cases.StepPutBack,
    cases.DiscretionAsked, cases.DiscretionAnswered,
})  # fmt: skip
OF_CASES = tuple(kind for kind in cases.ALL if kind not in QUIET)
OF_CERTIFICATES = (
    certificates.CertificateIssued, certificates.CertificateReady, certificates.CertificateRevoked,
    certificates.CertificateSuspended, certificates.CertificateRestored, certificates.CertificateCancelled,
    certificates.CertificateStruckOff,
)  # fmt: skip


@subscriber("federation.item", RevisionPublished, ItemWithdrawnFromUse)
def item(event: RevisionPublished | ItemWithdrawnFromUse, *, at: Instant) -> None:
    found = catalogue.item_id(event.item_code)
    for table in ITEMS if found else ():
        services.mark(table, [str(found)], at)


@subscriber("federation.base_directory", ListPublished)
def base_directory(event: ListPublished, *, at: Instant) -> None:
    if event.kind == "base":
        services.mark("task_directory", catalogue.base_keys(limit=100_000), at)


@subscriber("federation.case", *OF_CASES)
def case(event: cases.CaseEvent, *, at: Instant) -> None:
    tables = (
        ("affair", "result") if isinstance(event, cases.CaseDecided | cases.CaseDelivered) else ("affair",)
    )
    for table in tables:
        services.mark(table, [str(event.root_id)], at)


@subscriber("federation.certificate", *OF_CERTIFICATES)
def certificate(event: certificates.CertificateIssued, *, at: Instant) -> None:
    services.mark("certificate", [str(event.root_id)], at)


@subscriber("federation.certificate_succeeded", certificates.CertificateSucceeded)
def certificate_succeeded(event: certificates.CertificateSucceeded, *, at: Instant) -> None:
    services.mark("certificate", [str(event.root_id), str(event.replaces_id)], at)


@subscriber("federation.rating", CaseRated)
def rating(event: CaseRated, *, at: Instant) -> None:
    services.mark("evaluation", [str(event.root_id)], at)


@subscriber("federation.rating_excluded", RatingExcluded)
def rating_excluded(event: RatingExcluded, *, at: Instant) -> None:
    case_id = evaluation.rated_case_of(event.root_id)
    services.mark("evaluation", [str(case_id)] if case_id else [], at)


@subscriber("federation.user", AccountBound)
def user(event: AccountBound, *, at: Instant) -> None:
    services.mark("user", [str(event.root_id)], at)


@subscriber("federation.user_closed", AccountClosed)
def user_closed(event: AccountClosed, *, at: Instant) -> None:
    services.mark("user", [str(event.person_id)], at)

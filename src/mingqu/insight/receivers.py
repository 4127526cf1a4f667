"""The figures follow what happens to cases and what is said of them."""

from collections.abc import Sequence

from mingqu.cases import events as cases
from mingqu.evaluation import selectors as evaluation
from mingqu.evaluation.events import CaseRated, RatingExcluded
from mingqu.insight import services
from mingqu.kernel.events import subscriber, subscriber_of_many
from mingqu.kernel.types import Instant

# What changes no figure; any other event of a case does, those that come to be later with them.
QUIET = frozenset({
    cases.SuspensionLasts,
    cases.StepCompleted, cases.StepReturned, cases.CaseArchived, cases.OwedDueSoon, cases.OwedMissed,
    cases.CommitmentBroken, cases.VisitPlanned,
    cases.NewDateAsked, cases.VisitToBeRepeated, cases.CasePartyChanged, cases.ConsultationAsked,
    cases.ConsultationRemind, cases.ConsultationAnswered, cases.ConsultationEnded, cases.RecusalAsked,
    cases.RecusalDecided, cases.StepStranded, cases.StepHanded, cases.StepPutBack,
    cases.DiscretionAsked, cases.DiscretionAnswered, cases.EntryMended,
})  # fmt: skip
FOLLOWED = tuple(kind for kind in cases.ALL if kind not in QUIET)


@subscriber_of_many("insight.follow", *FOLLOWED, CaseRated)
def follow(events: Sequence[cases.CaseEvent | CaseRated]) -> None:
    services.follow(event.root_id for event in events)


@subscriber("insight.leave_out", RatingExcluded)
def leave_out(event: RatingExcluded, *, at: Instant) -> None:
    case_id = evaluation.rated_case_of(event.root_id)
    if case_id is not None:
        services.follow([case_id])

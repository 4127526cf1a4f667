"""The other side is told of agreements, an applicant where the result is; figures follow what was received."""

from django.urls import reverse

from mingqu.across import selectors, services
from mingqu.across.events import AgreementMoved, GivingMoved, PapersSent
from mingqu.across.models import Agreement, AgreementDeed
from mingqu.across.selectors import place_of
from mingqu.cases import events as cases
from mingqu.identity import selectors as identity
from mingqu.kernel.events import subscriber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.notifications import services as notifications


@subscriber("across.tell_other_side", AgreementMoved)
def tell_other_side(event: AgreementMoved, *, at: Instant) -> None:
    """Who may answer for the hall on the other side; each deed once."""
    row = Agreement.objects.select_related("home", "away").get(pk=event.root_id)
    told, said = (row.away, row.home) if event.by_home else (row.home, row.away)
    kind = "agreement_proposed" if event.deed == AgreementDeed.Deed.PROPOSE else "agreement_moved"
    params = {"number": row.number, "hall": said.name, "way": str(Agreement.Way(row.way).label)}
    if kind == "agreement_moved":
        params["deed"] = str(AgreementDeed.Deed(event.deed).label)
    link = reverse("across:agreement", args=[row.number])
    for person_id in identity.people_who_may("agreement.answer", place_of(told), legal_day(at)):
        notifications.tell(person_id, kind, params, row.pk, at=at, fact=event.deed, link=link)


@subscriber("across.tell_where_it_is_given", GivingMoved)
def tell_where_it_is_given(event: GivingMoved, *, at: Instant) -> None:
    """Who applied, and who may act for her: at which hall the result is given out from now on."""
    hall, case = selectors.giving_of(event.root_id)
    params = {"what": f"{case.item_name}（{case.handling_item}）", "number": case.number, "hall": hall}
    for person_id in identity.whom_to_tell(case.applicant_id, case, legal_day(at)):
        notifications.tell(
            person_id,
            "giving_moved",
            params,
            case.pk,
            at=at,
            fact=at.isoformat(),
            link=reverse("cases:progress", args=[case.number]),
        )


# What changes a figure of this room.
COUNTED = (
    cases.CaseReceived, cases.CorrectionAsked, cases.CaseNotAccepted, cases.CaseDecided, cases.CaseTerminated,
    cases.CaseDelivered, cases.CaseWithdrawn, cases.CaseVoided, PapersSent,
)  # fmt: skip


@subscriber("across.count", *COUNTED)
def count(event: cases.CaseEvent | PapersSent, *, at: Instant) -> None:
    """Of a case that no hall elsewhere received: nothing, one statement."""
    services.count(event.root_id)

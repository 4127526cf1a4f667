"""The people of the other side are told what became of an agreement."""

from django.urls import reverse

from mingqu.across.events import AgreementMoved
from mingqu.across.models import Agreement, AgreementDeed
from mingqu.across.selectors import place_of
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

"""What waits for the acting post on its pages of certificates: what others asked for and this post may agree to."""

from uuid import UUID

from mingqu.certificates import selectors
from mingqu.certificates.deeds import REVOKE, STRIKE_OFF
from mingqu.certificates.imports.commands import ACTION as IMPORT
from mingqu.certificates.imports.undoing import UNDO
from mingqu.certificates.models import Certificate, ImportBatch
from mingqu.certificates.types import CertificateView
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel import second_person
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

# Permission → the deed that waits for it, in a word.
DECIDES = {"certificate.revoke": (REVOKE, "撤销"), "certificate.strike_off": (STRIKE_OFF, "注销")}


def deeds(actor: Actor, at: Instant) -> Waiting | None:
    """撤销, 注销 that others proposed. One statement where none waits."""
    scopes = {deed: access.scope(actor, action) for action, (deed, _word) in DECIDES.items()}
    asked = second_person.waiting_for(actor, [deed for deed, scope in scopes.items() if scope])
    words = []
    for deed, word in DECIDES.values():
        ids = [one.about_id for one in asked if one.deed == deed]
        within = scopes[deed].q(party="holder_id")
        found = Certificate.objects.filter(within, pk__in=ids).count() if ids else 0
        words += [f"{word}{found}件"] if found else []
    return Waiting("、".join(words) + "等您决定") if words else None


def proposed(actor: Actor, at: Instant, deed: str) -> list[CertificateView]:
    """Those of whom this was proposed and not decided, the oldest first, as far as the actor may see them."""
    found = selectors.certificates_of([one.about_id for one in second_person.waiting([deed])], at)
    scope = access.scope(actor, "certificate.see").q(party="holder_id")
    seen = set(Certificate.objects.filter(scope, pk__in=list(found)).values_list("pk", flat=True))
    return [view for pk, view in found.items() if pk in seen]


def undos(actor: Actor, at: Instant) -> Waiting | None:
    """Batches that another steward wants taken out again."""
    scope = access.scope(actor, IMPORT)
    asked = [one.about_id for one in second_person.waiting_for(actor, [UNDO])] if scope else []
    found = ImportBatch.objects.filter(scope.q(), pk__in=asked).count() if asked else 0
    return Waiting(f"撤销导入{found}批等您复核") if found else None


def somebody_else_may(actor: Actor, action: str, certificate_id: UUID, at: Instant) -> bool:
    """Whether another person holds a post that may do that to this certificate: a deed that takes two needs her."""
    row = Certificate.objects.get(pk=certificate_id)
    there = Place(row.department_id, row.region_code, row.item_type)
    return any(one != actor.id for one in identity.people_who_may(action, there, legal_day(at)))

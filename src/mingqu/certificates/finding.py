"""
At the desk a certificate is found by a part of its number: names of holders are encrypted, nobody is found by them.

Which page shows the case it was issued for, the room that has those pages says here when the apps are ready.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from mingqu.certificates.errors import CertificateNotFound, PartTooShort
from mingqu.certificates.models import Certificate, CertificateDirectory
from mingqu.certificates.selectors import certificates_of
from mingqu.certificates.types import CertificateView
from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant

SHORTEST = 4  # signs of a part: fewer are in nearly every number
LIMIT = 30


@dataclass(frozen=True)
class CaseLink:
    """Where the case of a certificate is shown, and its number as people read it."""

    number: str
    url: str


PageOf = Callable[[Actor, UUID], CaseLink | None]  # None: not this officer's to see

_asked: list[PageOf] = []


def offer_case_page(page_of: PageOf) -> None:
    if page_of not in _asked:
        _asked.append(page_of)


def case_page(actor: Actor, certificate: CertificateView) -> CaseLink | None:
    """None for what was issued for no case of ours, or for one the officer may not see."""
    if certificate.case_id is None:
        return None
    return next((found for said in _asked if (found := said(actor, certificate.case_id))), None)


def by_number(actor: Actor, words: str, at: Instant) -> list[CertificateView]:
    """
    Those in whose number these signs stand together, as far as the actor may see them, the newest first: each in its
    newest version, LIMIT and one more. The whole number finds that one alone. Two statements, over the small rows of
    the directory. Raises PartTooShort or CertificateNotFound.
    """
    part = "".join(words.split()).upper()
    if len(part) < SHORTEST:
        raise PartTooShort(field="number", shortest=SHORTEST)
    numbers = CertificateDirectory.objects.filter(kind=CertificateDirectory.Kind.NUMBER)
    for found in (numbers.filter(value=part), numbers.filter(value__contains=part)):
        rows = Certificate.objects.filter(access.scope(actor, "certificate.see").q(party="holder_id"))
        rows = rows.filter(pk__in=found.values("certificate_id")).order_by("-issued_at", "-id")
        ids = list(rows.values_list("pk", flat=True)[: LIMIT + 1])
        if ids:
            views = certificates_of(ids, at)
            return [views[one] for one in ids]
    raise CertificateNotFound()

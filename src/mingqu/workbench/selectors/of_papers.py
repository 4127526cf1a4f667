"""Papers and certificates that could not be made: a task of the clerk of the case, told on the first page."""

from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.certificates import selectors as certificates
from mingqu.documents import selectors as documents
from mingqu.identity.services import access
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting


def papers_to_mend(actor: Actor, at: Instant) -> Waiting | None:
    """Cases of this post with a paper or certificate that was not made; leads to the oldest of them."""
    scope = access.scope(actor, "case.retry_paper")
    roots = documents.roots_with_failed() if scope else []
    if not roots:
        return None
    wanted = {*roots, *certificates.cases_of(roots)}
    found = cases.visible_cases(actor).filter(scope.q(), pk__in=wanted).order_by("id")
    numbers = list(found.values_list("number", flat=True))
    if not numbers:
        return None
    url = reverse("workbench:case", args=[numbers[0]])
    return Waiting(f"{len(numbers)}件办件有文书、证照没有做成", label="没做成的文书", url=url)

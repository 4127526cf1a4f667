"""特别程序 that should be over: on the first page of who handles them and of who watches over departments."""

from django.urls import reverse

from mingqu.cases.expecting import selectors as expecting
from mingqu.identity.services import access
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.menu import Waiting

LABEL = "超过预计日的特别程序"


def waiting_suspensions(actor: Actor, at: Instant) -> Waiting | None:
    """One statement; none for who neither ends them nor watches over them."""
    if not (access.may(actor, "case.resume") or access.may(actor, "board.see")):
        return None
    number = expecting.past(actor, legal_day(at))
    if not number:
        return None
    words = f"{number}件" if number <= expecting.MOST else f"{expecting.MOST}件以上"
    url = reverse("workbench:suspended")
    return Waiting(f"{words}特别程序过了预计完成日，还没有结束", state="correct", label=LABEL, url=url)

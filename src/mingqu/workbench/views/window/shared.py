"""Who stands at the window, as this clerk's session remembers it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from mingqu.identity import services as identity
from mingqu.identity.types import AssistingActor
from mingqu.kernel.types import Instant

GET_OR_POST = ["GET", "HEAD", "POST"]
WRONG = 400
HERE = "workbench_window"  # session: whose document this post has checked, and when
AT_WINDOW = "workbench_queue_window"  # session: the window this clerk sits at today
STANDS = timedelta(minutes=20)  # since the last step; then the document is checked again


def receive(request: Any, person_id: UUID) -> None:
    """This person stands here now; whoever stood here before does not any more."""
    request.session[HERE] = {
        "person": str(person_id),
        "post": str(request.actor.post_id),
        "at": request.at.isoformat(),
    }


def let_go(request: Any) -> None:
    request.session.pop(HERE, None)


def who_stands(request: Any) -> AssistingActor | None:
    """The clerk as one who fills in for the person at the window; None where nobody stands or too long ago."""
    here = request.session.get(HERE)
    if not here or here["post"] != str(request.actor.post_id):
        return None
    since: Instant = datetime.fromisoformat(here["at"])
    if request.at - since > STANDS:
        let_go(request)
        return None
    request.session[HERE] = {**here, "at": request.at.isoformat()}
    return identity.assisting(request.actor, UUID(here["person"]))


def for_applicant(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the clerk as one who fills in (`by`), or lead to where a person is received."""

    @wraps(view)
    def received(request: Any, **given: Any) -> HttpResponse:
        by = who_stands(request)
        if by is None:
            messages.error(request, "请先核对申请人的证件，再接着办理。")
            return redirect("workbench:window")
        return view(request, by=by, **given)

    return received

"""补正 for another system: what it asks, the files, the words, and the button that hands it all in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from mingqu.cases import outside
from mingqu.cases.errors import OutsideAnswerLate
from mingqu.cases.forms import OutsideAnswerForm
from mingqu.cases.views.shared import GET_OR_POST, WRONG
from mingqu.cases.views.uploads import ACCEPT, Taken, file_of, take, take_back
from mingqu.exchange.errors import AnswerEmpty, AnswerFilesTooMany
from mingqu.kernel.ids import new_id
from mingqu.ui.access import on_behalf

MATERIAL = "answer"  # of the form for files


@on_behalf("case.supplement")
@never_cache
@require_http_methods(GET_OR_POST)
def correction(request: Any, reference: str) -> HttpResponse:
    asked = outside.asked_of(request.actor, reference)
    if request.method == "POST":
        return _hand_in(request, asked)
    if not asked.matter.asks:
        return _too_late(request, asked)
    return _page(request, asked)


def _hand_in(request: Any, asked: outside.Asked) -> HttpResponse:
    form = OutsideAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form=form)
    try:
        outside.answer(
            reference=asked.matter.reference,
            words=form.cleaned_data["words"],
            by=request.actor,
            at=request.at,
            key=form.cleaned_data["key"],
        )
    except AnswerEmpty as refused:
        form.add_error("words", refused.message)
        return _page(request, asked, form=form)
    except OutsideAnswerLate:
        return _too_late(request, asked)
    messages.success(request, _("补正已经交上，正在转给%(system)s。") % {"system": asked.matter.system})
    return redirect(asked.url)


def _too_late(request: Any, asked: outside.Asked) -> HttpResponse:
    """A stale page: it went on meanwhile, the page of progress says where it is."""
    messages.info(request, OutsideAnswerLate().message)
    return redirect(asked.url)


def _page(
    request: Any,
    asked: outside.Asked,
    *,
    taken: Taken | None = None,
    form: OutsideAnswerForm | None = None,
) -> HttpResponse:
    reference = asked.matter.reference
    files = [
        (file, asked.file_url(file.id), reverse("cases:outside_remove", args=[reference, file.id]))
        for file in outside.waiting_files(asked)
    ]
    upload = {
        "material": {"code": MATERIAL},
        "files": files,
        "taken": taken or Taken(),
        "accept": ACCEPT,
        "upload_url": reverse("cases:outside_upload", args=[reference]),
    }
    if request.htmx:
        return render(request, "cases/_upload.html", upload)
    wrong = (form is not None and form.errors) or (taken and taken.errors)
    context = upload | {
        "asked": asked,
        "matter": asked.matter,
        "form": form or OutsideAnswerForm(initial={"key": new_id()}),
    }
    return render(request, "cases/outside_correction.html", context, status=WRONG if wrong else 200)


@on_behalf("case.supplement")
@never_cache
@require_POST
def upload(request: Any, reference: str) -> HttpResponse:
    """Files for the answer; they wait until it is handed in."""
    asked = outside.asked_of(request.actor, reference)
    try:
        taken = take(
            request,
            lambda uploads: outside.keep_files(
                reference=reference, uploads=uploads, by=request.actor, at=request.at
            ),
        )
    except OutsideAnswerLate:
        if request.htmx:
            raise
        return _too_late(request, asked)
    except AnswerFilesTooMany as refused:
        taken = Taken(errors=[refused.message])
    if request.htmx or taken.errors:
        return _page(request, asked, taken=taken)
    messages.success(request, taken.words)
    return redirect(f"{reverse('cases:outside', args=[reference])}#m-{MATERIAL}")


@on_behalf("case.supplement")
@never_cache
@require_http_methods(GET_OR_POST)
def remove(request: Any, reference: str, file_id: UUID) -> HttpResponse:
    """Take a file back before handing in, after a last question."""
    asked = outside.asked_of(request.actor, reference)
    _code, file = file_of({MATERIAL: outside.waiting_files(asked)}, file_id)
    return take_back(
        request,
        file,
        f"{reverse('cases:outside', args=[reference])}#m-{MATERIAL}",
        lambda: outside.remove_file(reference=reference, file_id=file_id, by=request.actor),
    )

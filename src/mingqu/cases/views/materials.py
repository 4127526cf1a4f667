"""One material of a draft: looked up, its files handed in, promised, or to follow later."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mingqu.cases import rules, selectors
from mingqu.cases.provisions import GAP, PROMISE, Provision
from mingqu.cases.services.files import add_draft_files, remove_draft_file, use_again
from mingqu.cases.services.promises import bring_now, sign_commitment, words_of
from mingqu.cases.types import CommitmentInput
from mingqu.cases.views import promising
from mingqu.cases.views.promising import Signing
from mingqu.cases.views.shared import GET_OR_POST, WRONG, Drafting, citizen, drafting, follow_words, on_draft
from mingqu.cases.views.uploads import ACCEPT, Taken, again, file_of, take, take_back
from mingqu.documents.selectors import FileView
from mingqu.identity.services import client_address, limits
from mingqu.kernel import training
from mingqu.ui.access import public


@public
@never_cache
@sensitive_post_parameters("name", "signature")
@require_http_methods(GET_OR_POST)
@on_draft
def material(request: Any, draft: Drafting, code: str) -> HttpResponse:
    """What stands for it so far, and the ways to provide it; each refused file is told in a sentence of its own."""
    if all(m.code != code for m in draft.situation.materials):
        return redirect("cases:draft", draft_id=draft.id)
    if request.method == "POST" and request.POST.get("act") == "sign":
        return _sign(request, draft, code)
    if request.method == "POST" and request.POST.get("act") == "bring":
        bring_now(draft_id=draft.id, material=code, holder=draft.holder, at=request.at)
        return redirect("cases:material", draft_id=draft.id, code=code)
    if request.method == "POST" and request.POST.get("act") == "again":
        again(
            request,
            lambda case_id, by: use_again(
                draft_id=draft.id, material=code, case_id=case_id, by=by, at=request.at
            ),
        )
        return redirect("cases:material", draft_id=draft.id, code=code)
    taken = Taken()
    if request.method == "POST":
        if citizen(request) is None:
            limits.spend("upload_address_hour", client_address(request), at=request.at)
        taken = take(
            request,
            lambda uploads: add_draft_files(
                draft_id=draft.id, material=code, uploads=uploads, holder=draft.holder, at=request.at
            ),
        )
        if not taken.errors and not request.htmx:
            messages.success(request, taken.words)
            return redirect("cases:material", draft_id=draft.id, code=code)
        draft = drafting(request, draft.id)
    return _page(request, draft, code, taken)


def _sign(request: Any, draft: Drafting, code: str) -> HttpResponse:
    """A promise in place of the file, or to bring it later; refused, the page keeps what was typed."""
    if citizen(request) is None:
        limits.spend("upload_address_hour", client_address(request), at=request.at)

    def sign(given: CommitmentInput) -> object:
        return sign_commitment(draft_id=draft.id, commitment=given, holder=draft.holder, at=request.at)

    def refuse(name: str) -> str:
        if draft.person is None or rules.same_name(name, draft.person.name):
            return ""
        return _("承诺要由申请人本人签署。请写申请人的姓名：%(name)s。") % {"name": draft.person.name}

    if signing := promising.signed(request, code, sign, refuse):
        return _page(request, draft, code, Taken(), signing=signing)
    return HttpResponseRedirect(_next(request, drafting(request, draft.id), code))


def _page(request: Any, draft: Drafting, code: str, taken: Taken, *, signing: Signing = None) -> HttpResponse:
    one = next(p for p in draft.provisions if p.material.code == code)
    files = draft.files.get(code, [])
    context = {
        "draft": draft,
        "one": one,
        "material": one.material,
        "taken": taken,
        "accept": ACCEPT,
        "upload_url": reverse("cases:material", args=[draft.id, code]),
        "files": [(file, *_links(draft.id, file)) for file in files],
        "next_url": _next(request, draft, code),
        "back_url": reverse("cases:draft", args=[draft.id]),
        "signed_out": draft.person is None,
        "looks_up": one.material.source.kind == rules.CERTIFICATE,
        "before": draft.handed_in_before.get(code),
        "offers": _offers(draft, one, signing),
        "sign_form": signing and signing[1],
    }
    if request.htmx:  # HTMX swaps only what came well
        return render(request, "cases/_upload.html", context)
    wrong = taken.errors or signing
    return render(request, "cases/material.html", context, status=WRONG if wrong else 200)


def _offers(draft: Drafting, one: Provision, signing: Signing) -> list[dict[str, Any]]:
    """The promises that may stand for this material, each with its words, what is signed, and the form."""
    kinds = []
    if one.material.source.kind == rules.COMMITMENT:
        kinds.append((PROMISE, one.promise))
    if rules.may_be_owed(one.material):
        kinds.append((GAP, one.gap))
    name = draft.person.name if draft.person else ""
    licence = selectors.is_licence_type(draft.definition.item.type)
    return [
        {
            **promising.offer(
                str(kind),
                words_of(draft.definition, one.material, kind),
                signed if signed is not None and signed is one.signed else None,
                name,
                signing,
            ),
            "limit": follow_words(one.material),
            "licence": licence,
        }
        for kind, signed in kinds
    ]


def _links(draft_id: UUID, file: FileView) -> tuple[str, str]:
    """Where to look at it, and where to take it back."""
    args = [draft_id, file.id]
    return reverse("cases:draft_file", args=args), reverse("cases:remove_file", args=args)


def _next(request: Any, draft: Drafting, code: str) -> str:
    """The next material that is still missing; else the list, or the summary if it sent us here."""
    if request.GET.get("back") == "check":
        return reverse("cases:check", args=[draft.id])
    later = [one.material.code for one in draft.provisions]
    open_ones = {one.material.code for one in draft.provisions if not one.done}
    for other in later[later.index(code) + 1 :]:
        if other in open_ones:
            return reverse("cases:material", args=[draft.id, other])
    return reverse("cases:draft", args=[draft.id])


@public
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def remove(request: Any, draft: Drafting, file_id: UUID) -> HttpResponse:
    """Take a file back, after a last question."""
    code, file = file_of(draft.files, file_id)
    training.notice(draft.definition.item.region_code)
    return take_back(
        request,
        file,
        reverse("cases:material", args=[draft.id, code]),
        lambda: remove_draft_file(draft_id=draft.id, file_id=file_id, holder=draft.holder, at=request.at),
    )

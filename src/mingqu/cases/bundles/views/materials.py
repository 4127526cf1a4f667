"""
The materials of a bundle's draft: all on one page in one form, so that everything chosen arrives with one press; and
each on a page of its own, where it may be promised or brought later instead.
"""

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

from mingqu.cases import rules
from mingqu.cases.bundles.provisions import Provision, words_of
from mingqu.cases.bundles.services import files
from mingqu.cases.bundles.services.drafts import BundleDraft
from mingqu.cases.bundles.services.promises import bring_now, sign_commitment
from mingqu.cases.bundles.views.drafting import GET_OR_POST, WRONG, on_draft, opened
from mingqu.cases.provisions import GAP, PROMISE
from mingqu.cases.types import CommitmentInput
from mingqu.cases.views import promising
from mingqu.cases.views.promising import Signing
from mingqu.cases.views.shared import citizen, follow_words
from mingqu.cases.views.uploads import (
    ACCEPT,
    AT_ONCE_MB,
    Taken,
    again,
    file_of,
    take,
    take_back,
    take_each,
)
from mingqu.documents.selectors import FileView
from mingqu.identity.services import client_address, limits
from mingqu.kernel import training
from mingqu.ui.access import public


@public
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def materials(request: Any, draft: BundleDraft) -> HttpResponse:
    """Each once, with the matters it is for. Good files are kept, whatever is wrong with others."""
    if request.method != "POST":
        return _all(request, draft, {})
    _spend(request)
    taken = take_each(request, [one.code for one in draft.materials], _keeper(request, draft))
    draft = opened(request, draft.id)
    if request.htmx:
        return _one_row(request, draft, taken)
    wrong = {code: one for code, one in taken.items() if one.errors}
    then = request.POST.get("then", "")
    if not taken and not then:
        wrong = {"": Taken(errors=[_("还没有选择文件。请先拍照或者选择文件，再点“上传”。")])}
    if wrong:
        return _all(request, draft, wrong)
    if kept := sum(one.kept for one in taken.values()):
        messages.success(request, Taken(kept).words)
    what, _colon, given = then.partition(":")
    if what == "again":
        return _again(request, draft, *given.partition(":")[::2])
    return HttpResponseRedirect(_next(draft, then))


def _again(request: Any, draft: BundleDraft, code: str, case_id: str) -> HttpResponse:
    """Use what was handed in for this material with an earlier application."""
    again(
        request,
        lambda which, by: files.use_again(
            draft_id=draft.id, material=code, case_id=which, by=by, at=request.at
        ),
        given=case_id,
    )
    return redirect(f"{reverse('bundles:materials', args=[draft.id])}#m-{code}")


def _spend(request: Any) -> None:
    """Who has not signed in stores something: one of the address's allowance."""
    if citizen(request) is None:
        limits.spend("upload_address_hour", client_address(request), at=request.at)


def _keeper(request: Any, draft: BundleDraft) -> Any:
    def keep(code: str, uploads: Any) -> object:
        return files.add_draft_files(
            draft_id=draft.id,
            material=code,
            uploads=uploads,
            by=citizen(request),
            at=request.at,
            token=draft.token,
        )

    return keep


def _next(draft: BundleDraft, then: str) -> str:
    """Where the button that was pressed leads to."""
    what, _colon, which = then.partition(":")
    if what == "one" and draft.provision(which):
        return reverse("bundles:material", args=[draft.id, which])
    if what == "remove" and any(str(f.id) == which for found in draft.files.values() for f in found):
        return reverse("bundles:remove_file", args=[draft.id, which])
    if what == "on":
        return reverse("bundles:draft", args=[draft.id])
    return reverse("bundles:materials", args=[draft.id])


def _all(request: Any, draft: BundleDraft, wrong: dict[str, Taken]) -> HttpResponse:
    context = {
        "draft": draft,
        "rows": [_row(draft, one, wrong.get(one.code)) for one in draft.provisions],
        "missing": [one.material.name for one in draft.missing],
        "accept": ACCEPT,
        "at_once": AT_ONCE_MB,
        "errors": [(code, words) for code, one in wrong.items() for words in one.errors],
    }
    return render(request, "bundles/materials.html", context, status=WRONG if wrong else 200)


def _one_row(request: Any, draft: BundleDraft, taken: dict[str, Taken]) -> HttpResponse:
    """The answer to a file that was sent as it was chosen: its material alone; HTMX swaps only what came well."""
    code = request.GET.get("of", "")
    one = draft.provision(code)
    if one is None:
        return HttpResponse(status=404)
    found = taken.get(code) or Taken()
    context = {
        "draft": draft,
        "row": _row(draft, one, found),
        "missing": [one.material.name for one in draft.missing],
        "accept": ACCEPT,
        "said": found,
    }
    return render(request, "bundles/_material.html", context)


def _row(draft: BundleDraft, one: Provision, taken: Taken | None) -> dict[str, Any]:
    names = {part.code: part.name for part in draft.wanted.parts}
    return {
        "one": one,
        "for": [names[part] for part in one.merged.to],
        "files": draft.files.get(one.code, []),
        "before": draft.handed_in_before.get(one.code),
        "errors": taken.errors if taken else [],
        "looks_up": one.material.source.kind == rules.CERTIFICATE,
    }


@public
@never_cache
@sensitive_post_parameters("name", "signature")
@require_http_methods(GET_OR_POST)
@on_draft
def material(request: Any, draft: BundleDraft, code: str) -> HttpResponse:
    """One material with every way to provide it: as the page of a single application has it."""
    if draft.provision(code) is None:
        return redirect("bundles:materials", draft_id=draft.id)
    act = request.POST.get("act", "")
    if act == "sign":
        return _sign(request, draft, code)
    if act == "again":
        return _again(request, draft, code, request.POST.get("before", ""))
    if act == "bring":
        bring_now(draft_id=draft.id, material=code, by=citizen(request), at=request.at, token=draft.token)
        return redirect("bundles:material", draft_id=draft.id, code=code)
    taken = Taken()
    if request.method == "POST":
        _spend(request)
        keep = _keeper(request, draft)
        taken = take(request, lambda uploads: keep(code, uploads))
        if not taken.errors and not request.htmx:
            messages.success(request, taken.words)
            return redirect("bundles:material", draft_id=draft.id, code=code)
        draft = opened(request, draft.id)
    return _page(request, draft, code, taken)


def _sign(request: Any, draft: BundleDraft, code: str) -> HttpResponse:
    """A promise in place of the file, or to bring it later; refused, the page keeps what was typed."""

    _spend(request)

    def sign(given: CommitmentInput) -> object:
        return sign_commitment(
            draft_id=draft.id, commitment=given, by=citizen(request), at=request.at, token=draft.token
        )

    if signing := promising.signed(request, code, sign, refuse=lambda name: ""):  # the command says who may
        return _page(request, draft, code, Taken(), signing=signing)
    return redirect(f"{reverse('bundles:materials', args=[draft.id])}#m-{code}")


def _page(
    request: Any, draft: BundleDraft, code: str, taken: Taken, *, signing: Signing = None
) -> HttpResponse:
    one = draft.provision(code)
    assert one is not None
    back = reverse("bundles:materials", args=[draft.id])
    context = {
        "draft": draft,
        "one": one,
        "material": one.material,
        "of": draft.of,
        "merged": one.merged,
        "taken": taken,
        "accept": ACCEPT,
        "upload_url": reverse("bundles:material", args=[draft.id, code]),
        "files": [(file, *_links(draft.id, file)) for file in draft.files.get(code, [])],
        "next_url": back,
        "back_url": back,
        "signed_out": draft.person is None,
        "looks_up": one.material.source.kind == rules.CERTIFICATE,
        "before": draft.handed_in_before.get(code),
        "offers": _offers(draft, one, signing),
        "sign_form": signing and signing[1],
    }
    if request.htmx:
        return render(request, "cases/_upload.html", context)
    wrong = taken.errors or signing
    return render(request, "cases/material.html", context, status=WRONG if wrong else 200)


def _offers(draft: BundleDraft, one: Provision, signing: Signing) -> list[dict[str, Any]]:
    """The promises that may stand for this material, each with the words of every part, and the form."""
    kinds = [PROMISE] if one.promisable else []
    kinds += [GAP] if one.may_be_owed else []
    return [
        {
            **promising.offer(
                str(kind),
                as_one([words.words for _part, words in words_of(draft.of, one.merged, kind)]),
                one.signed if one.signed and one.signed.kind == kind else None,
                draft.person.name if draft.person else "",
                signing,
            ),
            "limit": follow_words(one.material),
        }
        for kind in kinds
    ]


def as_one(texts: list[dict[str, Any]]) -> dict[str, Any]:
    """What several parts tell and want promised, read as one; what all of them say stands once."""
    return {
        "told": list(dict.fromkeys(line for text in texts for line in text["told"])),
        "promised": list(dict.fromkeys(line for text in texts for line in text["promised"])),
        "consequence": "".join(dict.fromkeys(str(text["consequence"]) for text in texts)),
    }


def _links(draft_id: UUID, file: FileView) -> tuple[str, str]:
    args = [draft_id, file.id]
    return reverse("bundles:draft_file", args=args), reverse("bundles:remove_file", args=args)


@public
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def remove_file(request: Any, draft: BundleDraft, file_id: UUID) -> HttpResponse:
    """Take a file back, after a last question."""
    code, file = file_of(draft.files, file_id)
    training.notice(draft.of.document.region_code)
    return take_back(
        request,
        file,
        f"{reverse('bundles:materials', args=[draft.id])}#m-{code}",
        lambda: files.remove_draft_file(
            draft_id=draft.id, file_id=file_id, by=citizen(request), at=request.at, token=draft.token
        ),
    )

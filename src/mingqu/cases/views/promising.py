"""A promise in place of a file, signed on the page of its material; the same for one application and for a bundle."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from mingqu.cases.errors import NothingToPromise
from mingqu.cases.forms import SignForm
from mingqu.cases.types import CommitmentInput
from mingqu.documents.errors import UploadRefused
from mingqu.forms.errors import DraftChangedElsewhere

Signing = tuple[str, SignForm] | None  # the kind of promise that was refused, and its form as it was typed


def signed(
    request: Any, code: str, sign: Callable[[CommitmentInput], object], refuse: Callable[[str], str]
) -> Signing:
    """
    Sign for the material `code` what was typed; None when it is done. `refuse` says why a name can't sign ("": it
    can).
    """
    kind = request.POST.get("kind", "")
    form = SignForm(request.POST, auto_id=f"{kind}_%s")
    if form.is_valid() and (words := refuse(form.cleaned_data["name"])):
        form.add_error("name", words)
    if not form.is_valid():
        return kind, form
    try:
        sign(CommitmentInput(kind, code, form.cleaned_data["name"], True, form.cleaned_data["signature"]))
    except (UploadRefused, NothingToPromise, DraftChangedElsewhere) as refused:
        form.add_error(None, refused.message)
        return kind, form
    messages.success(request, _("已签署承诺，存进草稿里了。"))
    return None


def offer(kind: str, text: Mapping[str, Any], rests_on: Any, name: str, signing: Signing) -> dict[str, Any]:
    """A promise with its words, what is signed, and the form: with `name` in it, or as it was typed and refused."""
    refused = signing[1] if signing and signing[0] == kind else None
    return {
        "kind": kind,
        "text": text,
        "signed": rests_on,
        "form": refused or SignForm(initial={"name": name}, auto_id=f"{kind}_%s"),
        "open": refused is not None,
    }

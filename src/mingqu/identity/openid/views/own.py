"""我的 → 已授权的应用: what one let in, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.identity.acting import in_own_name
from mingqu.identity.openid import selectors, services
from mingqu.identity.openid.errors import GrantUnknown
from mingqu.identity.openid.forms import SCOPE_WORDS
from mingqu.kernel.ids import new_id
from mingqu.ui.access import signed_in


@signed_in
@never_cache
@require_GET
def apps(request: Any) -> HttpResponse:
    lines = [(one, _words(one.scopes)) for one in selectors.grants_of(request.user.pk)]
    context = {
        "live": [(one, words) for one, words in lines if one.ended_at is None],
        "ended": [one for one, _words in lines if one.ended_at is not None],
    }
    return render(request, "identity/openid/apps.html", context)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shut_out(request: Any, grant_id: UUID) -> HttpResponse:
    """Asked once more, because the application signs the person out."""
    in_own_name(request.actor)
    found = selectors.own_grant(request.user.pk, grant_id)
    if found is None:
        raise GrantUnknown()
    if request.method == "POST":
        services.shut_out(grant_id=grant_id, by=request.actor, at=request.at, key=new_id())
        messages.success(request, _("已收回。这个应用不能再用您的账号读取任何内容。"))
        return redirect("identity:apps")
    context = {"grant": found, "words": _words(found.scopes)}
    return render(request, "identity/openid/shut_out.html", context)


def _words(scopes: tuple[str, ...]) -> list[str]:
    return [str(words) for one, words in SCOPE_WORDS.items() if one in scopes]

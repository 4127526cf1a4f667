"""代码表: the words that official tables fix, as this installation uses them; every list with version and source."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.kernel.codelists import all_lists
from mingqu.ui.access import public


@public
@require_GET
def every(request: Any) -> HttpResponse:
    """All lists, by name."""
    return render(request, "portal/codes.html", {"lists": sorted(all_lists(), key=lambda one: one.title)})


@public
@require_GET
def one(request: Any, key: str) -> HttpResponse:
    """The values of one list."""
    found = next((one for one in all_lists() if one.key == key), None)
    if found is None:
        raise Http404
    return render(request, "portal/code_list.html", {"list": found})

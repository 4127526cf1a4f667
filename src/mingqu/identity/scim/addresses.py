"""
The addresses a staff register asks at. What answers them is loaded with its first question: the library's models take
more than half a second, which no process should spend that never meets a register.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from mingqu.ui.access import public


def _answered_by(name: str) -> Callable[..., HttpResponse]:
    @public
    @csrf_exempt
    def view(request: Any, **named: Any) -> HttpResponse:
        from mingqu.identity.scim import views

        answer: HttpResponse = getattr(views, name)(request, **named)
        return answer

    return view


config = _answered_by("config")
resource_types = _answered_by("resource_types")
schemas = _answered_by("schemas")
users = _answered_by("users")
search = _answered_by("search")
user = _answered_by("user")
nothing = _answered_by("nothing")

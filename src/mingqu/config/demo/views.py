"""What stands in for a member of staff's telephone in the demo: the one-time codes of its accounts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mingqu.config.demo import district
from mingqu.identity import services as identity
from mingqu.ui.access import public
from mingqu.ui.language import only_chinese


@only_chinese
@public
@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "seat": seat,
            "code": identity.code_at(district.totp_secret(seat.username), request.at),  # type: ignore[attr-defined]
        }
        for seat in district.SEATS
    ]
    return render(request, "demo/codes.html", {"rows": rows, "password": district.PASSWORD})

"""Public verification, and a person's own certificates."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from mingqu.certificates import selectors, services
from mingqu.certificates.errors import CertificateNotFound, CertificateNotReady
from mingqu.certificates.forms import CodeForm, FileForm
from mingqu.certificates.types import CertificateView
from mingqu.documents import services as documents
from mingqu.identity.services import client_address, limits
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import public, signed_in

GET_OR_POST = ["GET", "HEAD", "POST"]
ENDED = {"revoked", "cancelled"}  # one that was revoked is then struck off
NOT_FOUND, WRONG = 404, 400


@public
@never_cache
@require_http_methods(GET_OR_POST)
def verify(request: Any) -> HttpResponse:
    """Type a code, or give the file."""
    code_form = CodeForm(request.GET if "code" in request.GET else None)
    file_form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        file_form = FileForm(request.POST, request.FILES)
        if file_form.is_valid():
            return _show_file_check(request, file_form.cleaned_data["file"], code="")
        return _start_page(request, CodeForm(), file_form, WRONG)
    if code_form.is_bound and code_form.is_valid():
        return redirect("certificates:verify_code", code=code_form.cleaned_data["code"])
    return _start_page(request, code_form, FileForm(), WRONG if code_form.errors else 200)


@public
@never_cache
@require_http_methods(GET_OR_POST)
def verify_code(request: Any, code: str) -> HttpResponse:
    """The state of one certificate; with a file, whether it is that certificate's."""
    _spend(request)
    try:
        certificate = selectors.public_by_code(code, request.at)
    except CertificateNotFound:
        return render(request, "certificates/verify_unknown.html", {"given": code[:60]}, status=NOT_FOUND)
    form = FileForm()
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            return _show_file_check(request, form.cleaned_data["file"], code=code)
    context = {"certificate": certificate, "form": form, "code": code}
    return render(request, "certificates/verify_result.html", context, status=WRONG if form.errors else 200)


@signed_in
@require_GET
def wallet(request: Any) -> HttpResponse:
    """Licences and certificates in one place: the person's own, and apart from them those of each firm she acts for."""
    firms = selectors.firms_of(request.actor)
    in_name_of = request.actor.agency.for_id if request.actor.agency else ""  # of that firm and nothing else
    firm = next(
        (one for one in firms if str(one.id) == str(in_name_of or request.GET.get("whose", ""))), None
    )
    if firm is None:
        services.claim_existing(request.actor, request.at)
        certificates = selectors.wallet(request.actor, request.at)
    else:
        certificates = selectors.wallet_of_firm(firm, request.at)
    may_apply = firm is None or firm.may_apply
    rows = [(one, services.next_steps(one) if may_apply else []) for one in certificates]
    return render(request, "certificates/wallet.html", {"certificates": rows, "firms": firms, "firm": firm})


@signed_in
@require_GET
def detail(request: Any, number: str) -> HttpResponse:
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    firm = next((one for one in selectors.firms_of(request.actor) if one.id == certificate.holder_id), None)
    context = {
        "certificate": certificate,
        "whose_query": f"?whose={firm.id}" if firm else "",
        "steps": services.next_steps(certificate) if firm is None or firm.may_apply else [],
        "begin": selectors.begin_of(certificate.id, request.at) if certificate.begin_by else None,
        "today": legal_day(request.at),
        "earlier": selectors.earlier_versions(certificate, request.at),
        "revocation": selectors.revocation_of(certificate.id) if certificate.state in ENDED else None,
        "struck_off": selectors.strike_off_of(certificate.id) if certificate.state == "cancelled" else None,
    }
    return render(request, "certificates/detail.html", context)


@signed_in
@require_GET
def download(request: Any, number: str) -> HttpResponse:
    """The sealed PDF, byte for byte: another copy would not verify."""
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    if certificate.file_id is None:
        raise CertificateNotReady()
    return documents.file_response(
        certificate.id,
        certificate.file_id,
        reader=documents.reader_of(request),
        name=f"{certificate.type_name}{certificate.number}.pdf",
    )


@signed_in
@never_cache
@require_GET
def show(request: Any, number: str) -> HttpResponse:
    """亮证: one screen to hold up, with a code that anyone may scan."""
    certificate = selectors.certificate_visible_to(request.actor, number, request.at)
    if certificate.state != "valid":
        words = {"state": _(certificate.state_words)}
        messages.error(request, _("这个证照%(state)s，现在不能亮证。") % words)
        return redirect("certificates:detail", number=certificate.number)
    context = {"certificate": certificate, "qr": _qr(certificate), "shown_at": request.at}
    return render(request, "certificates/show.html", context)


def _start_page(request: Any, code_form: CodeForm, file_form: FileForm, status: int) -> HttpResponse:
    context = {"code_form": code_form, "file_form": file_form}
    return render(request, "certificates/verify.html", context, status=status)


def _show_file_check(request: Any, data: bytes, *, code: str) -> HttpResponse:
    if not code:
        _spend(request)
    check = selectors.check_file(data, request.at, code=code)
    return render(
        request, "certificates/verify_file.html", {"check": check, "certificate": check.certificate}
    )


def _spend(request: Any) -> None:
    """Each look costs one of the address's allowance (MINGQU_LIMITS): a register is not for copying out."""
    limits.spend("verify_address", client_address(request), at=request.at)


def _qr(certificate: CertificateView) -> SafeString:
    link = f"{settings.MINGQU_BASE_URL}/verify/{certificate.verification_code}/"
    return mark_safe(documents.qr_svg(link))  # noqa: S308 - drawn by segno from our own address and code

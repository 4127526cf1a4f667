"""Which certificate an application acts on: chosen among one's own, or typed and looked at after signing in."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mingqu.cases import carry
from mingqu.cases.forms import CertificateForm, QuestionForm
from mingqu.cases.services.certificate import find_certificate
from mingqu.cases.services.party import whose_certificate
from mingqu.cases.views.asking import ASK, CERTIFICATE, LATER, Asking, uuid_of
from mingqu.cases.views.shared import CHANGED_DRAFT, WRONG, Drafting, citizen, drafting, situation_url
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.types import Choice, Definition, Document, Situation
from mingqu.certificates import selectors as certificates
from mingqu.certificates import services as register
from mingqu.certificates.errors import CertificateNotFound
from mingqu.certificates.types import CertificateView
from mingqu.kernel.errors import DomainError
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.language import day


@dataclass(frozen=True)
class Carried:
    """What is known from the certificate and from the application that brought it: question → values, and answers."""

    situation: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)


NOTHING = Carried()


def ask_certificate(request: Any, known: Asking, *, bound: bool = False, refused: str = "") -> HttpResponse:
    """Signed in: which of one's own. Signed out: the number, or sign in first, or later."""
    by = citizen(request)
    if by:
        register.claim_existing(by, request.at)
    own = certificates.held_of_type(by, _type(known), request.at) if by else []
    form: Any = _choice_form(request, known, own, bound) if own else _number_form(known, bound)
    place = [q.ask for q in known.asked].index(CERTIFICATE)
    before = known.asked[place - 1] if place else None
    context = {
        "known": known,
        "form": form,
        "question": known.which_certificate,
        "own": own,
        "is_citizen": by is not None,
        "refused": refused,
        **known.counted(known.which_certificate),
        "hidden": known.hidden(CERTIFICATE),
        "answers": known.answers(CERTIFICATE),
        "back_url": known.url(**{ASK: before.ask}) if before else "",
        "sign_in_url": f"{reverse('identity:sign_in')}?{urlencode({'next': known.url(**{ASK: CERTIFICATE})})}",
        "certificate_name": known.definition.result.certificate_name,
        "handling": known.definition.handling_item.name,
        "later": LATER,
    }
    status = WRONG if refused or form.errors else 200
    return render(request, "cases/certificate.html", context, status=status)


def _choice_form(request: Any, known: Asking, own: list[CertificateView], bound: bool) -> QuestionForm:
    choices = [Choice(c.number, _words(c)) for c in own]
    question = Situation(CERTIFICATE, known.which_certificate.text, choices)
    initial = known.certificate or (own[0].number if len(own) == 1 else None)
    return QuestionForm(question, request.GET if bound else None, initial={CERTIFICATE: initial})


def _number_form(known: Asking, bound: bool) -> CertificateForm:
    given = "" if known.certificate == LATER else known.certificate
    return CertificateForm({CERTIFICATE: given} if bound else None, initial={CERTIFICATE: given})


def _words(certificate: CertificateView) -> str:
    facts = {
        "number": certificate.number,
        "lines": "、".join(value for _label, value in certificate.fields[:1]),
    }
    words = _("%(number)s（%(lines)s）") % facts if facts["lines"] else certificate.number
    if certificate.valid_until is None:
        return words
    ends = _("，有效期到%(until)s") if certificate.state == "valid" else _("，%(until)s已经到期")
    return words + ends % {"until": day(certificate.valid_until)}


def _type(known: Asking) -> str:
    return known.definition.result.certificate_type


def chosen(request: Any, known: Asking) -> CertificateView | None:
    """The certificate named in the address, if the signed-in person may see it."""
    if citizen(request) is None or not known.certificate or known.certificate == LATER:
        return None
    try:
        return certificates.held(known.certificate, _holders(request, known), request.at)
    except CertificateNotFound:
        return None


def _holders(request: Any, known: Asking) -> set[UUID]:
    """
    Whose certificate it may be: the person's own, that of a firm in whose name she may apply (the choice says then for
    whom the application is), or that of the firm the draft is for.
    """
    if request.actor.agency is not None:
        return {request.actor.agency.for_id}
    draft = drafting(request, uuid_of(known.draft)) if known.draft else None
    firms = {firm.id for firm in certificates.firms_of(request.actor) if firm.may_apply}
    return {request.actor.id, *firms, *(holders_of(draft) if draft and draft.person else ())}


def holders_of(draft: Drafting) -> set[UUID]:
    assert draft.person is not None
    return whose_certificate(draft.person, draft.party)


def refusal(request: Any, known: Asking) -> str:
    """Why the certificate named can't be acted on, in words; "" if it can, or nobody is signed in to ask for."""
    by = citizen(request)
    if by is None or known.certificate == LATER or not known.acts_on_certificate:
        return ""
    try:
        find_certificate(known.definition, known.certificate, _holders(request, known), request.at)
    except DomainError as refused:
        return refused.message
    return ""


def context(request: Any, known: Asking) -> dict[str, Any]:
    """What a draft keeps of the choice: the id, or the number typed before signing in."""
    if not known.acts_on_certificate:
        return {}
    found = chosen(request, known)
    number = "" if known.certificate == LATER else known.certificate
    kept = {"certificate": str(found.id) if found else number, "certificate_number": number}
    if found:
        # Whose certificate it is, in whose name the application is.
        kept["party"] = "" if found.holder_id == request.actor.id else str(found.holder_id)
    return kept


def carried(request: Any, known: Asking) -> Carried:
    """For the questions and the form; nothing for who is not signed in."""
    found = chosen(request, known)
    by = citizen(request)
    return _of_certificate(known.document, known.definition, found, by) if found and by else NOTHING


def _of_certificate(document: Document, definition: Definition, found: CertificateView, by: Actor) -> Carried:
    lines = carry.lines(document, definition.result.certificate_type)
    situation, answers = carry.from_certificate(definition, lines, found.values)
    before = carry.case_behind(by, found)
    if before is not None:
        situation = carry.situation_of(definition, before) | situation
        answers = carry.answers_of(definition, before) | answers
    return Carried(situation, answers)


def problem(draft: Drafting, at: Instant) -> tuple[str, str] | None:
    """Before handing in: why the chosen certificate can't be acted on, and where another is chosen."""
    if not draft.definition.handling_item.acts_on_certificate:
        return None
    try:
        find_certificate(draft.definition, draft.view.context.get("certificate"), holders_of(draft), at)
    except DomainError as refused:
        return refused.message, choose_url(draft)
    return None


def choose_url(draft: Drafting) -> str:
    query = urlencode({CHANGED_DRAFT: str(draft.id), ASK: CERTIFICATE})
    address = situation_url(draft).replace(
        reverse("cases:result", args=[draft.view.about]), reverse("cases:start", args=[draft.view.about])
    )
    return f"{address}&{query}"


def missing_answers(draft: Drafting, by: Actor, at: Instant) -> dict[str, Any]:
    """What the certificate chosen before signing in says, for fields that are still empty."""
    given = draft.view.context.get("certificate")
    if not draft.definition.handling_item.acts_on_certificate or not given:
        return {}
    try:
        found = certificates.held(str(given), {by.id, *holders_of(draft)}, at)
    except CertificateNotFound:
        return {}
    document = catalogue.document(draft.revision_id)
    known = _of_certificate(document, draft.definition, found, by).answers
    return {name: value for name, value in known.items() if draft.view.answers.get(name) in (None, "")}

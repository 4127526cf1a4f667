"""The summary before handing in, and the page after it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mingqu.cases import rules, selectors, services
from mingqu.cases.coming import coming
from mingqu.cases.errors import (
    CertificateRefusal,
    FaceNeeded,
    FormIncomplete,
    GapUnsigned,
    IdentityNeeded,
    LevelAtWindow,
    LevelNeeded,
    MaterialsMissing,
    PartyNotYours,
    SignerDiffers,
)
from mingqu.cases.forms import CheckForm
from mingqu.cases.models import Case
from mingqu.cases.provisions import Provision
from mingqu.cases.services.filing import require_level
from mingqu.cases.views import which
from mingqu.cases.views.progress import for_herself
from mingqu.cases.views.shared import (
    GET_OR_POST,
    WRONG,
    Drafting,
    channel,
    claim,
    drafting,
    follow_words,
    on_draft,
    prefill,
    situation_url,
    to_its_case,
)
from mingqu.clocks import selectors as clocks
from mingqu.documents import selectors as documents
from mingqu.forms import services as forms
from mingqu.forms.errors import DraftAlreadyFiled, DraftChangedElsewhere
from mingqu.forms.types import Page
from mingqu.identity import selectors as identity
from mingqu.identity.types import PersonView
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.ui.access import on_behalf
from mingqu.ui.types import Action, Fact

FOR_FIRMS = "enterprise"  # of the kernel's list `audience`


@on_behalf("case.file")
@never_cache
@require_http_methods(GET_OR_POST)
@on_draft
def check(request: Any, draft: Drafting) -> HttpResponse:
    """
    Everything on one page, each with the way to change it; handing in needs sign-in, name and number.

    Who signed in for this page takes over the draft they began without signing in.
    """
    if not draft.claimed:
        known = which.missing_answers(draft, request.actor, request.at)
        known |= prefill(draft.schema, draft.view.answers, request.actor)
        claim(request, draft.view, known)
        return redirect("cases:check", draft_id=draft.id)
    if request.method == "POST":
        return _hand_in(request, draft)
    return _summary(request, draft, _form(draft, request.actor.id))


def _form(draft: Drafting, person_id: UUID) -> CheckForm:
    person = identity.person(person_id)
    chosen = draft.view.context.get("delivery", "")
    initial = {"key": new_id(), "version": draft.view.version, "delivery": chosen}
    initial |= draft.view.aside or {"receiver": person.name or "", "phone": identity.contact_of(person.id)}
    return CheckForm(initial=initial, licence=is_licence(draft))


def is_licence(draft: Drafting) -> bool:
    return selectors.is_licence_type(draft.definition.item.type)


def _hand_in(request: Any, draft: Drafting) -> HttpResponse:
    form = CheckForm(request.POST, licence=is_licence(draft))
    if not form.is_valid():
        return _summary(request, draft, form, status=WRONG)
    try:
        filed = services.file_case(
            draft_id=draft.id,
            base_version=_chosen(request, draft, form),
            by=request.actor,
            at=request.at,
            key=form.cleaned_data["key"],
            channel=channel(request),
        )
    except DraftAlreadyFiled:
        return to_its_case(request, draft.id)
    except (
        FormIncomplete,
        MaterialsMissing,
        IdentityNeeded,
        LevelNeeded,
        FaceNeeded,
        LevelAtWindow,
        GapUnsigned,
        SignerDiffers,
        PartyNotYours,
        CertificateRefusal,
    ):
        # The summary says each of these itself, with the way to mend it.
        return _summary(request, drafting(request, draft.id), form, status=WRONG)
    except DraftChangedElsewhere as refused:
        newest = drafting(request, draft.id)
        words = _("这份申请刚在另一个页面或设备上改过，还没有提交。下面是最新的内容，请重新核对后再提交。")
        return _summary(
            request, newest, _form(newest, request.actor.id), status=refused.status, changed=words
        )
    return redirect("cases:done", number=filed.number)


def _chosen(request: Any, draft: Drafting, form: CheckForm) -> int:
    """Put the chosen way of delivery under the draft; the version to file. Raises what `change_context` raises."""
    version: int = form.cleaned_data["version"]
    way = form.cleaned_data["delivery"]
    if form.to is not None:
        forms.keep_aside(draft_id=draft.id, aside=form.to.words, by=request.actor, at=request.at)
    if draft.view.context.get("delivery") == way:
        return version
    saved = forms.change_context(
        draft_id=draft.id,
        context={**draft.view.context, "delivery": way},
        base_version=version,
        by=request.actor,
        at=request.at,
    )
    return saved.version


def _summary(
    request: Any, draft: Drafting, form: CheckForm, *, status: int = 200, changed: str = ""
) -> HttpResponse:
    person, own = identity.person(request.actor.id), request.actor.agency is None
    missing = _missing(draft, person)
    if wrong := which.problem(draft, request.at):
        missing.append(wrong)
    context = {
        "draft": draft,
        "form": form,
        "person": person,
        "identity_url": _identity_url(draft),
        "party_url": _party_url(draft) if FOR_FIRMS in draft.definition.item.audience and own else "",
        "sections": sections(draft),
        "situation": situation_rows(draft),
        "situation_url": situation_url(draft),
        "material_rows": material_rows(draft),
        "missing": missing,
        "changed": changed,
    }
    return render(request, "cases/check.html", context, status=status)


def _identity_url(draft: Drafting) -> str:
    here = reverse("cases:check", args=[draft.id])
    return f"{reverse('identity:declare')}?{urlencode({'next': here})}"


def _level_url(draft: Drafting, refused: LevelNeeded | FaceNeeded | LevelAtWindow) -> str:
    """Where the level is reached: the real-name step, or the guide with its windows."""
    if isinstance(refused, LevelAtWindow):
        return f"/services/{draft.view.about}/"
    here = reverse("cases:check", args=[draft.id])
    page = "identity:face" if isinstance(refused, FaceNeeded) else "identity:real_name"
    return f"{reverse(page)}?{urlencode({'next': here})}"


def _missing(draft: Drafting, person: PersonView) -> list[tuple[str, str]]:
    """What must be done before handing in: sentence and where."""
    found = [
        (problem.message, f"{_page_url(draft, problem.page)}#id_{problem.path.replace('.', '__')}")
        for problem in draft.problems
    ]
    found += [
        (_("还缺材料：%(name)s") % {"name": one.material.name}, _material_url(draft, one.material.code))
        for one in draft.provisions
        if not one.done
    ]
    if not person.name or person.provisional:
        found.append((IdentityNeeded().message, _identity_url(draft)))
        return found
    try:
        require_level(draft.definition, person)
    except (LevelNeeded, FaceNeeded, LevelAtWindow) as refused:
        found.append((refused.message, _level_url(draft, refused)))
    found += [
        (SignerDiffers(name=one.material.name).message, _material_url(draft, one.material.code))
        for one in draft.provisions
        if one.signed and not rules.same_name(one.signed.signed_name, person.name)
    ]
    if draft.view.context.get("party") and draft.party.id is None:
        found.append((PartyNotYours().message, _party_url(draft)))
    return found


def _party_url(draft: Drafting) -> str:
    return reverse("cases:party", args=[draft.id])


def _page_url(draft: Drafting, page: int) -> str:
    return f"{reverse('cases:form_page', args=[draft.id, page])}?back=check"


def _material_url(draft: Drafting, code: str) -> str:
    return f"{reverse('cases:material', args=[draft.id, code])}?back=check"


def sections(draft: Drafting) -> list[tuple[Page, list[Fact]]]:
    """Page by page what was answered; a page of which nothing is asked is left out."""
    found = [(page, _rows(draft, page.number)) for page in draft.schema.pages]
    return [(page, rows) for page, rows in found if rows]


def _rows(draft: Drafting, page: int) -> list[Fact]:
    change = Action(_("修改"), _page_url(draft, page))
    return [
        Fact(row.title, row.text, action=change)
        for row in forms.rows(draft.schema, draft.view.answers, reveal=True)
        if row.page == page
    ]


def situation_rows(draft: Drafting) -> list[Fact]:
    answers = draft.situation.answers
    rows = []
    for question in draft.definition.situations:
        given = answers.get(question.ask, [])
        chosen = given if isinstance(given, list) else [given]
        rows.append(Fact(question.text, "、".join(question.options[value] for value in chosen)))
    return rows


def material_rows(draft: Drafting) -> list[Fact]:
    return [
        Fact(
            one.material.name,
            _stands_for(draft, one),
            action=Action(_("修改"), _material_url(draft, one.material.code)),
        )
        for one in draft.provisions
    ]


def _stands_for(draft: Drafting, one: Provision) -> str:
    """In words what is handed in for a material."""
    if one.certificate:
        return _("已调取，不用交（%(number)s）") % {"number": one.certificate.number}
    if files := draft.files.get(one.material.code):
        return "、".join(file.name for file in files)
    if one.provided.how == "commitment" and one.promise:
        return _("告知承诺，%(name)s签署") % {"name": one.promise.signed_name}
    if one.provided.state == "owed" and one.material.may_follow:
        return _("受理后%(limit)s内补交，已签承诺") % {"limit": follow_words(one.material)}
    return _("不交") if one.provided.state == "absent" else _("还没交")


@on_behalf("case.see")
@never_cache
@require_safe
def done(request: Any, number: str) -> HttpResponse:
    """Number, query code, what happens next and by when; the receipt appears here when it is made."""
    case = selectors.case_visible_to(request.actor, number)
    receipt = next((d for d in documents.documents_of(case.pk) if d.kind == "receipt"), None)
    if request.htmx:
        return render(request, "cases/_receipt.html", {"case": case, "receipt": receipt})
    if case.status != Case.Status.RECEIVED:
        return redirect("cases:progress", number=case.number)
    context = {
        "case": case,
        "receipt": receipt,
        "organ": identity.department(case.department_id).name,
        "answer": clocks.explanations(case.pk, request.at)[-1],
        "today": legal_day(request.at),
        "licence": selectors.is_licence(case),
        "further": for_herself(request.actor, case),
        "coming": coming(
            case,
            selectors.definition_of(case),
            request.at,
            own=True,
            allowed=selectors.actions_now(request.actor, case),
        ),
    }
    return render(request, "cases/done.html", context)

"""Projects (工程建设项目) at the desk: registered at the window with their owner, and their board of stages."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.selectors.drawing import look
from mingqu.cases.bundles.types import NewProject
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity import services as parties
from mingqu.identity.services import access
from mingqu.identity.types import NewFirm, PersonView, SeenDocument
from mingqu.kernel.errors import DomainError
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import CommandKey
from mingqu.ui.access import staff
from mingqu.workbench.bundle_forms import ProjectForm, StageForm
from mingqu.workbench.views.bundles import WRONG, part_mark

if TYPE_CHECKING:
    from mingqu.cases.models import Bundle, Project

PURPOSE = "登记项目"


@staff("project.see")
@never_cache
@require_GET
def projects(request: Any) -> HttpResponse:
    """The newest projects, and a form to register one."""
    return _projects(request, ProjectForm())


def _projects(request: Any, form: ProjectForm, status: int = 200) -> HttpResponse:
    may = access.may(request.actor, "project.register")
    context = {"projects": selectors.projects(request.actor), "form": form if may else None}
    return render(request, "workbench/projects.html", context, status=status)


@staff("project.register")
@never_cache
@require_POST
def register_project(request: Any) -> HttpResponse:
    form, status = ProjectForm(request.POST), WRONG
    if form.is_valid():
        try:
            made = _register(request, form)
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, f"已登记项目，编号{made.number}。")
            return redirect("workbench:project", made.number)
    return _projects(request, form, status)


def _register(request: Any, form: ProjectForm) -> Any:
    handler = _handler(request, form)
    post = identity.post_by_code(identity.post_code(request.actor.post_id))
    own = identity.department(post.department_id)
    given = form.cleaned_data
    draft = NewProject(given["name"], handler.id, own.region_code, given["national_code"])
    draft = replace(draft, owner_id=_owner(request, given["owner_name"], given["owner_code"]))
    return services.register_project(
        draft=draft, department_id=own.id, by=request.actor, at=request.at, key=form.command_key
    )


def _handler(request: Any, form: ProjectForm) -> PersonView:
    """
    Who is registered under this number; looked up as at the window, so that it is counted and written down: else
    this form would tell without a trace who is known here. Raises PersonNotRegistered and what looking up refuses.
    """
    document = SeenDocument("citizen_number", form.cleaned_data["citizen_number"])
    key = CommandKey(uuid5(form.command_key, "handler"))
    try:
        found = parties.look_up_person(
            document=document, purpose=PURPOSE, by=request.actor, at=request.at, key=key
        )
    except DomainError as refused:
        refused.field = "citizen_number"
        raise
    if found is None:
        raise PersonNotRegistered(field="citizen_number")
    return found


def _owner(request: Any, name: str, code: str) -> UUID | None:
    """
    建设单位 with this code, registered now if nobody did before; None: the handler builds for herself.

    Raises OwnerIncomplete, OwnerDiffers, or what registering a firm refuses.
    """
    name, code = " ".join(name.split()), "".join(code.split()).upper()
    if not name and not code:
        return None
    if not name or not code:
        raise OwnerIncomplete(field="owner_code" if name else "owner_name")
    try:
        code = parties.checked_code(code)
    except DomainError as wrong:
        raise OwnerCodeWrong(field="owner_code") from wrong
    known = identity.party_with_number("credit_code", code)
    if known is not None:
        if identity.firm(known).name != name:
            raise OwnerDiffers(field="owner_name")
        return known
    # The same code is the same firm, whoever presses the button twice.
    key = CommandKey(uuid5(NAMESPACE_URL, f"mingqu:project-owner:{code}"))
    return parties.create_firm(draft=NewFirm(name, code), by=request.actor, at=request.at, key=key)


class OwnerIncomplete(DomainError):
    code = "project_owner_incomplete"
    sentence = "建设单位的名称和统一社会信用代码要一起填；个人自建的两项都不填。"


class OwnerCodeWrong(DomainError):
    code = "project_owner_code_wrong"
    sentence = "统一社会信用代码不对，请照法人证书或者营业执照核对。"


class OwnerDiffers(DomainError):
    code = "project_owner_differs"
    sentence = "这个统一社会信用代码登记的是另一个名称，请核对证书上的名称。"


class PersonNotRegistered(DomainError):
    code = "project_person_unknown"
    sentence = "没有找到核验过身份的这个人，请先在综合窗口登记。"


@staff("project.see")
@never_cache
@require_GET
def project(request: Any, number: str) -> HttpResponse:
    """The board of a project: stages, their bundles and parts; a stage is added here."""
    found = selectors.project_visible_to(request.actor, number)
    return _board(request, found, StageForm(stages=_stages(found)))


@staff("project.register")
@never_cache
@require_POST
def add_stage(request: Any, number: str) -> HttpResponse:
    found = selectors.project_visible_to(request.actor, number)
    form, status = StageForm(request.POST, stages=_stages(found)), WRONG
    if form.is_valid():
        try:
            services.open_stage(
                project_id=found.pk,
                code=form.cleaned_data["code"],
                by=request.actor,
                at=request.at,
                key=form.command_key,
            )
        except DomainError as refused:
            status = form.tell(refused)
        else:
            messages.success(request, "已加入这个阶段。")
            return redirect("workbench:project", found.number)
    return _board(request, found, form, status)


def _stages(found: "Project") -> list[tuple[str, str]]:
    """What is not on its board yet."""
    there = {one.stage.code for one in selectors.board(found)}
    return [(one.code, one.name) for one in catalogue.published_bundles("stage") if one.code not in there]


def _board(request: Any, found: "Project", form: StageForm, status: int = 200) -> HttpResponse:
    may = bool(_stages(found)) and access.allows(request.actor, "project.register", found)
    context = {
        "project": found,
        "handler": identity.person(found.handler_id).name or "",
        "form": form if may else None,
        "board": [
            (one.stage, [_on_board(request, bundle) for bundle in one.bundles])
            for one in selectors.board(found)
        ],
        "today": legal_day(request.at),
    }
    return render(request, "workbench/project.html", context, status=status)


def _on_board(request: Any, bundle: "Bundle") -> dict[str, Any]:
    parts = list(bundle.parts.all())
    seen = look(bundle, parts, request.at, to_staff=True)
    marks = [part_mark(part, seen.standing.get(part.code)) for part in parts]
    return {"bundle": bundle, "marks": marks, "seen": seen}

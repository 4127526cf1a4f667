"""Projects: registered once, then asked for stage by stage."""

import re
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction

from mingqu.cases.bundles.errors import (
    ProjectCodeTaken,
    ProjectCodeWrong,
    ProjectNameMissing,
    ProjectUnknown,
)
from mingqu.cases.bundles.events import ProjectOpened
from mingqu.cases.bundles.services.course import BUNDLES
from mingqu.cases.bundles.types import NewProject, ProjectRegistered
from mingqu.cases.models import Case, Project, ProjectNumber, ProjectStage
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel.commands import command
from mingqu.kernel.identifiers import CaseNumber as PublicNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant


def register_project(
    *, draft: NewProject, department_id: UUID, by: Actor, at: Instant, key: UUID
) -> ProjectRegistered:
    """
    Register a project under a department; its id is `key`. The national code is what another platform gave; what it
    must look like is a setting (MINGQU_PROJECT_CODE_PATTERN), because no text of it was seen.

    Raises NotAuthorised, ProjectNameMissing, ProjectCodeWrong, ProjectCodeTaken, NotFound (owner).
    """
    with command("project.register", key, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(ProjectRegistered)
        access.require(by, "project.register", Place(department_id, draft.region_code))
        name = " ".join(draft.name.split())
        if not name:
            raise ProjectNameMissing(field="name")
        code = checked_national_code(draft.national_code)
        owner = (
            identity.firm(draft.owner_id).name if draft.owner_id else identity.person(draft.handler_id).name
        )
        day, region = legal_day(at), draft.region_code[:6]
        number = f"P{PublicNumber(region, day, next_number('project', region, f'{day:%Y%m%d}'))}"
        Project.objects.create(
            id=key,
            number=number,
            national_code=code,
            name=name,
            department_id=department_id,
            region_code=draft.region_code,
            owner_kind=Case.PartyKind.FIRM if draft.owner_id else Case.PartyKind.PERSON,
            owner_id=draft.owner_id or draft.handler_id,
            owner_name=owner,
            handler_id=draft.handler_id,
            registered_at=at,
        )
        _enter(number, key)
        if code:
            _enter(code, key)
        cmd.note(number=number, national_code=code)
        cmd.note_digest(name=name)
        cmd.publish(ProjectOpened(key, number))
        return cmd.done(ProjectRegistered(key, number))


def checked_national_code(text: str) -> str:
    """As it is kept: no blanks, upper case. Raises ProjectCodeWrong."""
    code = "".join(text.split()).upper()
    pattern = settings.MINGQU_PROJECT_CODE_PATTERN
    if len(code) > 60 or (code and pattern and not re.fullmatch(pattern, code)):
        raise ProjectCodeWrong(field="national_code")
    return code


def _enter(number: str, project_id: UUID) -> None:
    try:
        with transaction.atomic():
            ProjectNumber.objects.create(number=number, project_id=project_id)
    except IntegrityError as taken:
        other = ProjectNumber.objects.get(number=number).project_id
        known = Project.objects.filter(pk=other).values_list("number", flat=True).first()
        raise ProjectCodeTaken(field="national_code", number=known or number) from taken


def open_stage(*, project_id: UUID, code: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    Put a stage (a published bundle of kind stage) on the project's board. Again changes nothing.

    Raises NotAuthorised, ProjectUnknown, BundleDefinitionUnknown, BundleOutOfStep.
    """
    document = catalogue.open_bundle(code).document
    with command("project.open_stage", project_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        project = _project_for_update(project_id)
        access.require(by, "project.register", project)
        _stage(project, code, document.name)
        cmd.note(stage=code)
        cmd.done(None)


def note_stage(*, project_id: UUID, bundle_id: UUID, code: str, name: str, at: Instant) -> None:
    """A bundle was filed under the project, which has its stage now. Called by the receiver; once per bundle."""
    with command("project.note_stage", project_id, by=BUNDLES, at=at, key=uuid5(bundle_id, "stage")) as cmd:
        if cmd.repeated:
            return
        _stage(_project_for_update(project_id), code, name)
        cmd.note(stage=code, bundle=bundle_id)
        cmd.done(None)


def _project_for_update(project_id: UUID) -> Project:
    found = (
        Project.objects.select_related("department")
        .select_for_update(of=("self",))
        .filter(pk=project_id)
        .first()
    )
    if found is None:
        raise ProjectUnknown()
    return found


def _stage(project: Project, code: str, name: str) -> None:
    """Put on the board behind the others, once; the project is locked, so nobody does it at the same time."""
    there = set(ProjectStage.objects.filter(project=project).values_list("code", flat=True))
    if code not in there:
        ProjectStage.objects.bulk_create(
            [ProjectStage(project=project, code=code, name=name, position=len(there))]
        )

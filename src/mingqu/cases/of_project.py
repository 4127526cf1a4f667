"""
Which certificates of a project's owner are of this project: an owner has several sites, and what allows one of them
allows nothing on another.
"""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery

from mingqu.cases import rules
from mingqu.cases.models import Bundle, Case, Project
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView


def valid_certificates(
    owners: Collection[UUID], types: Collection[str], day: date, project_id: UUID
) -> Mapping[str, CertificateView]:
    """
    By type: the newest certificate of these owners that is in force and of this project (`rules.of_project`). Three
    statements at most, one where they have none. The caller has checked whose draft it is.
    """
    found = certificates.every_valid_of_holder(owners, types, day)
    if not found:
        return {}
    project = Project.objects.get(pk=project_id)
    granted_for = _projects_of({one.case_id for one, _names in found if one.case_id})
    newest: dict[str, CertificateView] = {}
    for one, names in found:
        known = granted_for.get(one.case_id) if one.case_id else None
        facts = rules.ForProject(known, names)
        if rules.of_project(facts, project_id, project.name or "", (project.national_code, project.number)):
            newest.setdefault(one.type_code, one)
    return newest


def _projects_of(case_ids: Collection[UUID]) -> Mapping[UUID, UUID | None]:
    """Under which project each of these cases was handled, if under one."""
    bundle = Bundle.objects.filter(pk=OuterRef("bundle_id"))
    rows = Case.objects.filter(pk__in=case_ids, bundle_id__isnull=False).order_by()
    return dict(rows.annotate(project=Subquery(bundle.values("project_id")[:1])).values_list("pk", "project"))

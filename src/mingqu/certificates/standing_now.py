"""Certificates that stand on a day: of everybody, of some holders; and which project one of them is for."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from mingqu.certificates import rules
from mingqu.certificates.models import Certificate


def in_force(day: date) -> QuerySet[Certificate]:
    """
    Every certificate in its newest version that allows something on that day, or will again (suspended); the caller
    narrows it to what its reader may see.
    """
    ended = Q(valid_until__lt=day) | Q(begin_by__lt=day, begun_on=None)
    return Certificate.objects.filter(status__in=("valid", "suspended")).exclude(ended)


def valid_of(holder_ids: Iterable[UUID], type_codes: Collection[str], day: date) -> QuerySet[Certificate]:
    """Those of some holders and types that are valid on that day, the newest first."""
    rows = in_force(day).filter(status="valid", valid_from__lte=day, holder_id__in=list(holder_ids))
    return rows.filter(type__code__in=type_codes).select_related("type").order_by("-issued_at", "-id")


def projects_named(row: Certificate) -> tuple[str, ...] | None:
    """What its lines about a project say, "" for an empty one; None where its type has no such line."""
    specs = [one for one in rules.read_fields(row.type.fields) if rules.about_a_project(one)]
    return tuple(str(row.fields.get(one.code) or "") for one in specs) if specs else None

"""
A bundle and its parts as every command reads them first. Written out: building both through the ORM took a third of a
short command.
"""

from typing import Any
from uuid import UUID

from mingqu.cases.bundles.errors import BundleUnknown
from mingqu.cases.models import Bundle, BundlePart
from mingqu.kernel.rows import Columns, kept_plans, read_often

_BUNDLE, _PART = Columns(Bundle, "b"), Columns(BundlePart, "p")
_ORGAN: Columns[Any] = Columns(Bundle._meta.get_field("lead").related_model, "d")
_HELD = (
    f"SELECT {_BUNDLE}, {_ORGAN} FROM cases_bundle b JOIN identity_department d ON d.id = b.lead_id"  # noqa: S608
    " WHERE b.id = %s FOR UPDATE OF b"
)
_PARTS = (
    f"SELECT {_PART}, {_ORGAN} FROM cases_bundlepart p JOIN identity_department d ON d.id = p.department_id"  # noqa: S608
    " WHERE p.bundle_id = %s ORDER BY p.position"
)


def bundle_for_update(bundle_id: UUID) -> Bundle:
    """The bundle with its lead, locked by its shard key: the first lock of every command. Raises BundleUnknown."""
    with kept_plans() as cursor:
        cursor.execute(_HELD, [bundle_id])
        row = cursor.fetchone()
    if row is None:
        raise BundleUnknown()
    bundle = _BUNDLE.instance(row[: len(_BUNDLE)])
    bundle.lead = _ORGAN.instance(row[len(_BUNDLE) :])
    return bundle


def parts_of(bundle: Bundle) -> list[BundlePart]:
    """In their order; each knows the bundle and its department without another statement."""
    parts = []
    for row in read_often(_PARTS, [bundle.pk]):
        part = _PART.instance(row[: len(_PART)])
        part.bundle = bundle
        part.department = _ORGAN.instance(row[len(_PART) :])
        parts.append(part)
    return parts

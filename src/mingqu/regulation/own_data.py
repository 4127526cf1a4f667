"""What this room holds of a person: that what their certificate allows is under supervision, and what was found."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from mingqu.identity.services.own_data import Holding, Matter, Part, table
from mingqu.regulation.models import Inspection


def holding() -> Holding:
    return Holding("regulation", frozenset({"regulation.Supervised.holder_id"}), copy, open_matters, keeps)


def open_matters(person_id: UUID, day: date) -> Iterable[Matter]:
    """Nothing of it bars: it ends with the certificate."""
    return ()


def keeps(person_id: UUID) -> bool:
    """Records of inspections are kept as they were written (行政许可法 61)."""
    return Inspection.objects.filter(supervised__holder_id=person_id).exists()


def copy(person_id: UUID) -> Iterable[Part]:
    yield table(
        "inspections",
        "监督检查记录",
        (
            ("number", "证照编号"),
            ("organ", "检查机关"),
            ("inspected_on", "检查日期"),
            ("finding", "结论"),
            ("seen", "检查情况"),
            ("done", "处理结果"),
        ),
        Inspection.objects.filter(supervised__holder_id=person_id)
        .select_related("supervised__department")
        .order_by("-inspected_on", "-id"),
        lambda one: (
            one.supervised.number,
            one.supervised.department.name,
            one.inspected_on,
            one.get_finding_display(),
            one.seen,
            one.done,
        ),
    )

"""Keep 四减 of revised items, and the map of prerequisites of the catalogue, as the definitions in force say."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from mingqu.catalogue.revisions import selectors as revisions
from mingqu.redesign import measuring
from mingqu.redesign.models import Reengineered


def measure_again(item_code: str = "") -> int:
    """
    Of one item, or of all; how many 业务办理项. Safe to run twice: rows follow from the definitions alone.
    """
    kept: set[tuple[str, str]] = set()
    for item, first, current, numbers in revisions.with_changes(item_code):
        for after in current.handling:
            old, new = (measuring.handling_of(text, after.code) for text in (first, current))
            if old is None or new is None:
                continue
            before, now = measuring.measures(old), measuring.measures(new)
            both: dict[str, Any] = {
                f"{line.key}_{when}": value
                for line in measuring.lines(before, now)
                for when, value in (("before", line.before), ("after", line.after))
            }
            for key in measuring.LIMITS:
                units = measuring.units_of(key, before, now)
                both |= {f"{key}_unit_before": units[0], f"{key}_unit_after": units[1]}
            Reengineered.objects.update_or_create(
                item_code=item.code,
                handling_code=after.code,
                defaults={
                    "id": uuid5(NAMESPACE_URL, f"mingqu:reengineered:{item.code}:{after.code}"),
                    "item_name": item.name,
                    "handling_name": after.name,
                    "department_id": item.department_id,
                    "department_name": item.department.name,
                    "region_code": item.region_code,
                    "item_type": item.item_type,
                    "first_number": numbers[0],
                    "current_number": numbers[1],
                    **both,
                },
            )
            kept.add((item.code, after.code))
    _forget(kept, item_code)
    return len(kept)


def _forget(kept: set[tuple[str, str]], item_code: str) -> None:
    rows = Reengineered.objects.filter(item_code=item_code) if item_code else Reengineered.objects.all()
    known = rows.values_list("id", "item_code", "handling_code")
    gone = [row_id for row_id, item, handling in known if (item, handling) not in kept]
    with transaction.atomic():
        Reengineered.objects.filter(pk__in=gone).delete()

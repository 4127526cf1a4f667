"""
The demo's platform above: it checks each row by the layout and by what it took before, and answers with a report of
quality. Nothing leaves the machine.
"""

from django.conf import settings
from django.db import transaction

from mingqu.federation import rules
from mingqu.federation.errors import AboveUnavailable
from mingqu.federation.models import DoubleUpward, DoubleUpwardRow
from mingqu.federation.types import Parcel, QualityReport, Row, Wrong
from mingqu.kernel.types import Instant


class DoubleAbove:
    words = "省一体化平台（演示）"

    def put(self, parcel: Parcel, *, at: Instant) -> None:
        _only_in_demo()
        with transaction.atomic():
            row, made = DoubleUpward.objects.get_or_create(
                number=parcel.number,
                defaults={"table": parcel.table, "digest": parcel.digest, "received_at": at},
            )
            if made:
                row.wrong = _looked_at(parcel)
                row.save(update_fields=["wrong"])
            elif row.digest != parcel.digest:
                raise AboveUnavailable()  # one number for two contents: never taken

    def report(self, number: str) -> QualityReport | None:
        _only_in_demo()
        row = DoubleUpward.objects.filter(pk=number).first()
        return None if row is None else QualityReport(tuple(Wrong(*one) for one in row.wrong))


def _looked_at(parcel: Parcel) -> list[list[str]]:
    """What is wrong, row by row; rows without fault are taken."""
    layout = rules.layouts()[parcel.table]
    refers = {one.code: one.refers for one in layout.fields.values() if one.refers}
    named = {row[name] for row in parcel.rows for name in refers if row.get(name)}
    there = set(DoubleUpwardRow.objects.filter(pk__in=named).values_list("pk", "table"))
    found: list[list[str]] = []
    good: list[Row] = []
    for row in parcel.rows:
        wrong = rules.wrong_in(row, layout)
        if row.get("cd_operation") != rules.REMOVED:
            wrong += [
                (name, f"没有收到它所属的{rules.layouts()[table].name}")
                for name, table in refers.items()
                if row.get(name) and (row[name], table) not in there
            ]
        found += [[row.get(rules.GUID, ""), name, words] for name, words in wrong]
        if not wrong:
            good.append(row)
    _take(parcel.table, good)
    return found


def _take(table: str, rows: list[Row]) -> None:
    out = [row[rules.GUID] for row in rows if row.get("cd_operation") == rules.REMOVED]
    kept = [row[rules.GUID] for row in rows if row.get("cd_operation") != rules.REMOVED]
    DoubleUpwardRow.objects.filter(pk__in=out).delete()
    DoubleUpwardRow.objects.bulk_create(
        [DoubleUpwardRow(guid=one, table=table) for one in kept], ignore_conflicts=True
    )


def _only_in_demo() -> None:
    if not settings.MINGQU_DEMO:
        raise AboveUnavailable()

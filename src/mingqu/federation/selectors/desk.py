"""What the page of the report upwards shows. Nothing personal: labels are public numbers, faults name fields only."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q, QuerySet, Sum
from django.urls import reverse

from mingqu.federation import rules
from mingqu.federation.errors import TableUnknown
from mingqu.federation.finding import case_page
from mingqu.federation.models import UpwardBatch, UpwardEntry, UpwardFeed
from mingqu.federation.types import BatchLine, DayLine, Field, Layout, RejectedLine, TableState
from mingqu.identity.services import access
from mingqu.kernel.types import Actor

MOST = 10_000  # beyond it a count is "more than"
PAGE = 30
DAYS = 14
ACROSS = 200  # rejected things whose faults are summed up
State = UpwardEntry.State
M = TypeVar("M", UpwardEntry, UpwardBatch)
SHOWN = {"mask": "姓名隐去一部分再报", "pseudonym": "只报不能还原的代号", "withheld": "不对外提供"}
# Who puts it right at its source, and what is asked of who is to be led there.
SOURCES = {
    "task_directory": ("list.see", "清单编制人员在基本目录里改"),
    "task_general_basic": ("catalogue.see", "事项编辑人员在事项定义里改"),
    "task_general_extend": ("catalogue.see", "事项编辑人员在事项定义里改"),
    "task_general_material": ("catalogue.see", "事项编辑人员在事项定义里改"),
    "fee_project": ("catalogue.see", "事项编辑人员在事项定义里改"),
    "questions": ("catalogue.see", "事项编辑人员在事项定义里改"),
    "certificate": ("certificate.see", "发证部门在证照里改"),
    "evaluation": ("case.see", "办件的部门核对办件"),
    "affair": ("case.see", "办件的部门核对办件"),
    "result": ("case.see", "办件的部门核对办件"),
    "user": ("", "本人更正登记的信息"),
}


def tables() -> list[TableState]:
    """Every table; three statements, none counts what was accepted."""
    feeds = {one.table: one for one in UpwardFeed.objects.all()}
    last = dict(
        UpwardBatch.objects.filter(sent_at__isnull=False).values_list("table").annotate(at=Max("sent_at"))
    )
    counts = _counts()
    return [
        TableState(
            one,
            feeds[one.code].accepted if one.code in feeds else 0,
            counts[one.code, State.WAITING],
            counts[one.code, State.SENT],
            counts[one.code, State.REJECTED],
            last.get(one.code),
        )
        for one in rules.layouts().values()
    ]


_ONE = """(SELECT count(*) FROM (SELECT 1 FROM federation_upwardentry e
            WHERE e."table" = t."table" AND e.state = '{}' LIMIT %(most)s) AS those)"""  # by partial indexes
COUNTED = (State.WAITING, State.SENT, State.REJECTED)
COUNTS = f"""
SELECT t."table", {", ".join(_ONE.format(state.value) for state in COUNTED)}
  FROM unnest(%(tables)s::text[]) AS t("table")
"""  # noqa: S608 - our own words


def _counts() -> dict[tuple[str, str], int]:
    """Of each table and state but accepted, up to MOST and one; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"most": MOST + 1, "tables": list(rules.layouts())})
        rows = cursor.fetchall()
    return {
        (table, state): many for table, *found in rows for state, many in zip(COUNTED, found, strict=True)
    }


def rejected_now() -> int:
    """Up to MOST and one, over all tables; one statement."""
    return UpwardEntry.objects.filter(state=State.REJECTED).order_by().values("pk")[: MOST + 1].count()


def table(code: str) -> Layout:
    """Raises TableUnknown."""
    found = rules.layouts().get(code)
    if found is None:
        raise TableUnknown()
    return found


def fields_of(layout: Layout) -> list[tuple[Field, str]]:
    """Each field, and what is done to it or assumed of it, in words."""
    return [(one, _field_words(one)) for one in layout.fields.values()]


def _field_words(one: Field) -> str:
    return SHOWN.get(one.shown, "") or (f"默认值“{one.assumed}”，待确认" if one.assumed else "")


def rejected(actor: Actor, code: str, after: str = "", most: int = PAGE) -> tuple[list[RejectedLine], str]:
    """What was rejected in a table, with the cursor of the next page. Keyset by id."""
    layout = table(code)
    rows = UpwardEntry.objects.filter(table=code, state=State.REJECTED).order_by("id")
    rows = _after(rows, after, lambda last: Q(pk__gt=last))
    found = list(rows[: most + 1])
    linked = bool(SOURCES[code][0]) and access.may(actor, SOURCES[code][0])
    lines = [_line(one, layout, linked=linked) for one in found[:most]]
    return lines, str(found[most - 1].pk) if len(found) > most else ""


def _line(one: UpwardEntry, layout: Layout, *, linked: bool) -> RejectedLine:
    faults: dict[tuple[str, str], int] = {}
    for _guid, name, words in one.wrong:
        said = layout.fields[name].name if name in layout.fields else name
        faults[said, words] = faults.get((said, words), 0) + 1
    wrong = tuple((field, words, many) for (field, words), many in faults.items())
    return RejectedLine(one.pk, one.label, one.changed_at, wrong, _address(one) if linked else "")


def _address(one: UpwardEntry) -> str:
    """Where it is put right at its source; "" where there is no page of it."""
    if one.table.startswith("task_general"):
        return reverse("catalogue:item", args=[one.label])
    if one.table == "task_directory":
        return reverse("catalogue:editions")
    if one.table == "certificate":
        return reverse("certificates:at_desk", args=[one.label])
    return case_page(one.label) if one.table in ("affair", "result", "evaluation") else ""


def batches(code: str, after: str = "") -> tuple[list[BatchLine], str]:
    """Of a table, the latest first. Keyset by id."""
    rows = UpwardBatch.objects.filter(table=code).defer("payload").order_by("-id")
    rows = _after(rows, after, lambda last: Q(pk__lt=last))
    found = list(rows[: PAGE + 1])
    lines = [
        BatchLine(
            one.pk,
            one.number,
            one.made_at,
            one.rows,
            one.accepted,
            one.rejected,
            one.get_state_display(),
            one.reason,
        )
        for one in found[:PAGE]
    ]
    return lines, str(lines[-1].id) if len(found) > PAGE else ""


def _after(rows: QuerySet[M], after: str, side: Callable[[UUID], Q]) -> QuerySet[M]:
    try:
        return rows.filter(side(UUID(after))) if after else rows
    except ValueError:
        return rows


def days(today: date, code: str = "") -> list[DayLine]:
    """Rows by the day their batch was made, of the last two weeks; of one table or all."""
    since = today - timedelta(days=DAYS - 1)
    rows = UpwardBatch.objects.filter(made_on__gte=since)
    if code:
        rows = rows.filter(table=code)
    summed = rows.values("made_on").order_by("made_on")
    found = summed.annotate(n=Sum("rows"), ok=Sum("accepted"), bad=Sum("rejected"))
    return [DayLine(one["made_on"], one["n"], one["ok"], one["bad"]) for one in found]


def totals(actor: Actor, code: str) -> list[tuple[str, str, int]]:
    """What is wrong most often among the first ACROSS rejected things of a table: (field, words, things)."""
    found: dict[tuple[str, str], int] = {}
    for one in rejected(actor, code, most=ACROSS)[0]:
        for field, words, _many in one.wrong:
            found[field, words] = found.get((field, words), 0) + 1
    return sorted(((*key, many) for key, many in found.items()), key=lambda one: -one[2])

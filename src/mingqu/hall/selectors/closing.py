"""日终清单: what of a hall is not finished at the end of the day. Each question's caller has checked the hall."""

from uuid import UUID

from django.db.models import Q

from mingqu.cases import selectors as cases
from mingqu.hall.models import Hall, KeptPaper, QueueNumber, Shift, Slip
from mingqu.hall.selectors.counter import not_here
from mingqu.hall.selectors.queue import queue_id
from mingqu.hall.types import LeftOver, ResultAway
from mingqu.identity import selectors as identity
from mingqu.kernel.identifiers import COUNTY
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

MOST = 300  # of each kind
OPEN_NUMBERS = (QueueNumber.State.WAITING, QueueNumber.State.CALLED, QueueNumber.State.SKIPPED)


def left_over(found: Hall, at: Instant) -> list[LeftOver]:
    """
    Papers its posts hold, slips nobody signed, numbers of today that are open, shifts nobody took; five statements.
    The posts are those of the department that runs the hall, and below it.
    """
    posts = identity.posts_in(found.department_id).values("pk")
    rows: list[LeftOver] = []
    for paper in KeptPaper.objects.filter(post_id__in=posts, state=KeptPaper.State.KEPT).order_by(
        "kept_at", "id"
    )[:MOST]:
        what = f"{paper.name}（{KeptPaper.Form(paper.form).label}{paper.copies}份）"
        note = f"{paper.item_name}{'，交接时没有点到，在找' if paper.missing else ''}"
        rows.append(LeftOver("paper", what, paper.case_number, note, paper.kept_at, paper.post_id))
    sent = Slip.objects.filter(state=Slip.State.SENT).filter(
        Q(sender_post_id__in=posts) | Q(department_id=found.department_id)
    )
    rows += [
        LeftOver("slip", f"交给{slip.department.name}", slip.number, "", slip.sent_at, slip.sender_post_id)
        for slip in sent.select_related("department").order_by("sent_at", "id")[:MOST]
    ]
    numbers = QueueNumber.objects.filter(queue_id=queue_id(found.pk, legal_day(at)), state__in=OPEN_NUMBERS)
    rows += [
        LeftOver(
            "number",
            one.line.name,
            one.label,
            str(QueueNumber.State(one.state).label) + (f"，{one.window.number}号窗口" if one.window else ""),
            one.issued_at,
            None,
        )
        for one in numbers.select_related("line", "window").order_by("issued_at", "id")[:MOST]
    ]
    given = Shift.objects.filter(giver_post_id__in=posts, state__in=(Shift.State.GIVEN, Shift.State.DECLINED))
    rows += [
        LeftOver("shift", str(one.get_state_display()), one.number, "", one.given_at, one.giver_post_id)
        for one in given.order_by("given_at", "id")[:MOST]
    ]
    return rows


def results_away(found: Hall) -> list[ResultAway]:
    """
    Decided cases of the hall's district whose results are collected or sent and lie at no counter yet, the last day of
    service first; one statement.
    """
    rows = cases.handed_over_on_paper().filter(not_here(), region_code__startswith=found.region_code[:COUNTY])
    named = rows.order_by("due_on", "id").values_list("pk", "number", "item_name", "decided_on", "due_on")
    return [ResultAway(*row) for row in named[:MOST]]


def holders(rows: list[LeftOver]) -> dict[UUID, str]:
    """Names of the posts that have it; one statement."""
    return identity.post_names({row.post_id for row in rows if row.post_id})

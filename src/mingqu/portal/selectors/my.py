"""A person's own things: cases with whose turn it is, drafts, certificates that end soon, what waits for a rating."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from mingqu.cases import selectors as cases
from mingqu.cases.bundles import selectors as bundles
from mingqu.catalogue import selectors as catalogue
from mingqu.catalogue.bundles import selectors as published
from mingqu.certificates import selectors as certificates
from mingqu.certificates.types import CertificateView
from mingqu.clocks import selectors as clocks
from mingqu.clocks.types import Deadline, Kind
from mingqu.evaluation import selectors as evaluation
from mingqu.forms import selectors as forms
from mingqu.identity import selectors as identity
from mingqu.kernel.types import Actor, Instant
from mingqu.portal.types import BundleLine, CaseLine, CasePage, DraftLine
from mingqu.process import selectors as process
from mingqu.process.types import TaskRow
from mingqu.ui import language

PAGE = 10
ON_FRONT = 3
ENDING_DAYS = 60  # a certificate that ends within so many days is pointed out
SHOWN = ("open", "done", "all")

_POINTS = {Kind.CORRECTION_NOTICE: "correction", Kind.STATUTORY: "decide", Kind.DELIVERY: "delivery"}


def on_front(actor: Actor) -> list[CaseLine]:
    """The latest cases that go on; two statements."""
    rows = _own(actor).filter(status__in=cases.OPEN, bundle_id=None)[:ON_FRONT]
    return [_line(case, {}, {}, {}) for case in rows]


def case_page(actor: Actor, at: Instant, *, shown: str = "open", before: UUID | None = None) -> CasePage:
    """A page of one's own cases, the latest first, each in one line; six statements however many there are."""
    found = _own(actor).filter(bundle_id=None)  # parts stand in the line of their bundle
    if shown == "open":
        found = found.filter(status__in=cases.OPEN)
    elif shown == "done":
        found = found.exclude(status__in=cases.OPEN)
    if before:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    page = rows[:PAGE]
    ids = [case.pk for case in page]
    tasks = process.open_tasks_of(ids)
    posts = identity.posts_by_code({task.post for line in tasks.values() for task in line})
    organs = {code: post.department.name for code, post in posts.items()}
    why = {root_id: state.binding for root_id, state in clocks.states(ids, at).items()} if ids else {}
    lines = [_line(case, tasks, organs, why) for case in page]
    waiting = _unrated(page)
    return CasePage(
        tuple(replace(line, to_rate=line.number in waiting) for line in lines),
        rows[PAGE - 1].pk if len(rows) > PAGE else None,
    )


def my_turn(actor: Actor) -> list[CaseLine]:
    """Cases that wait for the person, the longest waiting first; two statements."""
    rows = _own(actor).filter(status="correction", bundle_id=None).order_by("id")[:PAGE]
    return [_line(case, {}, {}, {}) for case in rows]


def to_rate(actor: Actor) -> list[CaseLine]:
    """Of the latest ended cases those that wait for a rating; three statements."""
    rows = list(_own(actor).exclude(status__in=cases.OPEN)[:PAGE])
    waiting = _unrated(rows)
    return [_line(case, {}, {}, {}) for case in rows if case.number in waiting]


def drafts(actor: Actor, at: Instant) -> list[DraftLine]:
    """What was begun and not handed in; two statements."""
    found = forms.drafts_of(actor.id, at=at)
    codes = {draft.about for draft in found}
    names = catalogue.names(codes) if codes else {}
    if any("bundle_revision" in draft.context for draft in found):
        names |= dict(published.published_bundles().filter(code__in=codes).values_list("code", "name"))
    return [
        DraftLine(
            draft.draft_id,
            names.get(draft.about, draft.about) + _handling(draft.context),
            draft.saved_at,
            draft.expires_at,
            bundle="bundle_revision" in draft.context,
        )
        for draft in found
    ]


def _handling(context: Mapping[str, Any]) -> str:
    """新办, 变更 and so on of a draft, as its case will be called; a bundle has none."""
    if not context.get("handling") or not context.get("revision_id"):
        return ""
    definition = catalogue.definition(UUID(context["revision_id"]), context["handling"])
    return f"（{definition.handling_item.name}）"


def bundle_lines(actor: Actor) -> list[BundleLine]:
    """One's latest bundles, each in one line with its parts; two statements."""
    return [_bundle_line(bundle) for bundle in bundles.bundles_of(actor.id, limit=PAGE)]


def project_lines(actor: Actor) -> list[Any]:
    """The projects one acts for, newest first."""
    return list(bundles.projects(actor, limit=PAGE))


_BUNDLE_TAGS = {"received": "received", "handling": "accepted", "decided": "accepted", "delivered": "done"}


def _bundle_line(bundle: Any) -> BundleLine:
    parts = sorted(bundle.parts.all(), key=lambda part: part.position)
    correct = any(part.state == "correction" for part in parts)
    return BundleLine(
        number=bundle.number,
        name=bundle.name,
        tag="correct" if correct else _BUNDLE_TAGS.get(bundle.status, "void"),
        words=_("等您补正") if correct else bundle.get_status_display(),
        parts=tuple((part.name, part.get_state_display()) for part in parts),
        to_correct=correct,
    )


def ending(actor: Actor, at: Instant) -> list[CertificateView]:
    """One's certificates that end soon."""
    return [
        certificate
        for certificate in certificates.wallet(actor, at)
        if certificate.days_left is not None and certificate.days_left <= ENDING_DAYS
    ]


def _own(actor: Actor) -> Any:
    return (
        cases.visible_cases(actor).select_related("department").prefetch_related("materials").order_by("-id")
    )


def _unrated(rows: Sequence[Any]) -> set[str]:
    """Numbers of those that may be rated and are not."""
    due = [case for case in rows if evaluation.may_be_rated(case.status, case.item_type)]
    rated = evaluation.rated(case.pk for case in due) if due else set()
    return {case.number for case in due if case.pk not in rated}


def _line(
    case: Any,
    tasks: Mapping[UUID, list[TaskRow]],
    organs: Mapping[str, str],
    why: Mapping[UUID, Deadline | None],
) -> CaseLine:
    organ = case.department.name
    deadline = why.get(case.pk)
    return CaseLine(
        number=case.number,
        name=f"{case.item_name}（{case.handling_item}）",
        turn=cases.turn_of(case, organ, owed_until=_owed_until(case)),
        organ=organ,
        asked=tuple(m.name for m in case.materials.all() if m.state == "asked"),
        at_work=tuple(_steps(tasks.get(case.pk, []), organs, organ)),
        why=_why(deadline, case.item_type) if deadline else "",
        late=bool(deadline and deadline.overdue_by),
        owes=case.owes and case.status == "accepted",
    )


def _owed_until(case: Any) -> date | None:
    """The next last day of what was promised to follow."""
    days = [m.owed_until for m in case.materials.all() if m.state == "owed" and m.owed_until]
    return min(days, default=None) if case.owes else None


def _steps(tasks: Iterable[TaskRow], organs: Mapping[str, str], organ: str) -> list[str]:
    """Open steps; whose each is, where it is not the organ of the case itself."""
    found = []
    for task in tasks:
        other = organs.get(task.post, organ)
        found.append(task.name if other == organ else f"{task.name}（{other}）")
    return found


def _why(deadline: Deadline, item_type: str) -> str:
    """Why the last day is that day, in a line; day by day it stands on the page of the case."""
    words = {
        "total": deadline.total,
        "unit": language.unit(deadline.total, deadline.counted_in.text),
        "elapsed": deadline.elapsed,
        "left": deadline.remaining,
        "article": cases.legal_words(_POINTS[deadline.kind], item_type) if deadline.kind in _POINTS else "",
    }
    since = {
        Kind.CORRECTION_NOTICE: _("收到材料后%(total)d%(unit)s内告诉您是否受理"),
        Kind.PROMISED: _("承诺受理后%(total)d%(unit)s内作出决定"),
        Kind.STATUTORY: _("受理后%(total)d%(unit)s内作出决定"),
        Kind.DELIVERY: _("决定后%(total)d%(unit)s内送达"),
    }.get(deadline.kind, _("%(total)d%(unit)s")) % words
    if words["article"]:
        since += _("（%(article)s）") % words
    if deadline.overdue_by:
        return since + _("；已经超过%(days)d%(unit)s，您可以打电话催办或者投诉") % {
            "days": deadline.overdue_by,
            "unit": words["unit"],
        }
    return since + _("；已过%(elapsed)d%(unit)s，还剩%(left)d%(unit)s") % words

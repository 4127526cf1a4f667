"""The calendar's versions and the ledger of every clock. Nothing here is ever changed or deleted."""

from dataclasses import replace
from datetime import time
from typing import Any
from uuid import UUID

from django.db import models

from mingqu.clocks.rules.wording import article_text
from mingqu.clocks.types import (
    ART_SPECIAL,
    GROUNDS,
    PAYMENT,
    Action,
    Approver,
    ClockKey,
    ClockSpec,
    DayKind,
    Entry,
    Kind,
    Unit,
)
from mingqu.kernel.json import load, plain
from mingqu.kernel.models import Reference, RootRow
from mingqu.kernel.types import Actor


def choices(words: Any) -> list[tuple[str, str]]:
    return [(word.value, getattr(word, "text", word.value)) for word in words]


class CalendarVersion(Reference):
    """
    One state of the working-day calendar: complete, so that what an old deadline rested on can be shown.

    A holiday notice makes a new version with every day of the last one; the highest `sequence` is in
    force. Only `clocks.services` and the loader of reference data write.
    """

    append_only = True

    code = models.CharField(max_length=16, unique=True)  # printed: 2026.1
    sequence = models.PositiveIntegerField(unique=True)
    known_from = models.DateField()
    known_until = models.DateField()
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField(null=True)  # NULL, as the next: delivered with the product
    recorded_by = models.UUIDField(null=True)  # a person

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_ends_after_it_begins",
                condition=models.Q(known_until__gt=models.F("known_from")),
            )
        ]

    def __str__(self) -> str:
        return self.code


class CalendarDay(Reference):
    """A day that departs from Monday to Friday, in one version."""

    append_only = True

    version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    kind = models.CharField(max_length=16, choices=choices(DayKind))
    name = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "day"], name="calendar_day_once_per_version")
        ]


class ClockEntry(RootRow):
    """
    One line of the ledger of one clock (root, kind, ref): started, paused, resumed, extended, stopped,
    or an earlier line taken back.

    The deadline is computed from these lines and never stored here. The app role may only add lines;
    `seq` with its unique constraint makes two writers at once impossible. Only `clocks.services` writes.
    """

    append_only = True

    kind = models.CharField(max_length=20, choices=choices(Kind))
    ref = models.CharField(max_length=64, blank=True)
    seq = models.PositiveIntegerField()
    action = models.CharField(max_length=8, choices=choices(Action))
    day = models.DateField()  # the legal day on which it takes effect
    at = models.DateTimeField(null=True)  # the instant, for clocks in hours and minutes
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)  # in the clear: set words or a number, never what somebody typed
    article = models.CharField(max_length=80, blank=True)
    terms = models.JSONField(null=True)  # start: the ClockSpec, pinned
    ground = models.CharField(max_length=32, blank=True)
    proof = models.CharField(max_length=80, blank=True)  # number or id of the written notice
    expected_until = models.DateField(null=True)
    limit = models.PositiveIntegerField(default=0)  # start and extend, in `unit`
    unit = models.CharField(max_length=16, blank=True, choices=choices(Unit))
    approver = models.CharField(max_length=20, blank=True, choices=choices(Approver))
    reverses = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["root_id", "kind", "ref", "seq"], name="clock_entry_in_order"),
            models.CheckConstraint(
                name="clock_start_has_terms",
                condition=models.Q(action="start", terms__isnull=False, limit__gte=1)
                | (~models.Q(action="start") & models.Q(terms__isnull=True)),
            ),
            models.CheckConstraint(
                name="clock_pause_has_ground_and_proof",
                condition=~models.Q(action="pause") | (~models.Q(ground="") & ~models.Q(proof="")),
            ),
            models.CheckConstraint(
                name="clock_extension_has_approver_and_reason",
                condition=~models.Q(action="extend")
                | (models.Q(limit__gte=1) & ~models.Q(approver="") & ~models.Q(reason="")),
            ),
            models.CheckConstraint(
                name="clock_reversal_has_target_and_reason",
                condition=models.Q(reverses=0) & ~models.Q(action="reverse")
                | (models.Q(action="reverse", reverses__gte=1) & ~models.Q(reason="")),
            ),
        ]

    @property
    def key(self) -> ClockKey:
        return ClockKey(Kind(self.kind), self.ref)

    def entry(self) -> Entry:
        """The line as the rules read it."""
        return Entry(
            seq=self.seq,
            action=Action(self.action),
            day=self.day,
            recorded_at=self.recorded_at,
            at=self.at,
            reason=self.reason,
            spec=None if self.terms is None else spec_of(self.terms),
            ground=self.ground,
            proof=self.proof,
            expected_until=self.expected_until,
            limit=0 if self.action == Action.START else self.limit,
            approver=Approver(self.approver) if self.approver else None,
            reverses=self.reverses,
        )

    @classmethod
    def of(cls, root_id: UUID, spec: ClockSpec, entry: Entry, by: Actor) -> "ClockEntry":
        """The row of a line of the clock that runs under `spec`."""
        starts = entry.action is Action.START
        return cls(
            root_id=root_id,
            kind=spec.kind,
            ref=spec.ref,
            seq=entry.seq,
            action=entry.action,
            day=entry.day,
            at=entry.at,
            recorded_at=entry.recorded_at,
            actor_kind=by.kind,
            actor_id=by.id,
            post_id=by.post_id,
            reason=entry.reason,
            article=_article(spec, entry),
            terms=terms_of(spec) if starts else None,
            ground=entry.ground,
            proof=entry.proof,
            expected_until=entry.expected_until,
            limit=spec.limit if starts else entry.limit,
            unit=spec.unit if starts or entry.limit else "",
            approver=entry.approver or "",
            reverses=entry.reverses,
        )


def _article(spec: ClockSpec, entry: Entry) -> str:
    """The article under which a line is written."""
    if entry.action is Action.START:
        return article_text(spec.article)
    if entry.action is Action.PAUSE:
        article = spec.fee_article if entry.ground == PAYMENT else GROUNDS[entry.ground].article
        return article_text(article if spec.licence or article != ART_SPECIAL else None)
    if entry.action is Action.EXTEND and spec.extension is not None:
        return article_text(spec.extension.article)
    return ""


def terms_of(spec: ClockSpec) -> dict[str, Any]:
    closing = spec.closing.isoformat() if spec.closing else None
    return {**plain(replace(spec, closing=None)), "closing": closing}


def spec_of(terms: dict[str, Any]) -> ClockSpec:
    spec = load(ClockSpec, {**terms, "closing": None})
    return replace(spec, closing=time.fromisoformat(terms["closing"])) if terms.get("closing") else spec

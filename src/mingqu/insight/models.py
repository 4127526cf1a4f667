"""What statistics are summed from, and the reports made of them."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mingqu.insight.types import Facts, Place
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import RootRow, ShardRoot
from mingqu.kernel.training import OfRegion

NOBODY = UUID(int=0)  # no window, no clerk: it came by itself


class Counted(OfRegion, models.Model):
    """Where a case is counted. `post_id`, `clerk_id`: of the window that took it in, NOBODY where none did."""

    department_id = models.UUIDField()
    item_code = models.CharField(max_length=64)
    item_type = models.CharField(max_length=16)
    region_code = models.CharField(max_length=12)
    street_code = models.CharField(max_length=12, default="", db_default="", blank=True)  # 镇街; "": 未填
    channel = models.CharField(max_length=12)
    post_id = models.UUIDField(default=NOBODY)
    clerk_id = models.UUIDField(default=NOBODY)

    class Meta:
        abstract = True

    @property
    def place(self) -> Place:
        return Place(
            self.department_id, self.item_code, self.item_type, self.region_code, self.street_code, self.channel,
            self.post_id, self.clerk_id,
        )  # fmt: skip


class CaseFacts(Counted, ShardRoot):
    """
    What of one case has been counted; its id is the case's. What a case adds to the days is told by these columns
    alone (`rules.added`), so that they can be taken off again when something else becomes known.

    Only `insight.services` writes it, by the case's events or by a scan of all cases; both do the same.
    """

    received_on = models.DateField()
    accepted_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ending = models.CharField(max_length=12, default="", blank=True)
    timing = models.CharField(max_length=8, default="", blank=True)
    # The day after its last day, where it had not ended by then; of a case that goes on it may lie ahead.
    overdue_from = models.DateField(null=True)
    in_bundle = models.BooleanField(default=False)
    owed = models.BooleanField(default=False)
    electronic = models.BooleanField(default=False)
    visits = models.SmallIntegerField(default=0)
    promised_days = models.IntegerField(default=0)
    statutory_days = models.IntegerField(default=0)
    corrections = ArrayField(models.DateField(), default=list)
    rated_on = ArrayField(models.DateField(), default=list)
    levels = ArrayField(models.SmallIntegerField(), default=list)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["received_on", "id"], name="facts_received"),
            models.Index(fields=["accepted_on", "id"], name="facts_accepted"),
            models.Index(fields=["ended_on", "id"], name="facts_ended"),
            models.Index(
                fields=["ended_on", "overdue_from"],
                name="facts_overdue",
                condition=Q(overdue_from__isnull=False),
            ),
        ]

    @property
    def facts(self) -> Facts:
        return Facts(
            received_on=self.received_on,
            accepted_on=self.accepted_on,
            ended_on=self.ended_on,
            ending=self.ending,  # type: ignore[arg-type]  # as it was written
            timing=self.timing,  # type: ignore[arg-type]
            online=self.channel == "online",
            in_bundle=self.in_bundle,
            owed=self.owed,
            electronic=self.electronic,
            visits=self.visits,
            promised_days=self.promised_days,
            statutory_days=self.statutory_days,
            corrections=tuple(self.corrections),
            ratings=tuple(zip(self.rated_on, self.levels, strict=True)),
        )


class DayFigures(Counted):
    """
    The figures of one day at one place: what statistics are sums of. A row of zeros may stay.

    Kept by the receivers in the relay's transaction; the scan makes all of them anew.
    """

    day = models.DateField()
    pk = models.CompositePrimaryKey(
        "department_id", "day", "item_code", "region_code", "street_code", "channel", "post_id", "clerk_id"
    )
    received = models.IntegerField(default=0)
    online = models.IntegerField(default=0)
    bundled = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    owed = models.IntegerField(default=0)
    corrections = models.IntegerField(default=0)
    ended = models.IntegerField(default=0)
    decided = models.IntegerField(default=0)
    granted = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    not_accepted = models.IntegerField(default=0)
    not_required = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    terminated = models.IntegerField(default=0)
    timed = models.IntegerField(default=0)
    early = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    late_law = models.IntegerField(default=0)
    full_online = models.IntegerField(default=0)
    zero_visit = models.IntegerField(default=0)
    visits = models.IntegerField(default=0)
    same_day = models.IntegerField(default=0)
    promised_days = models.IntegerField(default=0)
    statutory_days = models.IntegerField(default=0)
    level5 = models.IntegerField(default=0)
    level4 = models.IntegerField(default=0)
    level3 = models.IntegerField(default=0)
    level2 = models.IntegerField(default=0)
    level1 = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day"], name="dayfigures_day")]


class Report(OfRegion, ShardRoot):
    """
    日报、周报、月报, of one department or of all (`department_id` NULL). Its id follows from kind, first day and
    department, so that a job that makes it twice makes it once. `figures`: as they stood at `made_at`, or when they
    were last counted again (`recounted_at`); never personal. Signed, neither figures nor text change.

    `agrees`: whether the figures were equal to a scan of the cases; NULL where no scan was made.
    """

    class Kind(models.TextChoices):
        DAY = "day", "日报"
        WEEK = "week", "周报"
        MONTH = "month", "月报"

    kind = models.CharField(max_length=8, choices=Kind)
    since = models.DateField()
    until = models.DateField()
    department_id = models.UUIDField(null=True)
    region_code = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    figures = models.JSONField()  # {"version": 1, ...}: selectors.reports reads it
    agrees = models.BooleanField(null=True)
    recounted_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.UUIDField(null=True)
    recount_asked_at = models.DateTimeField(null=True)  # a job counts it again; NULL: none does
    recount_by = models.UUIDField(null=True)
    recount_post = models.UUIDField(null=True)
    recount_tries = models.SmallIntegerField(default=0)
    recount_said = models.CharField(max_length=200, default="", blank=True)  # why the last one failed

    item_type = ""  # items of every type, for the access rule

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "-since", "-id"], name="report_kind"),
            models.Index(fields=["department_id", "-since", "-id"], name="report_department"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="report_days_in_order", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="report_signed_by_somebody",
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
        ]

    @property
    def counted_at(self) -> datetime:
        """As of when the figures stand."""
        return self.recounted_at or self.made_at


class ReportText(RootRow):
    """What somebody wrote into a report; its root is the report. Every version is kept, the latest counts."""

    append_only = True

    version = models.SmallIntegerField()
    text = EncryptedTextField(grade="L3")  # what officers write may name people
    written_by = models.UUIDField()
    post_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root_id", "version"], name="report_text_version")
        ]

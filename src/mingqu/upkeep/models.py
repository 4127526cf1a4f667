"""What keeps a site going, as rows: backups and drills that ended, announcements, planned stops."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from mingqu.kernel.models import Reference


class KeptRun(Reference):
    """
    A backup, or a drill that tried one (恢复演练), that ended well or badly. Never changed.

    `name` is the backup's folder, `reason` our own sentence where it failed; both hold nothing of anybody.
    """

    append_only = True

    class What(models.TextChoices):
        BACKUP = "backup", "备份"
        DRILL = "drill", "恢复演练"

    what = models.CharField(max_length=8, choices=What)
    ok = models.BooleanField()
    name = models.CharField(max_length=60, default="", blank=True)
    reason = models.CharField(max_length=400, default="", blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    rows = models.BigIntegerField(default=0)
    files = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0)  # bytes

    class Meta:
        indexes: ClassVar = [models.Index(fields=["what", "ok", "-ended_at"], name="keptrun_last")]


class Announcement(Reference):
    """
    Words above the content of every page for some days (公告). Only `upkeep.services` writes it; it is withdrawn,
    never removed.
    """

    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300, default="", blank=True)
    shown_from = models.DateTimeField()
    shown_until = models.DateTimeField()
    written_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["shown_until"], name="announcement_until")]
        constraints: ClassVar = [
            models.CheckConstraint(name="announcement_ends", condition=Q(shown_until__gt=F("shown_from"))),
        ]


class PlannedStop(Reference):
    """
    A time in which the site can't be used, or can be read only (停机维护). Told above every page from `told_from` on.

    It touches no clock: legal days run on, what was filed stays filed.
    """

    class Scope(models.TextChoices):
        ALL = "all", "整个网站不能用"
        WRITING = "writing", "能查看，不能提交"

    scope = models.CharField(max_length=8, choices=Scope)
    reason = models.CharField(max_length=100)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    told_from = models.DateTimeField()
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # ended early, or called off before it began

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="plannedstop_ends")]
        constraints: ClassVar = [
            models.CheckConstraint(name="plannedstop_ends_later", condition=Q(ends_at__gt=F("begins_at"))),
        ]

"""Laws, their versions and articles. What the source does not say stays empty."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from mingqu.kernel.models import Reference

CHANGES = {
    "repealed": "废止",
    "restored": "更正：没有废止",
    "new_version": "有了新版本",
    "in_force": "补记施行日期",
}


class Law(Reference):
    """
    One law, regulation or rule as a work, whatever its versions. Only `law.services` writes it.

    `key` is the one form of its names (`rules.key_of`). `signs` are the pairs of signs of the name, for search.
    """

    slug = models.CharField(max_length=80, unique=True)
    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)  # as usually said: 行政许可法
    full_name = models.CharField(max_length=220)  # 中华人民共和国行政许可法
    kind = models.CharField(max_length=16)  # code list law_kind
    signs = ArrayField(models.IntegerField(), default=list)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "key"], name="law_kind_key"),
            GinIndex(fields=["signs"], name="law_signs"),
        ]

    def __str__(self) -> str:
        return self.name


class Counting(models.Manager["LawVersion"]):
    """Versions that count: not those whose full text has come since."""

    def get_queryset(self) -> models.QuerySet["LawVersion"]:
        return super().get_queryset().filter(retired=False)


class LawVersion(Reference):
    """
    One text of a law. `label` addresses it on pages: the day it was decided, or "undated".

    Days are None where the source does not state them; `since_from` says where `since` comes from. `repealed`: the
    source marks it as no longer in force on `as_of`; `until`: first day no longer in force. A version recorded before
    its text has come is not `complete`: it has no articles, or points (要点): what articles say in the words of
    whoever made the collection. Articles are never changed, so such a version is `retired` when its text comes.
    """

    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="versions")
    label = models.CharField(max_length=16)
    decided_on = models.DateField(null=True)
    since = models.DateField(null=True)
    since_from = models.CharField(max_length=12, default="")  # index, header, text, staff
    repealed = models.BooleanField(default=False)
    until = models.DateField(null=True)
    as_of = models.DateField()
    history = models.JSONField(default=list)  # lines of the source: what happened when
    digest = models.CharField(max_length=64, default="")  # of the text as read
    files = models.JSONField(default=list)  # names within the folder it was read from
    complete = models.BooleanField(default=True)
    retired = models.BooleanField(default=False)

    objects = Counting()
    everything = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["law", "label"], name="law_version_once")]

    def __str__(self) -> str:
        return self.label


class Article(Reference):
    """
    One article of one version; never changed. Number 0 with a running suffix: text that is in no article (序言, 附件).
    `grams`: pairs of neighbouring signs, for search.
    """

    append_only = True

    version = models.ForeignKey(LawVersion, on_delete=models.PROTECT, related_name="articles")
    position = models.IntegerField()
    number = models.IntegerField()
    suffix = models.SmallIntegerField(default=0)
    heading = models.CharField(max_length=200, default="")
    text = models.TextField()
    grams = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "number", "suffix"], name="law_article_once"),
        ]
        indexes = [
            models.Index(fields=["version", "position"], name="law_article_position"),
            GinIndex(fields=["grams"], name="law_article_grams"),
        ]


class AwaitedChange(Reference):
    """
    What one officer recorded about a law, without effect until another confirms it; at most one of a law waits. It ends
    confirmed (then there is a LawChange), or declined with a reason, by anybody of them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待确认"
        CONFIRMED = "confirmed", "已确认"
        DECLINED = "declined", "没有确认"

    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="awaited")
    kind = models.CharField(max_length=12)  # law.types.ChangeKind
    on = models.DateField()
    decided_on = models.DateField(null=True)  # of the version meant; NULL: the newest
    reason = models.CharField(max_length=300)
    paper = models.CharField(max_length=200)
    by_id = models.UUIDField()
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    closed_by_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["law"], condition=models.Q(state="waiting"), name="law_one_change_waits"
            ),
            models.CheckConstraint(
                name="law_change_confirmed_by_another",
                condition=~models.Q(state="confirmed") | ~models.Q(closed_by_id=models.F("by_id")),
            ),
        ]

    @property
    def kind_words(self) -> str:
        return CHANGES[self.kind]


class LawChange(Reference):
    """
    What became of a law after the source's day: from when, why, on what paper; recorded by one officer, confirmed by
    another. Never changed.
    """

    append_only = True

    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="changes")
    version = models.ForeignKey(LawVersion, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=12)  # law.types.ChangeKind
    on = models.DateField()
    reason = models.CharField(max_length=300)
    paper = models.CharField(max_length=200)  # 文号 or where it was made public
    by_id = models.UUIDField()
    confirmed_by_id = models.UUIDField(null=True)  # NULL: from before two were asked for
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["law", "-at"], name="law_change_recent")]

    @property
    def kind_words(self) -> str:
        return CHANGES[self.kind]

"""Ratings and their counts."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import RootRow
from mingqu.kernel.training import OfRegion


class Rating(OfRegion, RootRow):
    """
    What the applicant said about one case (好差评); its root is the case. Never changed.

    Who rated is not kept here: officers read these rows. `item_code`, department, region and type are the
    case's, so that the access rule can filter.
    """

    append_only = True

    class Channel(models.TextChoices):
        ONLINE = "online", "网上"

    channel = models.CharField(max_length=12, choices=Channel, default=Channel.ONLINE)
    item_code = models.CharField(max_length=64)
    department_id = models.UUIDField()
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    level = models.SmallIntegerField()  # kernel's list rating_level: 5 非常满意 … 1 非常不满意
    reasons = models.JSONField(default=list)  # codes of indicators.yaml
    text = EncryptedTextField(grade="L3", default="")
    indicator_version = models.CharField(max_length=20)
    rated_at = models.DateTimeField()
    rated_on = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["department_id", "-id"], name="rating_of_department")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root_id", "channel"], name="rating_once"),
            models.CheckConstraint(name="rating_level_known", condition=Q(level__range=(1, 5))),
        ]


class RatingCount(models.Model):
    """
    How many ratings of a level an item of a department got on a day. Kept by the receiver of `evaluation.rated`;
    public figures are sums of these rows, never a scan of ratings.
    """

    department_id = models.UUIDField()
    item_code = models.CharField(max_length=64)
    day = models.DateField()
    level = models.SmallIntegerField()
    pk = models.CompositePrimaryKey("department_id", "item_code", "day", "level")
    count = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day"], name="ratingcount_day")]

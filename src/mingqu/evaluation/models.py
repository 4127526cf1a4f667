"""Ratings and their counts."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import Reference, RootRow, ShardRoot
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
        CODE = "code", "凭查询码"  # on the public site, without an account
        QR = "qr", "扫码"  # the square code on paper or at the window, with the query code
        KIOSK = "kiosk", "自助机"
        WINDOW = "window", "窗口评价器"
        SCREEN = "screen", "窗口屏幕"  # the level pressed by its key, where a window has no device

    class Contact(models.TextChoices):
        """What is rated, once each: a service contact, by whatever channel."""

        FILING = "filing", to_citizens("提交申请")
        RESULT = "result", to_citizens("办理结果")
        PICKUP = "pickup", to_citizens("窗口领取结果")

    channel = models.CharField(max_length=12, choices=Channel, default=Channel.ONLINE)
    contact = models.CharField(max_length=8, choices=Contact, default=Contact.RESULT, db_default="result")
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
            models.UniqueConstraint(fields=["root_id", "contact"], name="rating_once_a_contact"),
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


class FollowUp(OfRegion, ShardRoot):
    """
    What becomes of one bad rating (差评核实整改): 核实 → 整改 → 回访 → 公开, or taken out as 误评 or 恶意差评 by two
    officers.

    Every bad rating has one, opened as soon as it is given. The case, and with it the rater, is for the evaluation
    office alone; the organ that was rated sees what was said. Only `evaluation.services` writes it.
    """

    class State(models.TextChoices):
        VERIFYING = "verifying", "等待核实"
        RECTIFYING = "rectifying", "等待整改"
        CALLING = "calling", "等待回访"
        PUBLISHING = "publishing", "等待公开"
        PUBLISHED = "published", "已公开"
        EXCLUDED = "excluded", "不计入"

    class Finding(models.TextChoices):
        CONFIRMED = "confirmed", "属实"
        MISTAKEN = "mistaken", "误评"
        MALICIOUS = "malicious", "恶意差评"

    class Call(models.TextChoices):
        CONTENT = "content", "满意整改"
        NOT_CONTENT = "not_content", "不满意整改"
        NOT_REACHED = "not_reached", "没有联系上"

    number = models.CharField(max_length=22)
    state = models.CharField(max_length=12, choices=State, default=State.VERIFYING)
    case_id = models.UUIDField()
    channel = models.CharField(max_length=12)
    contact = models.CharField(max_length=8, default="result", db_default="result")
    item_code = models.CharField(max_length=64)
    department_id = models.UUIDField()
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    level = models.SmallIntegerField()
    rated_on = models.DateField()
    due_on = models.DateField()  # of the step it waits for
    late = models.BooleanField(default=False)  # a step was done after its day
    finding = models.CharField(max_length=10, choices=Finding, default="", blank=True)
    finding_text = EncryptedTextField(grade="L3", default="")
    verified_on = models.DateField(null=True)
    verified_by = models.UUIDField(null=True)  # who verified: another person reviews
    answer = EncryptedTextField(grade="L3", default="")  # what the organ put right
    rectified_on = models.DateField(null=True)
    rounds = models.SmallIntegerField(default=0)  # of putting right
    call = models.CharField(max_length=12, choices=Call, default="", blank=True)
    call_text = EncryptedTextField(grade="L3", default="")
    calls = models.SmallIntegerField(default=0)
    called_on = models.DateField(null=True)
    public_text = models.CharField(max_length=500, default="", blank=True)
    published_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["department_id", "due_on", "id"],
                name="followup_open",
                condition=~Q(state__in=("published", "excluded")),
            ),
            models.Index(
                fields=["department_id", "-rated_on", "-id"],
                name="followup_done",
                condition=Q(state__in=("published", "excluded")),
            ),
            models.Index(fields=["rated_on"], name="followup_rated"),
            models.Index(fields=["case_id"], name="followup_case"),
        ]

    def __str__(self) -> str:
        return self.number


class Review(OfRegion, RootRow):
    """
    复核申请: somebody says that a bad rating should not count. Who gave it pressed the wrong level (误评), or the rated
    organ has reasons and evidence (误评, 恶意差评); each side once. Until another person agrees, the rating counts.

    Its root is the follow-up. Of the rater nothing is kept here. Only `evaluation.services` writes it.
    """

    class Side(models.TextChoices):
        RATER = "rater", "评价人"
        ORGAN = "organ", "被评部门"

    class Answer(models.TextChoices):
        WAITING = "waiting", "等待复核"
        ACCEPTED = "accepted", "采纳，不再计入"
        REFUSED = "refused", "没有采纳，照样计入"

    side = models.CharField(max_length=6, choices=Side)
    ground = models.CharField(max_length=10, choices=FollowUp.Finding)
    text = EncryptedTextField(grade="L3", default="")
    evidence = EncryptedTextField(grade="L3", default="")
    department_id = models.UUIDField()
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    asked_on = models.DateField()
    asked_by = models.UUIDField(null=True)  # the officer of the organ; never the rater
    due_on = models.DateField()
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.WAITING)
    answer_text = EncryptedTextField(grade="L3", default="")
    answered_on = models.DateField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root_id", "side"], name="review_once_a_side"),
            models.CheckConstraint(
                name="review_excludes", condition=Q(ground="mistaken") | Q(ground="malicious", side="organ")
            ),
            models.CheckConstraint(
                name="review_answer_has_day",
                condition=Q(answer="waiting", answered_on=None)
                | (~Q(answer="waiting") & Q(answered_on__isnull=False)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["department_id", "due_on"], name="review_waiting", condition=Q(answer="waiting")
            ),
        ]


class FollowUpNumber(models.Model):
    """The directory 差评编号 → follow-up."""

    append_only = True
    directory = True

    number = models.CharField(max_length=22, primary_key=True)
    follow_up_id = models.UUIDField(unique=True)


class Limits(Reference):
    """
    The working days of the loop of bad ratings from a day on; of several for one day the latest counts. Without any:
    `following.yaml`. Never changed: what was in force when stays readable. Only `evaluation.services` writes it.
    """

    append_only = True

    from_on = models.DateField()
    days = models.JSONField()  # by the names of following.yaml
    reason = models.CharField(max_length=200)
    set_by = models.UUIDField()
    set_post = models.UUIDField(null=True)
    set_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-from_on", "-id"], name="limits_from")]

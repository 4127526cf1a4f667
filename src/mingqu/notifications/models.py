from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import Reference, RootRow, ShardRoot


class InboxMessage(models.Model):
    """
    One message to one person about one fact (消息). What was said stays as it was said: the template's
    version is kept, its later changes do not touch it.

    Partitioned by month of `created_at`, the instant of the fact. Only `notifications.services` writes.
    """

    partitioned_by = "created_at"

    person_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    created_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("person_id", "id", "created_at")
    about_id = models.UUIDField()  # the case or certificate it is about; another aggregate
    kind = models.CharField(max_length=48)
    template_version = models.CharField(max_length=16)
    title = EncryptedTextField(grade="L3")
    body = EncryptedTextField(grade="L3")
    link = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "-created_at", "-id"], name="inbox_latest"),
            models.Index(fields=["person_id"], condition=models.Q(read_at=None), name="inbox_unread"),
        ]


class ToldFact(models.Model):
    """
    That a person was told a fact, so that nobody is told twice.

    Beside the messages, because a unique key of a partitioned table would have to hold the instant too.
    """

    person_id = models.UUIDField()
    kind = models.CharField(max_length=48)
    fact = models.CharField(max_length=80)
    pk = models.CompositePrimaryKey("person_id", "kind", "fact")


class Choices(ShardRoot):
    """
    How a person (whose id it has) wants to be told besides the inbox; without a row: a text message, no link, quiet
    from 22 to 7.

    `email` counts once its owner has typed the code that was sent there.
    """

    sms = models.BooleanField(default=True)
    by_email = models.BooleanField(default=False)
    links = models.BooleanField(default=False)
    email = EncryptedTextField(grade="L3", default="")
    email_proved_at = models.DateTimeField(null=True)
    email_asked = EncryptedTextField(grade="L3", default="")  # the address that waits for its code
    email_code = EncryptedTextField(grade="L3", default="")
    email_code_until = models.DateTimeField(null=True)
    quiet_from = models.TimeField(default=time(22))
    quiet_until = models.TimeField(default=time(7))
    changed_at = models.DateTimeField()


class ServiceRecord(RootRow):
    """
    送达: how a notice reached the one it is for, when it counts as served, with what proof. Of papers other than the
    decision, which has its row in the room of cases. Written once by the owner's command, never changed.

    `root_id` owns the paper: a case or a bundle. `served_on`: the day of signing (民事诉讼法 87), of leaving it behind
    (89), of reaching the agreed system (90), of the return slip (91), the last day of an announcement (95).
    """

    append_only = True

    class Way(models.TextChoices):
        ELECTRONIC = "electronic", _("电子送达")
        WINDOW = "window", _("窗口直接送达")
        HANDED = "handed", _("上门直接送达")
        LEFT = "left", _("留置送达")
        POST = "post", _("邮寄送达")
        ANNOUNCED = "announced", _("公告送达")

    paper_id = models.UUIDField()
    paper = models.CharField(max_length=32)  # kind of the document
    way = models.CharField(max_length=12, choices=Way)
    address = EncryptedTextField(grade="L3", default="")
    receiver = EncryptedTextField(grade="L3", default="")
    receiver_relation = models.CharField(max_length=20, default="", blank=True)
    receiver_document = EncryptedTextField(grade="L3", default="")
    refused_because = EncryptedTextField(grade="L3", default="")
    proof = EncryptedTextField(grade="L3", default="")
    signature_id = models.UUIDField(null=True)
    served_on = models.DateField()
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["root_id", "paper_id"], name="served_once")]


class Outgoing(models.Model):
    """
    A message on its way out of the house: a text message or a letter by e-mail. Where its fact stands in an inbox,
    `message_id` names that message. Written by `services.sending` alone; what each attempt came to is an Attempt.

    `try_at`: when it is to be sent; while it is being sent, until when the sender that took it may still answer.
    """

    partitioned_by = "created_at"

    class State(models.TextChoices):
        QUEUED = "queued", _("等待发送")
        SENDING = "sending", _("正在发送")
        SENT = "sent", _("已发出")
        DELIVERED = "delivered", _("已送到")
        FAILED = "failed", _("没有送到")
        UNKNOWN = "unknown", _("不知道送到没有")
        EXPIRED = "expired", _("过时没有发")
        READ = "read", _("已在站内看过，没有再发")

    class Medium(models.TextChoices):
        SMS = "sms", _("短信")
        EMAIL = "email", _("电子邮件")

    id = models.UUIDField(default=new_id)
    created_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("id", "created_at")
    person_id = models.UUIDField(null=True)  # none: a code, or a message of another department's program
    service_id = models.UUIDField(null=True)  # whose program it came from
    template_id = models.UUIDField(null=True)  # of that service
    reference = models.CharField(max_length=200, default="", blank=True)  # the program's own word for it
    message_id = models.UUIDField(null=True)
    about_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=48)
    template_version = models.CharField(max_length=16)
    medium = models.CharField(max_length=8, choices=Medium)
    to = EncryptedTextField(grade="L3")
    subject = EncryptedTextField(grade="L3", default="")
    text = EncryptedTextField(grade="L3")
    segments = models.SmallIntegerField()
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    try_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    channel = models.CharField(max_length=40, default="", blank=True)
    provider_reference = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=60, default="", blank=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # told by the provider, or given up

    class Meta:
        indexes = [
            models.Index(
                fields=["try_at"], condition=models.Q(state__in=["queued", "sending"]), name="outgoing_due"
            ),
            models.Index(fields=["about_id", "created_at"], name="outgoing_about"),
            models.Index(fields=["message_id"], name="outgoing_message"),
            models.Index(
                fields=["service_id", "-id"],
                condition=models.Q(service_id__isnull=False),
                name="outgoing_of_service",
            ),
            models.Index(
                fields=["provider_reference"],
                condition=~models.Q(provider_reference=""),
                name="outgoing_theirs",
            ),
        ]


class Attempt(models.Model):
    """One handing over of an outgoing message to a channel, and what is known of it."""

    append_only = True

    outgoing_id = models.UUIDField()
    number = models.SmallIntegerField()
    pk = models.CompositePrimaryKey("outgoing_id", "number")
    at = models.DateTimeField()
    channel = models.CharField(max_length=40)
    outcome = models.CharField(max_length=8)
    reason = models.CharField(max_length=60, default="", blank=True)
    milliseconds = models.IntegerField()


class ChannelState(Reference):
    """How a channel has been doing: after several failures or slow answers it rests, and another is asked."""

    name = models.CharField(max_length=40, unique=True)
    failures = models.SmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    last_reason = models.CharField(max_length=60, default="", blank=True)
    last_failed_at = models.DateTimeField(null=True)


class SentOnDay(Reference):
    """How much was sent on a day, for the quota and the page of health."""

    day = models.DateField()
    medium = models.CharField(max_length=8)
    messages = models.IntegerField(default=0)
    segments = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "medium"], name="sent_on_day_once")]


class DoubleSms(ShardRoot):
    """A text message or letter kept by the local double instead of being sent. Exists in demo installations only."""

    medium = models.CharField(max_length=8, default="sms")
    subject = EncryptedTextField(grade="L3", default="")
    phone = EncryptedTextField(grade="L3")  # or the address of the letter
    text = EncryptedTextField(grade="L3")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="double_sms_latest")]


from mingqu.notifications.models_notify import (  # noqa: E402, F401  at the end: as the kernel does it
    NotifyKey,
    NotifyService,
    NotifyTemplate,
)
from mingqu.notifications.models_unserved import ClosedPaper, UnservedPaper  # noqa: E402, F401

from django.db import models

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot


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


class DoubleSms(ShardRoot):
    """A text message kept by the local double instead of being sent. Exists in demo installations only."""

    phone = EncryptedTextField(grade="L3")
    text = EncryptedTextField(grade="L3")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="double_sms_latest")]

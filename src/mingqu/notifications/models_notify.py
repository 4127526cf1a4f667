"""Programs of other departments that send messages through us, in the shape of GOV.UK Notify."""

from django.db import models

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import Reference


class NotifyService(Reference):
    """A department's program. What it sends carries this installation's signature, so its name stands in the ledger."""

    name = models.CharField(max_length=80, unique=True)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()


class NotifyKey(Reference):
    """A key by which a program signs; shown once, kept encrypted because signatures (HS256) need it in the clear."""

    secret_columns = ("secret",)

    service = models.ForeignKey(NotifyService, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=40)
    secret = EncryptedTextField(grade="L3")
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class NotifyTemplate(Reference):
    """One version of a template of a service; changing it makes the next. ((names)) are filled in by the program."""

    append_only = True

    class Kind(models.TextChoices):
        SMS = "sms", "短信"
        EMAIL = "email", "电子邮件"

    template_id = models.UUIDField()
    version = models.IntegerField()
    service = models.ForeignKey(NotifyService, on_delete=models.PROTECT, related_name="templates")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True, default="")
    body = models.TextField(max_length=2000)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template_id", "version"], name="template_version_once")
        ]

"""Photographs sent from an applicant's phone to the desk she stands at."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot


class PhoneSlot(ShardRoot):
    """
    A way in for one material of one draft, for some minutes: six digits, or the link behind a square code.

    Who has it can send pictures and nothing else; what was sent is read at the desk only, and goes into the draft when
    the clerk takes it. `token` opens the page, `code` leads to it; both are looked up by their blind index.
    """

    draft_id = models.UUIDField()
    material_code = models.CharField(max_length=40)
    material_name = models.CharField(max_length=200)
    item_name = models.CharField(max_length=402)
    code = EncryptedTextField(grade="L3")
    code_index = models.BinaryField(max_length=32)
    token = EncryptedTextField(grade="L3")
    token_index = models.BinaryField(max_length=32)
    post_id = models.UUIDField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["code_index", "expires_at"], name="phone_slot_code"),
            models.Index(fields=["token_index"], name="phone_slot_token"),
            models.Index(fields=["draft_id", "material_code"], name="phone_slot_draft"),
        ]


class PhoneFile(models.Model):
    """One picture that came; kept under the slot until the clerk takes it into the draft."""

    class State(models.TextChoices):
        ARRIVED = "arrived", "等您收下"
        TAKEN = "taken", "已收下"
        DISCARDED = "discarded", "不要"

    slot = models.ForeignKey(PhoneSlot, on_delete=models.CASCADE, related_name="files")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("slot_id", "id")
    file_id = models.UUIDField()
    name = EncryptedTextField(grade="L3")
    size = models.IntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.ARRIVED)
    arrived_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["slot", "id"], name="phone_file_waits", condition=Q(state="arrived")),
        ]

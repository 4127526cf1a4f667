"""来件: what came from outside while a drawn flow waited for it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id


class Arrival(models.Model):
    """
    What an officer noted when a message came that the flow of a case waited for, or what another `system` brought that
    the drawing names; never changed.

    `node` is the element of the drawing that waited, `name` what it waits for in the words of the drawing. What may be
    personal stands in `text` and in the files alone. Only `cases.services.arriving` writes it.
    """

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="arrivals")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    node = models.CharField(max_length=128)
    name = models.CharField(max_length=200)
    came_on = models.DateField()
    text = EncryptedTextField(grade="L3")
    file_ids = ArrayField(models.UUIDField(), default=list)
    system = models.CharField(max_length=80, default="", db_default="", blank=True)
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    deputy_for = models.UUIDField(null=True)  # AB岗: in whose place the post was held
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="arrival_by_officer_or_system",
                condition=Q(system="", post_id__isnull=False, person_id__isnull=False)
                | (~Q(system="") & Q(post_id__isnull=True, person_id__isnull=True)),
            )
        ]

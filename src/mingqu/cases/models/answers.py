"""Answers of the application form that a correction notice asked for: as they were, and as they are now."""

from django.db import models

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.ids import new_id


class AskedAnswer(models.Model):
    """
    One field of the form that is to be corrected, for one notice; a second notice makes another row.

    `before` and `after` are {"value": …}: both answers are kept. `given`: the new one is typed and waits to be handed
    in with everything else that was asked for; only then it stands in the case.
    """

    class State(models.TextChoices):
        ASKED = "asked", "需补正"
        SUPPLEMENTED = "supplemented", "已补正"
        SHARED = (
            "shared",
            "随共用的申请表改",
        )  # another part of the bundle asked; of this case no notice was made

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="asked_answers")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    path = models.CharField(max_length=120)
    name = models.CharField(max_length=200)  # the question, as the form has it
    position = models.SmallIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    asked = EncryptedTextField(grade="L3")
    before = EncryptedJSONField(grade="L3", default=dict)
    after = EncryptedJSONField(grade="L3", default=dict)
    given = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    corrected_at = models.DateTimeField(null=True)

"""征求意见: questions to other organs from an open step."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id


class Consultation(models.Model):
    """
    What one post asked another organ's post in writing, from an open step, and what came of it.

    No clock of the case stops for it. `waits`: the step can't be settled before it is answered or called off.
    `silence_agrees`: the definition's step says so, with its article. Only `cases.services.consulting` writes it; the
    applicant never sees it.
    """

    class State(models.TextChoices):
        ASKED = "asked", "等答复"
        ANSWERED = "answered", "已答复"
        SILENT = "silent", "逾期没有答复，按规定视为同意"
        CALLED_OFF = "called_off", "已撤回"

    class Outcome(models.TextChoices):
        NONE = "", ""
        AGREED = "agreed", "同意"
        OBJECTED = "objected", "不同意"
        NOTED = "noted", "提供情况"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consultations")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    task_id = models.UUIDField()
    step = models.CharField(max_length=40)
    step_name = models.CharField(max_length=80)
    asked_by = models.UUIDField()
    asked_by_post = models.UUIDField()
    asked_at = models.DateTimeField()
    post = models.CharField(max_length=48)  # by code, as steps have it: a new holder sees it at once
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    question = EncryptedTextField(grade="L3")
    file_ids = ArrayField(models.UUIDField(), default=list)
    due_on = models.DateField()
    waits = models.BooleanField(default=False)
    silence_agrees = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.NONE, blank=True)
    answer = EncryptedTextField(grade="L3", default="")
    answer_file_ids = ArrayField(models.UUIDField(), default=list)
    answered_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    why_ended = EncryptedTextField(grade="L3", default="")  # why it was called off, if a person did
    reminded = models.BooleanField(default=False)
    overdue_told = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["post", "due_on", "id"], name="consultation_to_answer", condition=Q(state="asked")
            ),
            models.Index(fields=["due_on", "id"], name="consultation_due", condition=Q(state="asked")),
            models.Index(fields=["post", "-id"], name="consultation_of_post"),
            models.Index(fields=["asked_by_post", "-id"], name="consultation_of_asker"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "post"], name="consultation_asked_once", condition=Q(state="asked")
            ),
            models.CheckConstraint(
                name="consultation_ended_when_over",
                condition=Q(state="asked", ended_at=None) | ~Q(state="asked") & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="consultation_answered_says_what",
                condition=~Q(state="answered") | ~Q(outcome="") & Q(answered_by__isnull=False),
            ),
        ]

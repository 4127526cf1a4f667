"""One date for the visits (现场核查) of several parts of a bundle: proposed, answered by each department, agreed on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.cases.models.bundles import Bundle
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id


class JointVisit(models.Model):
    """
    A date the lead proposes to the departments whose parts are still to be visited. It is agreed on when all of them
    agree; each case then gets a visit of its own on it, by its own officers.

    A later proposal replaces an earlier one, which stays on record. Only `cases.bundles.services` writes it.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "等各部门答复"
        AGREED = "agreed", "已约定"
        REPLACED = "replaced", "已改提别的时间"

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="joint_visits")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("bundle_id", "id")
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    planned_for = models.DateTimeField()
    place = EncryptedTextField(grade="L3", default="")
    note = EncryptedTextField(grade="L3", default="")  # what the applicant is asked to prepare
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bundle"], name="jointvisit_one_asked", condition=Q(state="proposed")
            ),
            models.CheckConstraint(
                name="jointvisit_agreed_at", condition=~Q(state="agreed") | Q(agreed_at__isnull=False)
            ),
        ]


class JointVisitAnswer(models.Model):
    """What the department of one part answers; the post of its visit step speaks for it."""

    class Answer(models.TextChoices):
        NONE = "", "还没有答复"
        AGREED = "agreed", "同意"
        DECLINED = "declined", "去不了"

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="joint_visit_answers")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("bundle_id", "id")
    joint_id = models.UUIDField()
    part = models.CharField(max_length=40)  # code
    post = models.CharField(max_length=48)  # code of the post of the visit step
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.NONE, blank=True)
    officer_ids = ArrayField(models.UUIDField(), default=list)  # who will come
    reason = EncryptedTextField(grade="L3", default="")  # why not
    answered_by = models.UUIDField(null=True)
    answered_post = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    ordered = models.BooleanField(default=False)  # the case was told to make its visit on the agreed date

    class Meta:
        indexes = [models.Index(fields=["post", "id"], name="jointvisit_unanswered", condition=Q(answer=""))]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "joint_id", "part"], name="jointvisit_part_once")
        ]

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
    # 联合踏勘: what all found together, closed once with the applicant's side; later only corrections.
    began_at = models.DateTimeField(null=True)  # the first finding
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.UUIDField(null=True)
    party_name = EncryptedTextField(grade="L3", default="")  # who was there for the applicant
    party_refused = models.BooleanField(default=False)
    party_reason = EncryptedTextField(grade="L3", default="")
    party_signature_id = models.UUIDField(null=True)

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
    dropped_at = models.DateTimeField(null=True)  # 减: the lead took it out, it visits by itself
    drop_reason = EncryptedTextField(grade="L3", default="")
    # The signature under the shared findings counts while they are as they were: `signed_digest` says which these were.
    signed_at = models.DateTimeField(null=True)
    signed_digest = models.CharField(max_length=64, default="", blank=True)
    signature_ids = models.JSONField(default=dict)  # person id → stored signature
    came = models.BooleanField(null=True)  # known when the record is closed

    class Meta:
        indexes = [models.Index(fields=["post", "id"], name="jointvisit_unanswered", condition=Q(answer=""))]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "joint_id", "part"], name="jointvisit_part_once")
        ]


class SharedFinding(models.Model):
    """
    One thing found together on a joint visit (联合踏勘): a fact, a measurement, a photo, or all three of one subject.

    Its words never change: who corrects it writes another in its place (`replaces`) with the reason, so that what a
    department read and used stays to be read. Only `cases.bundles.services` writes it.
    """

    class State(models.TextChoices):
        STANDS = "stands", "有效"
        CORRECTED = "corrected", "已更正"
        REMOVED = "removed", "已撤下"

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="shared_findings")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("bundle_id", "id")
    joint_id = models.UUIDField()
    part = models.CharField(max_length=40)  # code of the part whose officer wrote it
    subject = EncryptedTextField(grade="L3")  # what was looked at or measured
    text = EncryptedTextField(grade="L3", default="")
    amount = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    unit = models.CharField(max_length=16, default="", blank=True)
    file_id = models.UUIDField(null=True)  # the photo, kept with the bundle
    sha256 = models.CharField(max_length=64, default="", blank=True)
    taken_at = models.DateTimeField(null=True)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.STANDS)
    replaces = models.UUIDField(null=True)
    reason = EncryptedTextField(grade="L3", default="")  # why it was written in another's place
    removed_because = EncryptedTextField(grade="L3", default="")
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "replaces"],
                name="sharedfinding_one_correction",
                condition=Q(replaces__isnull=False),
            ),
            models.CheckConstraint(
                name="sharedfinding_ended", condition=Q(state="stands") | Q(ended_at__isnull=False)
            ),
        ]

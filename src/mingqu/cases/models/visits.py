"""Visits on the spot (现场核查)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.ids import new_id


class Visit(models.Model):
    """
    现场核查 as a task: a date, two officers, a checklist, photos, signatures (行政许可法 34: at least two staff).

    A visit that is moved is closed as `moved` and a new row made, so that the applicant sees every date told.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "已约定"
        MOVED = "moved", "已改期"
        DONE = "done", "已完成"
        VOID = "void", "已取消"

    class Outcome(models.TextChoices):
        NONE = "", ""
        MET = "met", "符合"
        NOT_MET = "not_met", "不符合"
        AGAIN = "again", "整改后复查"  # the step stays open; the clock of the case runs on

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="visits_made")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    task_id = models.UUIDField()
    step = models.CharField(max_length=40)
    step_name = models.CharField(max_length=80)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    planned_for = models.DateTimeField()
    place = EncryptedTextField(grade="L3", default="")
    note = EncryptedTextField(grade="L3", default="")  # what the officers ask the applicant to prepare
    officer_ids = ArrayField(models.UUIDField())  # persons: two or more accounts of the department
    checklist = models.CharField(max_length=40, default="", blank=True)
    planned_by = models.UUIDField()
    # 请求改期: what the applicant wished, and when she said so.
    wish_on = models.DateField(null=True)
    wish = EncryptedTextField(grade="L3", default="")
    wished_at = models.DateTimeField(null=True)
    # The record. `findings`: {"version": 1, "points": {code: [met|not_met|na, note]}}, kept point by point.
    findings = EncryptedJSONField(grade="L3", default=dict)
    saved_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.NONE, blank=True)
    again_by = models.DateField(null=True)
    text = EncryptedTextField(grade="L3", default="")
    party_name = EncryptedTextField(grade="L3", default="")  # who was there for the applicant
    party_refused = models.BooleanField(default=False)  # did not sign (拒签); the officers say why
    party_reason = EncryptedTextField(grade="L3", default="")
    party_signature_id = models.UUIDField(null=True)
    officer_signature_ids = models.JSONField(default=dict)  # person id → stored signature
    began_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    # 联合踏勘: which shared findings this record rests on; `adopted`: why they stand for a visit nobody made.
    joint_id = models.UUIDField(null=True)
    used_ids = ArrayField(models.UUIDField(), default=list)
    adopted = EncryptedTextField(grade="L3", default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["department", "planned_for", "id"], name="visit_planned", condition=Q(state="planned")
            ),
            GinIndex(fields=["officer_ids"], name="visit_officers", condition=Q(state="planned")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "task_id"], name="visit_one_planned", condition=Q(state="planned")
            ),
            models.CheckConstraint(
                name="visit_done_has_outcome",
                condition=~Q(state="done") | ~Q(outcome="") & Q(done_at__isnull=False),
            ),
        ]


class VisitPhoto(models.Model):
    """A photo taken on a visit; `removed` before the record was signed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="visit_photos")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    visit_id = models.UUIDField()
    file_id = models.UUIDField()
    caption = EncryptedTextField(grade="L3", default="")
    sha256 = models.CharField(max_length=64)  # of the file as kept: printed on the record
    taken_at = models.DateTimeField(null=True)  # what the camera says; None: it says nothing
    added_at = models.DateTimeField()
    removed = models.BooleanField(default=False)

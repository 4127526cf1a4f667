"""Visits on the spot (现场核查)."""

from django.db import models

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

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="visits_made")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    task_id = models.UUIDField()
    step = models.CharField(max_length=40)
    step_name = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    planned_for = models.DateTimeField()
    place = EncryptedTextField(grade="L3", default="")
    officers = (
        models.JSONField()
    )  # {"version": 1, "people": [person id, person id]}: two accounts of the house
    checklist = models.CharField(max_length=40, default="", blank=True)
    findings = EncryptedJSONField(grade="L3", default=dict)  # {"version": 1, "points": [[code, met, note]]}
    text = EncryptedTextField(grade="L3", default="")
    party_name = EncryptedTextField(grade="L3", default="")  # who was there for the applicant
    party_refused = models.BooleanField(default=False)  # would not sign; the officers say so
    party_signature_id = models.UUIDField(null=True)
    officer_signature_ids = models.JSONField(default=list)
    began_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    planned_by = models.UUIDField()


class VisitPhoto(models.Model):
    """A photo taken on a visit; `removed` before the record was signed."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="visit_photos")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    visit_id = models.UUIDField()
    file_id = models.UUIDField()
    caption = EncryptedTextField(grade="L3", default="")
    added_at = models.DateTimeField()
    removed = models.BooleanField(default=False)

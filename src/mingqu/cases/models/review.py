"""What officers found and decided."""

from django.db import models

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id


class Opinion(models.Model):
    """What an officer found in one step; never changed."""

    append_only = True

    class Finding(models.TextChoices):
        MET = "met", "符合"
        NOT_MET = "not_met", "不符合"
        RETURNED = "returned", "退回"  # 内部退回: back to an earlier step, with the reason
        UNDONE = "undone", "撤回"  # taken back by who gave it, before anybody went on with it

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="opinions")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    step = models.CharField(max_length=40)
    step_name = models.CharField(max_length=80)
    post_id = models.UUIDField()
    person_id = models.UUIDField()
    deputy_for = models.UUIDField(null=True)  # AB岗: in whose place the post was held
    second_officer = EncryptedTextField(grade="L3", default="")
    finding = models.CharField(max_length=8, choices=Finding)
    returned_to = models.CharField(max_length=40, default="", blank=True)  # the step that is done again
    task_id = models.UUIDField(null=True)  # the task it was given in; NULL in rows older than signatures
    advice = models.BooleanField(default=False, db_default=False)  # 委派: said for the post that is to answer
    points = models.JSONField(default=list)  # [material code, 审查要点, met, how]: nothing personal
    text = EncryptedTextField(grade="L3", default="")
    at = models.DateTimeField()


class Decision(models.Model):
    """The decision on acceptance or on the licence, with reasons and remedies; never changed."""

    append_only = True

    class Kind(models.TextChoices):
        NOT_ACCEPTED = "not_accepted", "不予受理"
        NOT_REQUIRED = "not_required", "不受理告知"
        GRANTED = "granted", "准予"
        REFUSED = "refused", "不予"
        DEEMED = "deemed", "视为准予延续"
        TERMINATED = "terminated", "终止"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    kind = models.CharField(max_length=12, choices=Kind)
    document_number = models.CharField(max_length=60)  # 文号
    ground = models.CharField(max_length=24, default="", blank=True)  # code of types.NON_ACCEPTANCE_GROUNDS
    competent_organ = models.CharField(
        max_length=120, default="", blank=True
    )  # 行政许可法 32(2): where to apply
    reasons = EncryptedTextField(grade="L3", default="")
    post_id = models.UUIDField(null=True)  # NULL: the law decided, by lapse of time (行政许可法 50)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["document_number"], name="decision_number")]

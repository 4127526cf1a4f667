"""How papers reached the applicant (送达)."""

from django.db import models

from mingqu.cases.models.case import Case
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id


class ServiceOfPaper(models.Model):
    """送达: how a paper reached the applicant, whom, when, with what proof; printed as 送达回证, never changed."""

    append_only = True

    class Way(models.TextChoices):
        ELECTRONIC = "electronic", "电子送达"
        WINDOW = "window", "窗口直接送达"
        HANDED = "handed", "上门直接送达"
        LEFT = "left", "留置送达"
        POST = "post", "邮寄送达"
        ANNOUNCED = "announced", "公告送达"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="services_of_paper")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    paper = models.CharField(max_length=24)  # document kind: decision_granted, decision_refused …
    way = models.CharField(max_length=12, choices=Way)
    address = EncryptedTextField(grade="L3", default="")
    receiver = EncryptedTextField(grade="L3", default="")
    receiver_relation = models.CharField(max_length=20, default="", blank=True)  # types.RELATIONS
    receiver_document = EncryptedTextField(
        grade="L3", default=""
    )  # of who is not the applicant: kind and number
    refused_because = EncryptedTextField(grade="L3", default="")  # 拒收事由, with 留置送达
    proof = EncryptedTextField(grade="L3", default="")  # as typed: who witnessed it, a number of a letter
    signature_id = models.UUIDField(null=True)
    served_on = models.DateField()
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    at = models.DateTimeField()


class DeliveryAddress(models.Model):
    """
    寄递: where the applicant asked to have the result sent; one a case, `said_id` another with each change, so that a
    parcel is never made with an address she changed a moment before.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="delivery_addresses")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("case_id", "id")
    said_id = models.UUIDField(default=new_id)
    receiver = EncryptedTextField(grade="L3")
    phone = EncryptedTextField(grade="L3")
    address = EncryptedTextField(grade="L3")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], name="delivery_address_once"),
        ]

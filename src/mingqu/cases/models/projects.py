"""Projects (投资、工程建设项目) and their stages."""

from uuid import UUID

from django.db import models

from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class Project(OfRegion, ShardRoot):
    """
    A project under which many cases hang, stage by stage. `national_code` (项目代码) is given by another platform;
    what it looks like is a setting.

    Only `cases.bundles.services` writes it.
    """

    class Status(models.TextChoices):
        OPEN = "open", "办理中"
        CLOSED = "closed", "已完成"

    number = models.CharField(max_length=24)
    national_code = models.CharField(max_length=60, default="", blank=True)
    name = EncryptedTextField(grade="L3", default="")  # who builds for themselves is often in it
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    owner_kind = models.CharField(max_length=8)  # person or firm
    owner_id = models.UUIDField()
    owner_name = EncryptedTextField(grade="L3", default="")
    handler_id = models.UUIDField()  # the person who acts for the owner
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    registered_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["handler_id", "-id"], name="project_handler"),
            models.Index(fields=["department", "-id"], name="project_department"),
        ]

    item_type = ""

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        return (self.handler_id, self.owner_id)


class ProjectStage(models.Model):
    """A stage of a project: a bundle of kind stage, asked for once or again."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="stages")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("project_id", "id")
    code = models.CharField(max_length=40)  # of the stage's definition
    name = models.CharField(max_length=200)
    position = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "code"], name="projectstage_code_once")]


class ProjectNumber(models.Model):
    """The directory: project number, and the national code where there is one, → project."""

    append_only = True
    directory = True

    number = models.CharField(max_length=60, primary_key=True)
    project_id = models.UUIDField()

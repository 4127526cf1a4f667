"""批量申报: many applications of one service from one spreadsheet, before they are cases."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from mingqu.identity.types import Theirs
from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class ManyFiling(OfRegion, ShardRoot):
    """
    One uploaded spreadsheet, with the files it names. Its rows are checked, looked at by who uploaded it, and handed in
    one by one; each becomes an ordinary case of its own.

    It is of who uploaded it, in the name she acted in then (`capacity_id`, None: her own), and of nobody else. Only
    `cases.many` writes it.
    """

    class State(models.TextChoices):
        CHECKING = "checking", to_citizens("正在检查")
        CHECKED = "checked", to_citizens("等您核对提交")
        FILING = "filing", to_citizens("正在提交")
        FILED = "filed", to_citizens("提交完了")
        DROPPED = "dropped", to_citizens("没有提交")

    THEIRS: ClassVar = Theirs(firm="firm_id", capacity="capacity_id", item="item_code")

    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    item_code = models.CharField(max_length=64)
    item_name = models.CharField(max_length=200)
    item_type = models.CharField(max_length=16)
    region_code = models.CharField(max_length=12)
    revision_id = models.UUIDField()  # the definition the table was made for
    form_digest = models.CharField(max_length=64)
    handling_code = models.CharField(max_length=20)
    handling_item = models.CharField(max_length=200)
    owner_id = models.UUIDField()  # whose drafts the rows become: the applicant
    agent_id = models.UUIDField()  # who uploaded it
    capacity_id = models.UUIDField(null=True)  # under which authority (identity.Capacity)
    firm_id = models.UUIDField(null=True)
    firm_name = EncryptedTextField(grade="L3", default="")
    file_name = EncryptedTextField(grade="L3")
    headers = models.JSONField(default=list)  # the column names of the table, in their order
    packed_id = models.UUIDField(null=True)  # documents.StoredFile: the zip with the files
    delivery = models.CharField(max_length=12, default="", blank=True)
    channel = models.CharField(max_length=12, default="online")
    uploaded_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    pressed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)  # what its rows held and its files are gone (decision 0034)
    total = models.IntegerField()
    done = models.IntegerField(default=0)  # rows checked, or handed in or refused, in the present state

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["owner_id", "-id"], name="many_of_owner"),
            models.Index(
                fields=["queued_at"], name="many_at_work", condition=Q(state__in=["checking", "filing"])
            ),
        ]

    @property
    def at_work(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.FILING)

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        """Whose it is, for the access rule."""
        return (self.owner_id,)


class ManyRow(models.Model):
    """
    One row of the table. `files`: material → [file id, name]; `findings`: [header of the column, sentence]; both, as
    the cells, may hold what is personal. `draft_id` is written before the row is handed in and is the id of its case,
    so that nothing can double it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", to_citizens("待检查")
        GOOD = "good", to_citizens("可以提交")
        WRONG = "wrong", to_citizens("要改正")
        FILED = "filed", to_citizens("已提交")
        REFUSED = "refused", to_citizens("没有交成")

    batch = models.ForeignKey(ManyFiling, on_delete=models.CASCADE, related_name="rows")
    line = models.IntegerField()  # as the spreadsheet counts
    pk = models.CompositePrimaryKey("batch_id", "line")
    cells = EncryptedJSONField(grade="L3")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    findings = EncryptedJSONField(grade="L3", default=list)
    files = EncryptedJSONField(grade="L3", default=dict)
    draft_id = models.UUIDField(null=True)
    number = models.CharField(max_length=20, default="", blank=True)
    tries = models.SmallIntegerField(default=0, db_default=0)  # failures nobody foresaw, one after another

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["batch", "state", "line"], name="many_rows_by_state"),
        ]

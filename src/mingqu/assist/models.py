"""办不成事反映: what people could not get done, who owns it, and what became of it."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import ShardRoot
from mingqu.kernel.training import OfRegion


class Stuck(OfRegion, ShardRoot):
    """
    What one person could not get done (反映). One organ owns it: that of the case or service it is about, or the window
    of last resort (兜底). Not satisfied, the person asks once again, and a supervisor answers.

    What was said is encrypted. Who has no account opens it with `code`. Only `assist.services` writes it.
    """

    class State(models.TextChoices):
        FILED = "filed", to_citizens("等待答复")
        GOING = "going", to_citizens("仍在办理中")  # its owner said what is being done and by when
        ANSWERED = "answered", to_citizens("已答复")
        AGAIN = "again", to_citizens("再次反映，等待上级答复")
        SETTLED = "settled", to_citizens("已解决")
        UNSETTLED = "unsettled", to_citizens("没有解决")

    class Channel(models.TextChoices):
        ONLINE = "online", "网上"
        CODE = "code", "凭查询码"
        WINDOW = "window", "窗口"

    number = models.CharField(max_length=22)
    code = EncryptedTextField(grade="L3", default="")
    state = models.CharField(max_length=10, choices=State, default=State.FILED)
    channel = models.CharField(max_length=8, choices=Channel)
    party_id = models.UUIDField(null=True)  # who says it; NULL: without an account
    contact = EncryptedTextField(grade="L3", default="")
    author = EncryptedTextField(grade="L3", default="")  # the name somebody gave at the window
    case_id = models.UUIDField(null=True)
    case_number = models.CharField(max_length=20, default="", blank=True)
    item_code = models.CharField(max_length=64, default="", blank=True)
    item_type = models.CharField(max_length=16, default="", blank=True)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    caught = models.BooleanField(default=False)  # by the window of last resort
    text = EncryptedTextField(grade="L3")
    round = models.SmallIntegerField(default=1)
    filed_at = models.DateTimeField()
    filed_on = models.DateField()
    due_on = models.DateField()  # of the present round
    in_time = models.BooleanField(null=True)  # whether the first answer came by its day
    put_off = models.BooleanField(default=False, db_default=False)  # 仍在办理中 was said in the present round
    solved = models.BooleanField(default=False)  # what the last answer says came of it
    overdue_on = models.DateField(null=True)  # the day it was told up, of the present round
    said_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["party_id", "-id"], name="stuck_party", condition=Q(party_id__isnull=False)),
            models.Index(
                fields=["department", "due_on", "id"],
                name="stuck_open",
                condition=Q(state__in=["filed", "again", "going"]),
            ),
            models.Index(fields=["filed_on", "department"], name="stuck_of_year"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        """Whose it is, for the access rule."""
        return (self.party_id,) if self.party_id else ()

    @property
    def waits(self) -> bool:
        return self.state in (self.State.FILED, self.State.AGAIN, self.State.GOING)


class StuckAnswer(models.Model):
    """What the owner answered in one round, once or, with `until_on`, that it goes on until then; never changed."""

    append_only = True

    stuck = models.ForeignKey(Stuck, on_delete=models.CASCADE, related_name="answers")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("stuck_id", "id")
    round = models.SmallIntegerField()
    solved = models.BooleanField()
    until_on = models.DateField(null=True)  # 仍在办理中: by when it is answered again
    text = EncryptedTextField(grade="L3")
    answered_at = models.DateTimeField()
    post_id = models.UUIDField(null=True)


class StuckNumber(models.Model):
    """The directory: number → matter."""

    append_only = True
    directory = True

    number = models.CharField(max_length=22, primary_key=True)
    stuck_id = models.UUIDField(unique=True)

"""责任事项: what the law obliges an organ to do by a day, and what was done."""

from django.db import models

from mingqu.kernel.models import Reference
from mingqu.kernel.training import OfRegion


class Duty(OfRegion, Reference):
    """
    One duty (责任事项) of an organ: what, on which article, by which day, and how often it comes again.

    The text column `ListEntry.duties` says what the list says; this is looked at day by day. `every_months` 0: once.
    `due_on` moves on by a period when it was done. Only `directory.services.duties` writes it.
    """

    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    entry_code = models.CharField(max_length=64, default="", blank=True)  # of the 权责清单 in force when kept
    name = models.CharField(max_length=200)
    law = models.CharField(max_length=120)
    article = models.IntegerField()
    every_months = models.SmallIntegerField(default=0)
    first_on = models.DateField()  # what comes again keeps its day of the month
    due_on = models.DateField()
    told_for = models.DateField(null=True)  # the last day that was missed and told of
    ended_on = models.DateField(null=True)  # done for good, or no duty any more
    ended_reason = models.CharField(max_length=200, default="", blank=True)
    kept_by = models.UUIDField()
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], name="duty_running", condition=models.Q(ended_on=None)),
        ]

    item_type = ""  # what the access rule looks at: a duty is of no type of items

    @property
    def how_often(self) -> str:
        return {0: "一次", 1: "每月", 3: "每季度", 6: "每半年", 12: "每年"}[self.every_months]


class DutyDone(Reference):
    """What was done for one last day of a duty, by whom; never changed."""

    append_only = True

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="done")
    due_on = models.DateField()
    done_on = models.DateField()
    text = models.CharField(max_length=300)
    post_id = models.UUIDField(null=True)
    person_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "due_on"], name="duty_done_once")]

    @property
    def late(self) -> bool:
        return self.done_on > self.due_on

"""Simulations as they were asked and what came of them; what a revision saved; cases brought to a new process."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.kernel.models import Reference, RootRow, ShardRoot
from mingqu.kernel.training import OfRegion


class SimulationRun(OfRegion, ShardRoot):
    """
    One question “what if”, its inputs and its answer; nobody's data.

    `asked` and `result` are `types.Asked` and `types.Result`, written and read through them only. The same
    `inputs_digest` gives the same `result_digest`. Department, region and type are the item's, so that the access rule
    can filter. Only `redesign.services` writes it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待计算"
        RUNNING = "running", "正在计算"
        DONE = "done", "已算完"
        FAILED = "failed", "没有算成"
        STOPPED = "stopped", "已停下"

    AT_WORK = (State.WAITING, State.RUNNING)

    title = models.CharField(max_length=80)
    item_code = models.CharField(max_length=64)
    item_name = models.CharField(max_length=200)
    department_id = models.UUIDField()
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    asked = models.JSONField()
    inputs_digest = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    result_digest = models.CharField(max_length=64, default="", blank=True)
    repeats = models.UUIDField(null=True)  # the run it does again
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    refusal = models.CharField(max_length=300, default="", blank=True)
    tries = models.SmallIntegerField(default=0, db_default=0)
    asked_by = models.UUIDField()
    asked_post = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["department_id", "-id"], name="simulation_organ"),
            models.Index(
                fields=["asked_by"], name="simulation_at_work", condition=Q(state__in=["waiting", "running"])
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def at_work(self) -> bool:
        return self.state in self.AT_WORK

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class Reengineered(OfRegion, Reference):
    """
    四减 of one 业务办理项 that has been revised: its first revision beside the one in force (ARC-08). A copy of what
    the definitions say, made anew when one is published and daily; only `redesign.services` writes it.
    """

    item_code = models.CharField(max_length=64)
    handling_code = models.CharField(max_length=20)
    item_name = models.CharField(max_length=200)
    handling_name = models.CharField(max_length=200)
    department_id = models.UUIDField()
    department_name = models.CharField(max_length=200)
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    first_number = models.IntegerField()
    current_number = models.IntegerField()
    steps_before = models.IntegerField()
    steps_after = models.IntegerField()
    materials_before = models.IntegerField()
    materials_after = models.IntegerField()
    own_before = models.IntegerField()
    own_after = models.IntegerField()
    promised_before = models.IntegerField(null=True)
    promised_after = models.IntegerField(null=True)
    statutory_before = models.IntegerField(null=True)
    statutory_after = models.IntegerField(null=True)
    promised_unit_before = models.CharField(
        max_length=16, default="", db_default=""
    )  # of measuring.DAYS, or ""
    promised_unit_after = models.CharField(max_length=16, default="", db_default="")
    statutory_unit_before = models.CharField(max_length=16, default="", db_default="")
    statutory_unit_after = models.CharField(max_length=16, default="", db_default="")
    visits_before = models.IntegerField()
    visits_after = models.IntegerField()
    asked_before = models.IntegerField()
    asked_after = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item_code", "handling_code"], name="reengineered_once"),
        ]


class PrerequisiteMap(Reference):
    """
    A graph of what has to be there before what (万里审批图, CAS-05): of the catalogue in force, or of a table that was
    brought in. `graph` is `prerequisites.Graph`, written and read through it only.
    """

    class Source(models.TextChoices):
        CATALOGUE = "catalogue", "现行事项"
        TABLE = "table", "导入的表格"

    source = models.CharField(max_length=9, choices=Source)
    title = models.CharField(max_length=80)
    graph = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["source", "-made_at"], name="prerequisitemap_source")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(source="catalogue"), name="prerequisitemap_one_catalogue"
            ),
        ]


class FlowMove(OfRegion, ShardRoot):
    """
    流程迁移: running cases of one 业务办理项 go over from the steps of one revision to those of another; planned by one
    person, looked at case by case, approved by another, done by a job, taken back while nobody has gone on.

    `steps`: old code -> new one, "" for one that is gone. Only `redesign.services.moving` writes it.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "正在核对"
        CHECKED = "checked", "等待批准"
        DECLINED = "declined", "已退回"
        MOVING = "moving", "正在迁移"
        DONE = "done", "已迁移"
        UNDOING = "undoing", "正在撤销"
        UNDONE = "undone", "已撤销"

    AT_WORK = (State.CHECKING, State.MOVING, State.UNDOING)
    UNSETTLED = (*AT_WORK, State.CHECKED)

    item_code = models.CharField(max_length=64)
    item_name = models.CharField(max_length=200)
    handling_code = models.CharField(max_length=20)
    handling_name = models.CharField(max_length=200)
    department_id = models.UUIDField()
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16)
    from_revision = models.UUIDField()
    from_number = models.IntegerField()
    to_revision = models.UUIDField()
    to_number = models.IntegerField()
    steps = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    answer = models.CharField(max_length=300, default="", blank=True)  # why it was declined
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    asked_by = models.UUIDField()
    asked_post = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["department_id", "-id"], name="flowmove_organ")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item_code", "handling_code"],
                condition=Q(state__in=["checking", "checked", "moving", "undoing"]),
                name="flowmove_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.item_name

    @property
    def at_work(self) -> bool:
        return self.state in self.AT_WORK

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class FlowMoveCase(RootRow):
    """One case of a 流程迁移: where it stands, where it would go, what became of it."""

    class State(models.TextChoices):
        MAY = "may", "可以迁移"
        CANT = "cant", "不迁移"
        MOVED = "moved", "已迁移"
        LEFT = "left", "没有迁移"
        BACK = "back", "已撤销"
        STAYED = "stayed", "不能撤销"

    case_id = models.UUIDField()
    number = models.CharField(max_length=20)
    now = ArrayField(models.CharField(max_length=200), default=list)
    then = ArrayField(models.CharField(max_length=200), default=list)
    state = models.CharField(max_length=8, choices=State, default=State.MAY)
    reason = models.CharField(max_length=400, default="", blank=True)
    notes = ArrayField(
        models.CharField(max_length=300), default=list, db_default=[]
    )  # of what runs and waits
    seq = models.IntegerField(null=True)  # the engine's event, to take it back by

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root_id", "case_id"], name="flowmovecase_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["root_id", "state", "number"], name="flowmovecase_state")]

"""How departments change: another name, another place in the tree, an end (机构改革)."""

from django.db import models
from django.db.models import Q

from mingqu.kernel.models import Reference


class DepartmentChange(Reference):
    """
    One change of a department (机构变更): asked for by one officer, agreed to by another, in force from the morning of
    `from_on`, and never before it was carried out: then `asked_on` keeps the day that was asked for. What was made
    before keeps the name of its day (`organ_names`). Who agreed stays, also where another dropped it afterwards.

    Only `identity.services.organ_changes` writes it; it is never deleted.
    """

    class Kind(models.TextChoices):
        RENAMED = "rename", "改名"
        MOVED = "move", "改隶（换上级）"
        CLOSED = "close", "撤销"

    class State(models.TextChoices):
        ASKED = "asked", "等待复核"
        AGREED = "agreed", "已同意，到日子生效"
        DONE = "done", "已生效"
        DROPPED = "dropped", "已作废"

    OPEN = (State.ASKED, State.AGREED)

    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    from_on = models.DateField()  # the first day on which it is so
    asked_on = models.DateField(null=True)  # the day asked for, where it came into force later
    basis = models.CharField(max_length=120)  # 依据: the document that orders it
    name_before = models.CharField(max_length=120)
    name_after = models.CharField(max_length=120, default="", blank=True)
    parent_before = models.ForeignKey(
        "identity.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    parent_after = models.ForeignKey(
        "identity.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    successor = models.ForeignKey(
        "identity.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    carries_posts = models.BooleanField(default=False, db_default=False)  # 岗位划转: an end with its posts
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["department", "from_on"], name="department_change_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["department"],
                condition=Q(state__in=["asked", "agreed"]),
                name="department_change_open_once",
            ),
            models.CheckConstraint(
                name="department_change_done",
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="department_change_dropped",
                condition=Q(state="dropped", dropped_at__isnull=False, dropped_by__isnull=False)
                | (~Q(state="dropped") & Q(dropped_at__isnull=True, dropped_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="department_change_carries",
                condition=Q(carries_posts=False) | Q(kind="close", successor__isnull=False),
            ),
        ]


class PostMove(Reference):
    """
    岗位划转: that a post came to another department on a day, with the change that ended its own. Never changed: what
    was done at the post before that day keeps the name its department had then (`organ_names`).
    """

    append_only = True

    post = models.ForeignKey("identity.Post", on_delete=models.PROTECT, related_name="moves")
    change = models.ForeignKey(DepartmentChange, on_delete=models.PROTECT, related_name="moves")
    department_before = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    name_before = models.CharField(max_length=120)
    from_on = models.DateField()  # the first day at the other department

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "change"], name="post_moves_once_a_change")]

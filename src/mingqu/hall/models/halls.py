"""Halls, their times and places, appointments, and the numbers of a day."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mingqu.identity.types import Theirs
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import Reference, ShardRoot
from mingqu.kernel.training import OfRegion


class Hall(OfRegion, Reference):
    """A service hall (政务服务大厅). Only `hall.services` writes it and what belongs to it."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200)
    hours = models.CharField(
        max_length=120, default="", blank=True
    )  # as people are told; not what slots follow
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)

    item_type = ""  # windows take in items of every type

    def __str__(self) -> str:
        return self.name


class QueueLine(Reference):
    """What a number is taken for (业务类别): its letter, planned minutes a person, and its items (none: all)."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="lines")
    letter = models.CharField(max_length=1)
    name = models.CharField(max_length=60)
    minutes = models.SmallIntegerField()
    item_codes = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("hall", "letter", name="line_letter_once")]

    def __str__(self) -> str:
        return self.name


class Window(Reference):
    """A window of a hall, and the lines it serves."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="windows")
    number = models.SmallIntegerField()
    name = models.CharField(max_length=40)
    line_ids = ArrayField(models.UUIDField())
    in_use = models.BooleanField(default=True)  # one that is not calls nobody

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("hall", "number", name="window_number_once")]

    def __str__(self) -> str:
        return self.name


class Terminal(Reference):
    """A browser of the hall on which people take numbers (取号机), until it is ended. Its cookie holds its id."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="terminals")
    name = models.CharField(max_length=40)
    registered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class OpeningRule(Reference):
    """
    When a line takes appointments from a day on, until a later rule's first day: on working days, or on Saturdays that
    are neither working days nor within a holiday.
    """

    line = models.ForeignKey(QueueLine, on_delete=models.PROTECT, related_name="rules")
    since = models.DateField()
    begins = models.TimeField()
    ends = models.TimeField()
    minutes = models.SmallIntegerField()
    places = models.SmallIntegerField()
    saturday = models.BooleanField(default=False)


class ClosedDay(Reference):
    """A working day on which a hall does not work, and why."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="closed_days")
    day = models.DateField()
    reason = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("hall", "day", name="hall_closed_once")]


class Slot(OfRegion, ShardRoot):
    """
    A time of one line on one day (预约时段). Its places are rows: each has one holder or none.

    Its id follows from line and time, so that making the slots of a day twice makes them once.
    """

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(QueueLine, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["line", "begins_at"], name="slot_line"),
            models.Index(fields=["hall", "day"], name="slot_hall_day"),
        ]


class SlotPlace(models.Model):
    """
    One place: free, held until `held_until`, or booked (no end). A row has one holder: two people can't have one place.
    """

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="places")
    number = models.SmallIntegerField()
    pk = models.CompositePrimaryKey("slot_id", "number")
    booking_id = models.UUIDField(null=True)
    party_id = models.UUIDField(null=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="place_holder_whole",
                condition=Q(booking_id=None, party_id=None, held_until=None)
                | Q(booking_id__isnull=False, party_id__isnull=False),
            ),
        ]


class Booker(ShardRoot):
    """
    A person as one who books; its id is the person's. The row is locked by what is limited per person, and remembers
    the one hold a person may have.
    """

    hold_id = models.UUIDField(null=True)
    held_slot_id = models.UUIDField(null=True)

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        return (self.pk,)


class Booking(OfRegion, ShardRoot):
    """
    An appointment (预约). Name and telephone of who comes are encrypted. Only `hall.services` writes it.
    """

    class State(models.TextChoices):
        BOOKED = "booked", _("已预约")
        CHECKED_IN = "checked_in", _("已取号")
        CANCELLED = "cancelled", _("已取消")
        MISSED = "missed", _("没有来")

    # For the rule of access: a person's, or booked in a firm's name; which item it is for, where it is for one.
    THEIRS: ClassVar = Theirs(firm="firm_id", capacity="capacity_id", item="item_code")

    number = models.CharField(max_length=22)
    party_id = models.UUIDField()  # who booked, also for a firm: who comes counts against her own limits
    firm_id = models.UUIDField(null=True)  # in whose name
    capacity_id = models.UUIDField(null=True)  # under which authority (identity.Capacity)
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(QueueLine, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16, default="")
    item_code = models.CharField(max_length=64, default="")
    item_name = models.CharField(max_length=200, default="")
    slot_id = models.UUIDField()
    day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    name = EncryptedTextField(grade="L3")
    phone = EncryptedTextField(grade="L3")
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    reason = models.CharField(max_length=120, default="")  # the hall's, where it cancelled
    made_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["party_id", "-begins_at"], name="booking_party"),
            models.Index(
                fields=["firm_id", "-begins_at"], name="booking_firm", condition=Q(firm_id__isnull=False)
            ),
            models.Index(fields=["hall", "day", "begins_at"], name="booking_hall_day"),
            models.Index(fields=["day"], condition=Q(state="booked"), name="booking_open"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        """Whose it is, for the access rule."""
        return (self.party_id,)


class BookingNumber(models.Model):
    """The directory 预约编号 → booking."""

    append_only = True
    directory = True

    number = models.CharField(max_length=22, primary_key=True)
    booking_id = models.UUIDField(unique=True)


class DayQueue(OfRegion, ShardRoot):
    """The numbers of a hall on a day; every command on one of them locks this row first. Id: of hall and day."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    day = models.DateField()
    ended = models.BooleanField(default=False)

    item_type = ""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day"], condition=Q(ended=False), name="queue_open")]


class QueueNumber(models.Model):
    """
    A number in the hand of somebody who waits (排队号). Who booked is named by the booking, nobody else is known.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等候"
        CALLED = "called", "叫号"
        SKIPPED = "skipped", "过号"
        DONE = "done", "办结"
        GONE = "gone", "未办"

    queue = models.ForeignKey(DayQueue, on_delete=models.CASCADE, related_name="numbers")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("queue_id", "id")
    line = models.ForeignKey(QueueLine, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField()  # from when it is its turn, within its rank
    first = models.BooleanField(default=False)  # booked or transferred: before who took a number
    booking_id = models.UUIDField(null=True)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="+")
    called_at = models.DateTimeField(null=True)
    times_called = models.SmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    seconds = models.IntegerField(null=True)  # from the last call to the end, where it was finished

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["queue", "state", "due_at"], name="number_waiting"),
            models.Index(fields=["line", "-finished_at"], condition=Q(state="done"), name="number_measured"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint("queue", "label", name="number_label_once"),
            models.UniqueConstraint(
                fields=["queue", "window"], condition=Q(state="called"), name="window_calls_one"
            ),
            models.CheckConstraint(
                name="number_called_has_window",
                condition=~Q(state="called") | Q(window__isnull=False, called_at__isnull=False),
            ),
        ]

"""Matters in other systems, what those told of them, the connections, and the days of reconciliation."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from mingqu.exchange import rules
from mingqu.kernel.fields import EncryptedJSONField, EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import Reference, RootRow, ShardRoot
from mingqu.kernel.standing_aside import standing_aside


class Handover(RootRow):
    """
    One matter of an aggregate that another system decides: what was handed over, under which key, how far that got,
    and where it stands there (design section 1, Where handled: `handed over` and `assisted`).

    Its id follows from root and part, so that it is made once. `outside` is computed from the tellings (OutsideState)
    by rules.standing, never set by itself. It lies on its owner's node; only `exchange.services` writes it.
    """

    class Sending(models.TextChoices):
        BY_HAND = "by_hand", "等工作人员录入"
        WAITING = "waiting", "等待转出"
        SENT = "sent", "已转出"
        STUCK = "stuck", "转不出去"
        CALLED_OFF = "called_off", "不再办理"
        SETTLED = "settled", "已由工作人员登记结果"

    # What who stands aside (回避) in the case may still do.
    open_to_barred: ClassVar = frozenset({"exchange.see"})

    reference = models.CharField(max_length=32)
    part = models.CharField(max_length=64)
    where = models.CharField(max_length=12)  # handed_over or assisted, as the definition says
    system = models.CharField(max_length=80)
    connector = models.CharField(max_length=40, default="", blank=True)  # "": carried by people
    number = models.CharField(max_length=40)
    subject = models.CharField(max_length=200)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    item_type = models.CharField(max_length=16, default="", blank=True)
    post_id = models.UUIDField(null=True)  # who answers for it here; NULL: who reconciles
    payload = EncryptedJSONField(grade="L3", default=list)  # [[heading, label, value]]
    digest = models.CharField(max_length=64)  # of the payload of the latest round: what was sent can be shown
    round = models.SmallIntegerField(default=0)
    supplement = EncryptedTextField(grade="L3", default="")
    sending = models.CharField(max_length=12, choices=Sending)
    attempts = models.SmallIntegerField(default=0)  # of this round
    begun_at = models.DateTimeField(null=True)  # an attempt is under way, or was struck down
    try_at = models.DateTimeField(null=True)
    last_reason = models.CharField(max_length=60, default="", blank=True)
    external_number = models.CharField(max_length=64, default="", blank=True)
    outside = models.CharField(max_length=12, default="", blank=True)
    latest = models.CharField(max_length=64, default="", blank=True)  # content of the telling that holds
    answers = models.CharField(
        max_length=64, default="", blank=True
    )  # of the 补正 that the last round answers
    contradicts = models.BooleanField(default=False)
    resolved = models.SmallIntegerField(
        default=0
    )  # tellings there were when a person dealt with a contradiction
    taken = models.CharField(max_length=12, default="", blank=True)  # "", taken, not_taken: by the owner
    outcome = models.CharField(max_length=8, default="", blank=True)  # what the owner ended with
    said = EncryptedTextField(grade="L3", default="")
    result = EncryptedJSONField(grade="L3", default=dict)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    sent_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    as_of = models.DateTimeField(
        null=True
    )  # the instant of the state that is shown, by the other side's clock
    heard_at = models.DateTimeField(null=True)  # when we last learned something
    asked_at = models.DateTimeField(null=True)
    silent_on = models.DateField(null=True)  # the last day on which silence is nothing unusual
    silent = models.BooleanField(default=False)
    needs = models.CharField(max_length=12, default="", blank=True)  # rules.NEEDS: whom it waits for
    ended_at = models.DateTimeField(null=True)
    within = models.SmallIntegerField(
        default=0, db_default=0
    )  # working days the definition gives, 0 none said
    # 撤回 of what may have got there: how far it is that the other side stops, a key of rules.RECALLED.
    recall = models.CharField(max_length=8, default="", db_default="", blank=True)
    recalled_at = models.DateTimeField(null=True)
    recall_tries = models.SmallIntegerField(default=0, db_default=0)
    recall_at = models.DateTimeField(null=True)  # when the other side is told next

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root_id", "part"], name="handover_once"),
            models.CheckConstraint(
                name="handover_sent_has_day", condition=~Q(sending="sent") | Q(sent_on__isnull=False)
            ),
            models.CheckConstraint(
                name="handover_recalled_was_called_off", condition=Q(recall="") | Q(sending="called_off")
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["try_at"], name="handover_to_send", condition=Q(sending="waiting")),
            models.Index(
                fields=["recall_at"],
                name="handover_to_recall",
                condition=Q(recall__in=["waiting", "overdue"]),
            ),
            models.Index(
                fields=["asked_at"],
                name="handover_to_ask",
                condition=Q(sending="sent", ended_at__isnull=True),
            ),
            models.Index(
                fields=["silent_on"],
                name="handover_silence",
                condition=Q(sending="sent", silent=False, ended_at__isnull=True),
            ),
            models.Index(fields=["department", "-id"], name="handover_needs", condition=~Q(needs="")),
            models.Index(
                fields=["department", "-id"], name="handover_open", condition=Q(ended_at__isnull=True)
            ),
            models.Index(fields=["department", "-id"], name="handover_of_organ"),
            models.Index(fields=["number"], name="handover_number"),
            models.Index(fields=["connector", "sent_on", "reference"], name="handover_of_day"),
            models.Index(
                fields=["system", "external_number"],
                name="handover_external",
                condition=~Q(external_number=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @cached_property
    def barred_ids(self) -> frozenset[UUID]:
        return standing_aside(self.root_id)

    @property
    def facts(self) -> rules.Facts:
        answered = bool(self.answers) and self.answers == self.latest
        return rules.Facts(
            self.sending, self.outside, self.contradicts, self.silent, self.taken, answered, self.recall
        )

    @property
    def shown(self) -> str:
        return rules.shown(self.facts)

    @property
    def shown_words(self) -> str:
        return rules.WORDS[self.shown]

    @property
    def needs_words(self) -> str:
        return rules.NEEDS.get(self.needs, "")


class HandoverFile(RootRow):
    """
    A file that goes to the other side with the answer to its correction. It waits while `round` is later than the
    matter's own; what was taken back before stays as a row that goes nowhere.
    """

    handover_id = models.UUIDField()
    round = models.SmallIntegerField()
    file_id = models.UUIDField()  # of documents, under the same root
    added_at = models.DateTimeField()
    gone = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["root_id", "handover_id"], name="files_of_handover")]


class HandoverReference(models.Model):
    """The directory: what a matter is called between us and other systems → handover. Never used twice."""

    append_only = True
    directory = True

    reference = models.CharField(max_length=32, primary_key=True)
    root_id = models.UUIDField()
    handover_id = models.UUIDField()


class OutsideState(RootRow):
    """One telling of the other side. Never changed; the same content is kept once."""

    append_only = True

    handover_id = models.UUIDField()
    seq = models.IntegerField()
    state = models.CharField(max_length=12)
    happened_at = models.DateTimeField()
    content = models.CharField(max_length=64)  # digest of everything it says
    number = models.CharField(max_length=64, default="", blank=True)
    words = EncryptedTextField(grade="L3", default="")
    result = EncryptedJSONField(grade="L3", default=dict)
    how = models.CharField(max_length=8)  # told asked typed file
    heard_at = models.DateTimeField()
    person_id = models.UUIDField(null=True)  # who typed it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["root_id", "handover_id", "content"], name="telling_once")
        ]


class Attempt(RootRow):
    """One attempt to hand over that ended, and how. Never changed."""

    append_only = True

    handover_id = models.UUIDField()
    round = models.SmallIntegerField()
    attempt = models.SmallIntegerField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=8)
    reason = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["root_id", "handover_id"], name="attempts_of_handover")]


class Connection(Reference):
    """How the connection to one system has been doing: several failures in a row and it rests."""

    name = models.CharField(max_length=40, unique=True)
    failures = models.SmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    last_reason = models.CharField(max_length=60, default="", blank=True)
    last_failed_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)


class ExchangeDay(ShardRoot):
    """One connection's day: what we handed over against what the other side has. Id from connection and day."""

    connector = models.CharField(max_length=40)
    day = models.DateField()
    source = models.CharField(max_length=200)  # the file's name, or that it was asked for
    digest = models.CharField(max_length=64)
    sent = models.IntegerField(default=0)
    received = models.IntegerField(default=0)
    reconciled_at = models.DateTimeField()
    by_person = models.UUIDField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-day", "connector"], name="exchange_day")]


class ExchangeLine(models.Model):
    """A line of the other side's list of the day."""

    day = models.ForeignKey(ExchangeDay, on_delete=models.CASCADE, related_name="lines")
    line = models.IntegerField()
    pk = models.CompositePrimaryKey("day_id", "line")
    reference = models.CharField(max_length=64)
    number = models.CharField(max_length=64, default="", blank=True)
    state = models.CharField(max_length=12, default="", blank=True)


class Discrepancy(models.Model):
    """What does not agree, with the post that answers for it; settled with a reason, never deleted once settled."""

    day = models.ForeignKey(ExchangeDay, on_delete=models.CASCADE, related_name="discrepancies")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("day_id", "id")
    kind = models.CharField(max_length=16, choices=list(rules.DIFFERENCES.items()))
    reference = models.CharField(max_length=64)
    ours = models.CharField(max_length=80, default="", blank=True)
    theirs = models.CharField(max_length=80, default="", blank=True)
    post_id = models.UUIDField(null=True)  # NULL: nobody of ours handed it over; who reconciles answers
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["day"], name="discrepancy_open", condition=Q(settled_at__isnull=True)),
            models.Index(fields=["post_id"], name="discrepancy_of", condition=Q(settled_at__isnull=True)),
        ]


class StatesFile(ShardRoot):
    """
    A file of states that another system exported, read line by line in a job. Only `exchange.services.states` writes
    it.
    """

    class State(models.TextChoices):
        READING = "reading", "正在读文件"
        WORKING = "working", "正在导入"
        DONE = "done", "已导入"
        UNREADABLE = "unread", "读不出来"

    state = models.CharField(max_length=8, choices=State, default=State.READING)
    system = models.CharField(max_length=80)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    file_id = models.UUIDField()
    headers = models.JSONField(default=list)
    department_id = models.UUIDField(
        null=True
    )  # of the post that brought it: who may see it follows from that
    region_code = models.CharField(max_length=12, default="", blank=True)
    item_type = models.CharField(max_length=16, default="", blank=True)
    by_person = models.UUIDField()
    by_post = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(
        max_length=120, default="", blank=True
    )  # it can't be read: our sentence, nothing of it
    total = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    wrong = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["moved_at"],
                name="states_file_at_work",
                condition=Q(state__in=["reading", "working"]),
            ),
            models.Index(fields=["department_id", "-id"], name="states_file_of_organ"),
        ]

    @property
    def at_work(self) -> bool:
        return self.state in (self.State.READING, self.State.WORKING)

    @property
    def done(self) -> int:
        return self.taken + self.known + self.wrong


class StatesLine(models.Model):
    """A line of such a file, as it came; what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "还没有导入"
        TAKEN = "taken", "已导入"
        KNOWN = "known", "以前已经有了"
        WRONG = "wrong", "有问题"

    file = models.ForeignKey(StatesFile, on_delete=models.CASCADE, related_name="lines")
    line = models.IntegerField()  # as the spreadsheet counts
    pk = models.CompositePrimaryKey("file_id", "line")
    cells = EncryptedJSONField(grade="L3", default=list)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    why = EncryptedTextField(grade="L3", default="")  # may repeat a word of the file

    class Meta:
        indexes: ClassVar = [models.Index(fields=["file", "state", "line"], name="states_lines_by_state")]


class DoubleMatter(models.Model):
    """
    The demo's other side: what it was handed and how far it got. Nothing of ours; in demo installations and tests only.
    """

    directory = True

    reference = models.CharField(max_length=32, primary_key=True)
    number = models.CharField(max_length=64)
    round = models.SmallIntegerField(default=0)
    subject = models.CharField(max_length=200)
    ours = models.CharField(max_length=40)
    sheet = EncryptedJSONField(grade="L3", default=list)
    tellings = EncryptedJSONField(grade="L3", default=list)  # all it has to say, in its order
    told = models.JSONField(default=list)  # places of those it has sent
    received_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)  # we said that it was taken back

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-received_at"], name="double_latest")]


class DoubleFault(models.Model):
    """What goes wrong at the demo's other side, set on its page. One row."""

    directory = True

    name = models.CharField(max_length=20, primary_key=True)
    on = models.BooleanField(default=False)

"""便民服务点, what is delegated to them, what their agents help with (帮办代办), and visits at home (上门服务)."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q

from mingqu.kernel.errors import to_citizens
from mingqu.kernel.fields import EncryptedTextField
from mingqu.kernel.models import Reference, RootRow, ShardRoot
from mingqu.kernel.training import OfRegion


class Point(OfRegion, Reference):
    """
    便民服务点 of a street, town, village or community, run by a department. Public: who has no telephone and no
    computer goes there. Only `outreach.services.points` writes it.
    """

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=60)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    address = models.CharField(max_length=120)
    hours = models.CharField(max_length=120)
    telephone = models.CharField(max_length=40, blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["region_code", "code"], name="point_region")]

    def __str__(self) -> str:
        return self.name


class PointPost(Reference):
    """An agent's post serves one point."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="posts")
    post = models.OneToOneField("identity.Post", on_delete=models.PROTECT, related_name="+")


class Delegation(Reference):
    """委托事项: what a point may take in, from a day to a day (inclusive; NULL: until further notice)."""

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="delegations")
    item_code = models.CharField(max_length=64)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["point", "item_code"], name="delegation_once"),
            models.CheckConstraint(
                name="delegation_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["item_code", "point"], name="delegation_item")]


class Errand(OfRegion, ShardRoot):
    """
    One thing an agent does for one person (代办): consent first, then the application is handed in.

    Consent comes by a code to the person's own telephone, or on paper that a second person has looked at. The person
    ends it at any time; from then on the agent sees nothing of the case. What is asked to be corrected the agent hands
    in with a consent to just that (`fix_agreed_at`), or where the paper covers it. Only `outreach.services` writes it.
    """

    class State(models.TextChoices):
        OPEN = "open", to_citizens("等本人同意")
        PAPER = "paper", to_citizens("委托书等复核")
        AGREED = "agreed", to_citizens("本人已同意，还没有提交")
        FILED = "filed", to_citizens("已代为提交")
        BROUGHT = "brought", to_citizens("结果已送到本人")
        ENDED = "ended", to_citizens("已停下")

    class Consent(models.TextChoices):
        NONE = "", ""
        CODE = "code", to_citizens("手机同意码")
        PAPER = "paper", to_citizens("签名的委托书")

    number = models.CharField(max_length=22)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    post_id = models.UUIDField()  # the agent's post
    agent_id = models.UUIDField()  # the person who holds it
    person_id = models.UUIDField()  # for whom: another aggregate, so no constraint
    item_code = models.CharField(max_length=64)
    item_type = models.CharField(max_length=16)
    handling_code = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    opened_on = models.DateField()
    consent = models.CharField(max_length=8, choices=Consent, default=Consent.NONE, blank=True)
    consented_at = models.DateTimeField(null=True)
    code_digest = models.BinaryField(max_length=32, null=True)  # of the code that was sent
    code_until = models.DateTimeField(null=True)
    paper_id = models.UUIDField(null=True)  # the photographed consent paper
    checked_by = models.UUIDField(null=True)  # the second person
    said = EncryptedTextField(
        grade="L3", default=""
    )  # why a paper was not agreed to, or how a result was brought
    draft_id = models.UUIDField(null=True, unique=True)
    case_number = models.CharField(max_length=20, default="", blank=True)
    filed_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    covers_fixes = models.BooleanField(default=False, db_default=False)  # the paper says: corrections too
    fix_agreed_at = models.DateTimeField(
        null=True
    )  # to the correction asked for now; used up by handing it in
    fixed_on = models.DateField(null=True)  # when the agent last handed a correction in

    secret_columns = ("code_digest",)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["post_id", "state", "-id"], name="errand_of_post"),
            models.Index(fields=["person_id", "-id"], name="errand_of_person"),
            models.Index(fields=["opened_on", "id"], name="errand_papers", condition=Q(state="paper")),
            models.Index(fields=["case_number"], name="errand_of_case", condition=~Q(case_number="")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        """Whose it is, for the access rule."""
        return (self.person_id,)


class Collected(RootRow):
    """
    收取原件: the person gave papers to the agent and signed for it (`signature_id`, or on paper); `root_id` is the
    errand's. Which papers they are, and in whose hands they are now, `hall` keeps (材料收存). Never changed.
    """

    append_only = True

    many = models.SmallIntegerField()
    on_paper = models.BooleanField()
    signature_id = models.UUIDField(null=True)
    agent_id = models.UUIDField()
    post_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="collected_signed_for", condition=Q(on_paper=True) | Q(signature_id__isnull=False)
            ),
        ]


class HomeVisit(OfRegion, ShardRoot):
    """
    上门服务: somebody who can hardly come is visited. Asked for by herself, by telephone through a clerk, or through an
    agent; no proof is demanded. Only `outreach.services.home_visits` writes it.
    """

    class State(models.TextChoices):
        ASKED = "asked", to_citizens("等安排")
        PLANNED = "planned", to_citizens("已安排")
        DONE = "done", to_citizens("已上门办理")
        IMPOSSIBLE = "impossible", to_citizens("没有办成")
        WITHDRAWN = "withdrawn", to_citizens("已取消")

    class Channel(models.TextChoices):
        ONLINE = "online", to_citizens("网上")
        TELEPHONE = "telephone", to_citizens("电话")
        AGENT = "agent", to_citizens("便民服务点")

    class Half(models.TextChoices):
        MORNING = "am", to_citizens("上午")
        AFTERNOON = "pm", to_citizens("下午")

    number = models.CharField(max_length=22)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    channel = models.CharField(max_length=10, choices=Channel)
    party_id = models.UUIDField(null=True)  # who asks with an account; NULL: by telephone or through an agent
    name = EncryptedTextField(grade="L3")
    phone = EncryptedTextField(grade="L3", default="")
    address = EncryptedTextField(grade="L3")
    about = EncryptedTextField(grade="L3")
    reason = models.CharField(max_length=12)  # a code of home_visits.yaml
    item_type = models.CharField(max_length=16, default="", blank=True)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    asked_by_post = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    wished_on = models.DateField()
    wished_half = models.CharField(max_length=2, choices=Half)
    due_on = models.DateField()  # by when somebody comes or says why not
    visit_on = models.DateField(null=True)
    visit_half = models.CharField(max_length=2, choices=Half, default="", blank=True)
    assigned_post = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    note = EncryptedTextField(grade="L3", default="")  # what was done, or why it could not be

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["department", "due_on", "id"],
                name="home_visit_open",
                condition=Q(state__in=["asked", "planned"]),
            ),
            models.Index(
                fields=["party_id", "-id"], name="home_visit_party", condition=Q(party_id__isnull=False)
            ),
            models.Index(
                fields=["assigned_post", "state"],
                name="home_visit_post",
                condition=Q(assigned_post__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def party_ids(self) -> tuple[UUID, ...]:
        """Whose it is, for the access rule."""
        return (self.party_id,) if self.party_id else ()


class OutreachNumber(models.Model):
    """The directory: number → errand or visit."""

    append_only = True
    directory = True

    number = models.CharField(max_length=22, primary_key=True)
    root_id = models.UUIDField(unique=True)

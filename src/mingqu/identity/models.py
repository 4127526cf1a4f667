"""People, organisations, posts and the accounts they sign in with."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from mingqu.kernel.fields import BlindIndexField, EncryptedJSONField, EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import Reference, ShardRoot


class Person(ShardRoot):
    """
    A natural person. May exist with a provisional identity (a birth certificate) or with none yet: someone
    who signed in by telephone and has told nothing.

    `assurance` is the identity assurance level AAL0–AAL4: 1 telephone and own words, 2 document seen by a
    clerk or checked against a source. From 2 on the number is unique (PartyNumber). Name and numbers are
    data of grade L3. Only `identity.services` writes it.
    """

    name = EncryptedTextField(grade="L3", null=True)
    citizen_number = EncryptedTextField(grade="L3", null=True)
    citizen_number_index = BlindIndexField(purpose="identity.citizen_number", null=True)
    document_kind = models.CharField(max_length=32, default="", blank=True)
    document_number = EncryptedTextField(grade="L3", null=True)
    document_number_index = BlindIndexField(purpose="identity.document_number", null=True)
    # Told to a clerk, not proved by a code: whoever signs in with it and knows name and number is this person.
    contact_phone = EncryptedTextField(grade="L3", null=True)
    assurance = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("citizen_number_index", name="person_citizen_number"),
            models.Index("document_number_index", name="person_document_number"),
        ]
        constraints = [
            models.CheckConstraint(name="person_assurance_level", condition=Q(assurance__range=(0, 4))),
            models.CheckConstraint(
                name="person_number_has_index",
                condition=Q(citizen_number__isnull=True, citizen_number_index__isnull=True)
                | Q(citizen_number__isnull=False, citizen_number_index__isnull=False),
            ),
            models.CheckConstraint(
                name="person_document_whole",
                condition=Q(
                    document_kind="", document_number__isnull=True, document_number_index__isnull=True
                )
                | (
                    ~Q(document_kind="")
                    & Q(document_number__isnull=False, document_number_index__isnull=False)
                ),
            ),
        ]


class Firm(ShardRoot):
    """
    A legal person or other organisation (法人和非法人组织). Before registration it has only the number of its
    reserved name (名称自主申报); the credit code is bound when a step brings it.

    Name and code are public register data; the legal representative is a person (L3).
    """

    name = models.CharField(max_length=200)
    credit_code = models.CharField(max_length=18, default="", blank=True)
    reserved_name_number = models.CharField(max_length=40, default="", blank=True)
    legal_representative = EncryptedTextField(grade="L3", null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("credit_code", name="firm_credit_code"),
            models.Index(fields=["name"], name="firm_name", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="firm_has_some_number", condition=~Q(credit_code="", reserved_name_number="")
            ),
        ]


class PartyNumber(models.Model):
    """
    The directory number → party. Holds only digests; one number belongs to one party.

    Self-declared numbers are not entered: nobody may occupy another's number by typing it.
    """

    class Kind(models.TextChoices):
        CITIZEN_NUMBER = "citizen_number"
        DOCUMENT = "document"
        CREDIT_CODE = "credit_code"

    directory = True  # number → id (design section 6): unique over all shards

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=16, choices=Kind)
    number_index = BlindIndexField(purpose="identity.party_number")
    party_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint("kind", "number_index", name="party_number_once")]


class Capacity(ShardRoot):
    """
    As whom a person may act besides herself: a firm's representative (法定代表人、负责人; 民法典 61), its handler
    (经办人, 民法典 165, 170), a relative or friend (亲友代办, 民法典 165).

    The authority names the agent, the matters (`items`, `item_types`; both empty: all), and its days, as 民法典 165
    wants it. It holds from acceptance until its last day, or until either side ends it (民法典 173). Nobody gives on
    what she was given (169). Addressed to a telephone number and a name, so that whoever grants learns nothing of who
    has an account. Only `identity.services` writes it.
    """

    class Kind(models.TextChoices):
        REPRESENTATIVE = "representative"
        HANDLER = "handler"
        RELATIVE = "relative"

    class State(models.TextChoices):
        OFFERED = "offered"
        ACTIVE = "active"
        DECLINED = "declined"
        ENDED = "ended"

    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    principal_id = models.UUIDField()  # the firm, or for a relative the person
    principal_name = EncryptedTextField(grade="L3")
    agent_id = models.UUIDField(null=True)  # unknown until accepted
    agent_name = EncryptedTextField(grade="L3")
    agent_phone = EncryptedTextField(grade="L3", null=True)
    agent_phone_index = BlindIndexField(purpose="identity.phone", null=True)
    granted_by = models.UUIDField()  # the person who gave it
    items = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    item_types = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)  # the last day; a representative has none
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agent_id"], name="capacity_of_agent", condition=Q(agent_id__isnull=False)),
            models.Index(fields=["principal_id"], name="capacity_of_principal"),
            models.Index(fields=["agent_phone_index"], name="capacity_offered", condition=Q(state="offered")),
        ]
        constraints = [
            models.CheckConstraint(
                name="capacity_in_force_has_agent",
                condition=~Q(state="active") | Q(agent_id__isnull=False, accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="capacity_given_has_end",
                condition=Q(kind="representative") | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(
                name="capacity_for_another",
                condition=Q(agent_id__isnull=True) | ~Q(agent_id=F("principal_id")),
            ),
        ]


class Department(Reference):
    """
    A department, in one tree. `path` is the codes from the root down, so that a subtree is a prefix.

    `review_organ`: who decides on 行政复议 against its acts, where that is named for the whole department: of organs
    led from above the one above them (行政复议法 27); "" leaves it to each definition (mostly the government, 24).
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    credit_code = models.CharField(max_length=18, default="", blank=True)
    region_code = models.CharField(max_length=12)
    review_organ = models.CharField(max_length=120, default="", blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=400, unique=True)
    closed_on = models.DateField(
        null=True
    )  # 撤销: the first day without it; its rows and papers stay its own
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")  # 承接

    class Meta:
        indexes = [models.Index(fields=["path"], name="department_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name


class Post(Reference):
    """
    A post (岗位) in a department. `item_types`, when not empty, narrows every role the post is given. `rank` (岗位层级)
    says who stands above whom where one looks over what another set; 0: as its roles tell (ranks.py).
    """

    class Rank(models.IntegerChoices):
        OFFICER = 1, "工作人员"
        SECTION = 2, "科室负责人"
        DEPUTY = 3, "分管负责人"
        HEAD = 4, "主要负责人"

    code = models.CharField(max_length=48, unique=True)
    name = models.CharField(max_length=80)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    item_types = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    rank = models.SmallIntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return self.name


class RoleGrant(Reference):
    """
    A role of a post within a region subtree, a department subtree and item types.

    An empty region, no department or no item types mean no limit in that dimension.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32)
    region_code = models.CharField(max_length=12, default="", blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    item_types = ArrayField(models.CharField(max_length=16), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "post", "role", "region_code", "department", name="rolegrant_once", nulls_distinct=False
            )
        ]


class UserManager(BaseUserManager["User"]):
    """Accounts are made by commands (services/accounts.py); there is no create_superuser."""


class User(AbstractBaseUser):
    """
    An account: of a citizen, who signs in with a telephone number and a code, or of a member of staff, who
    signs in with a name, a password and a second factor, or a passkey.

    One human being may have both; they never share a sign-in. The telephone number is L3. `epoch` is part
    of every session of the account: raising it ends them all. Closed by its owner (`closed_at`), it has no telephone
    number any more and is nobody's to sign in to.
    """

    class Kind(models.TextChoices):
        CITIZEN = "citizen"
        STAFF = "staff"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    username = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001  absent, not empty
    phone = EncryptedTextField(grade="L3", null=True)
    phone_index = BlindIndexField(purpose="identity.phone", null=True)
    phone_verified_at = models.DateTimeField(null=True)
    person_id = models.UUIDField()
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    epoch = models.IntegerField(default=0)
    locked_because = EncryptedTextField(grade="L3", null=True)  # while it is locked
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    secret_columns = ("password",)
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        indexes = [models.Index("person_id", name="user_person")]
        constraints = [
            models.UniqueConstraint(
                "phone_index", condition=Q(kind="citizen"), name="user_citizen_phone_once"
            ),
            models.CheckConstraint(
                name="user_signs_in_one_way",
                condition=Q(kind="citizen", username__isnull=True, phone_index__isnull=False)
                | Q(kind="citizen", username__isnull=True, closed_at__isnull=False, is_active=False)
                | Q(kind="staff", username__isnull=False),
            ),
            models.CheckConstraint(
                name="user_phone_has_index",
                condition=Q(phone__isnull=True, phone_index__isnull=True)
                | Q(phone__isnull=False, phone_index__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.username or f"user {self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's own covers the password only; a reset second factor or a lock must end sessions too.
        salt = "mingqu.identity.models.User.get_session_auth_hash"
        data = f"{self.password}:{self.epoch}"
        return salted_hmac(salt, data, secret=secret, algorithm="sha256").hexdigest()

    def get_username(self) -> str:
        return self.username or ""

    def clean(self) -> None:
        """Nothing to normalise: services store the one form of a name."""

    def natural_key(self) -> Any:
        return (str(self.pk),)


class PostHolding(models.Model):
    """
    That a person holds a post from a day to a day, both included. One may hold several.

    `deputy_for` (AB岗): held in place of this holder of the same post, for these days; what is done so carries both.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    deputy_for = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="postholding_span", condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on"))
            ),
            models.CheckConstraint(
                name="postholding_deputy_has_end",
                condition=Q(deputy_for__isnull=True) | Q(until_on__isnull=False) & ~Q(deputy_for=F("user")),
            ),
        ]


class Allowance(models.Model):
    """
    How often something was tried within a window: codes sent, passwords guessed. The key is a digest.

    Counted by one statement, so that parallel attempts are all counted.
    """

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    spent = models.IntegerField()


class OrgImport(Reference):
    """
    A table of organisations, posts and staff (机构和人员导入) that waits for a second officer. Its rows name people and
    are emptied when it is done or dropped. Only `identity.services.org_import` writes it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待复核"
        DONE = "done", "已导入"
        DROPPED = "dropped", "已作废"

    name = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    rows = EncryptedJSONField(grade="L3", default=list)  # [[line, {column: cell}]]
    many = models.IntegerField()
    changes = models.IntegerField(default=0)
    brought_at = models.DateTimeField()
    brought_by = models.UUIDField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    agreed_key = models.UUIDField(null=True)


from mingqu.identity.models_account import AccountClosing, OwnCopy  # noqa: E402, F401
from mingqu.identity.models_organs import DepartmentChange, PostMove  # noqa: E402, F401
from mingqu.identity.models_ways_in import (  # noqa: E402, F401  at the end: they use the kernel alone, and stand here for all
    AppCode,
    AppGrant,
    AppToken,
    OutsideApp,
    OutsideLink,
    PhoneRecovery,
    RegisterEntry,
    ScanSignIn,
    SigningKey,
    StaffRegister,
)

"""Other ways in: what OpenID Connect keeps (applications, codes and tokens as digests, keys), sign-ins by scanning."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mingqu.kernel.fields import BlindIndexField, EncryptedTextField
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import Reference, ShardRoot


class OutsideApp(Reference):
    """
    An application of another organ where people may sign in with their account here; its id is the client id.

    Of its secret only a digest is kept. `confidential`: it has a server that keeps a secret; one that has none proves
    itself by PKCE alone (which all must show). Withdrawn, nothing of it is valid. Only `identity.openid` writes it.
    """

    secret_columns = ("secret_digest",)

    name = models.CharField(max_length=60)
    operator = models.CharField(max_length=120)  # the organ or firm that runs it, as people are told
    confidential = models.BooleanField(default=True)
    secret_digest = models.CharField(max_length=64, default="", blank=True)
    return_addresses = ArrayField(models.CharField(max_length=300))
    scopes = ArrayField(models.CharField(max_length=16))
    registered_at = models.DateTimeField()
    registered_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True)


class AppGrant(ShardRoot):
    """
    That a person let an application in, and to what. Its id follows from application and account, so that there is one.

    `subject` is all the application knows her by: made up, different for each application, kept for life. The grant
    holds until she takes it back (`ended_at`); let in anew it is the same row. Only `identity.openid` writes it.
    """

    app = models.ForeignKey(OutsideApp, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField()
    subject = models.CharField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=16))
    granted_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user_id"], name="appgrant_of_user")]
        constraints = [models.UniqueConstraint("app", "user_id", name="appgrant_once")]


class AppCode(models.Model):
    """A code on its way to an application: for one minute, for one use, for whoever knows its PKCE secret."""

    grant = models.ForeignKey(AppGrant, on_delete=models.CASCADE, related_name="codes")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("grant_id", "id")
    digest = models.CharField(max_length=64)
    return_address = models.CharField(max_length=300)
    scopes = ArrayField(models.CharField(max_length=16))
    challenge = models.CharField(max_length=128)
    nonce = models.CharField(max_length=255, default="", blank=True)
    signed_in_at = models.DateTimeField()
    epoch = models.IntegerField()
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    secret_columns = ("digest",)

    class Meta:
        indexes = [models.Index(fields=["valid_until"], name="appcode_over")]


class AppToken(models.Model):
    """
    A token in the hands of an application, as digest. `family`: all that came from one code; shown twice, a refresh
    token is stolen and the whole family ends. `epoch` of the account: what ends her sessions ends her tokens.
    """

    class Kind(models.TextChoices):
        ACCESS = "access"
        REFRESH = "refresh"

    grant = models.ForeignKey(AppGrant, on_delete=models.CASCADE, related_name="tokens")
    id = models.UUIDField(default=new_id)
    pk = models.CompositePrimaryKey("grant_id", "id")
    kind = models.CharField(max_length=8, choices=Kind)
    digest = models.CharField(max_length=64)
    family = models.UUIDField()
    scopes = ArrayField(models.CharField(max_length=16))
    epoch = models.IntegerField()
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)

    secret_columns = ("digest",)

    class Meta:
        indexes = [models.Index(fields=["valid_until"], name="apptoken_over")]


class SigningKey(Reference):
    """
    A 2048-bit RSA key that signs who somebody is. Published at once, it signs from `signs_from` on, so that whoever
    keeps our list has read it by then; published until `published_until`, so that what it signed can still be checked.
    """

    secret_columns = ("private_pem",)

    private_pem = EncryptedTextField(grade="L4")
    public = models.JSONField()  # JWK
    signs_from = models.DateTimeField()
    published_until = models.DateTimeField(null=True)


class OutsideLink(ShardRoot):
    """
    That an account of an outside identity service is this account: linked by who had signed in to both. `level` is the
    highest the service has said of her since, L1–L4, by the list of the installation. Only `identity.openid` writes it.
    """

    issuer = models.CharField(max_length=200)
    subject = EncryptedTextField(grade="L3")
    subject_index = BlindIndexField(purpose="identity.outside_subject")
    user_id = models.UUIDField()
    person_id = models.UUIDField()
    level = models.SmallIntegerField()
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user_id"], name="outsidelink_of_user")]
        constraints = [
            models.UniqueConstraint(
                "issuer", "subject_index", condition=Q(ended_at__isnull=True), name="outsidelink_once"
            ),
            models.CheckConstraint(name="outsidelink_level", condition=Q(level__range=(1, 4))),
        ]


class ScanSignIn(ShardRoot):
    """
    That a browser asks to be signed in by a telephone that is: a picture to scan, for two minutes and one answer.

    The picture holds `scan_digest`'s secret, the browser's session that of `browser_digest`: who sees the picture alone
    gets no session, who has the session alone no answer. `number` stands on the browser's page; the telephone has to
    pick it out of three. Only `services.scanning` writes it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        ALLOWED = "allowed"
        DECLINED = "declined"
        SPENT = "spent"

    secret_columns = ("scan_digest", "browser_digest")

    state = models.CharField(max_length=8, choices=State)
    scan_digest = models.CharField(max_length=64)
    browser_digest = models.CharField(max_length=64)
    number = models.SmallIntegerField()
    others = ArrayField(models.SmallIntegerField())
    browser = models.CharField(max_length=40)
    address = EncryptedTextField(grade="L3")
    asked_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    user_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["valid_until"], name="scansignin_over")]
        constraints = [
            models.CheckConstraint(
                name="scansignin_answered_by",
                condition=~Q(state__in=["allowed", "spent"]) | Q(user_id__isnull=False),
            )
        ]


class PhoneRecovery(ShardRoot):
    """
    That somebody who lost the number she signs in with wants another. At a window (`asked_by`): one clerk saw her and
    her document and asked; another agrees, refuses, or the first calls it off. Online (`due_at`): by facts of hers;
    after days in which the old number and her inbox were told, and who has them could stop it. Only
    `services.recovery` and `services.recovery_online` write it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        REFUSED = "refused"
        CALLED_OFF = "called_off"
        STOPPED = "stopped"  # by who has the old number or an open session

    state = models.CharField(max_length=10, choices=State)
    user_id = models.UUIDField()
    person_id = models.UUIDField()
    old_phone = EncryptedTextField(grade="L3")
    new_phone = EncryptedTextField(grade="L3")
    reason = EncryptedTextField(grade="L3")  # in the clerk's words, as the second person reads it
    asked_by = models.UUIDField(null=True)  # the clerk; NULL: asked online
    department_id = models.UUIDField(
        null=True
    )  # of the clerk's post, and where it lies: who sees the request
    region_code = models.CharField(max_length=12, default="", db_default="", blank=True)
    due_at = models.DateTimeField(null=True)  # asked online: from when on it is done
    asked_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)

    item_type = ""  # for the rule of access

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="phonerecovery_waits", condition=Q(state="waiting")),
            models.Index(fields=["user_id", "-asked_at"], name="phonerecovery_of_user"),
        ]
        constraints = [
            models.UniqueConstraint("user_id", condition=Q(state="waiting"), name="phonerecovery_waits_once"),
            models.CheckConstraint(
                name="phonerecovery_by_another",
                condition=~Q(state="done")
                | Q(asked_by__isnull=True, due_at__isnull=False, answered_by__isnull=False)
                | (Q(answered_by__isnull=False) & ~Q(answered_by=models.F("asked_by"))),
            ),
            models.CheckConstraint(
                name="phonerecovery_one_way",
                condition=Q(asked_by__isnull=False, due_at__isnull=True)
                | Q(asked_by__isnull=True, due_at__isnull=False),
            ),
        ]


class StaffRegister(Reference):
    """
    A staff register of an organ that keeps accounts here in step with its own (SCIM, RFC 7644). Of its token only a
    digest is kept; ended, it opens nothing. Only `identity.scim` writes it.
    """

    secret_columns = ("token_digest",)

    name = models.CharField(max_length=60)
    operator = models.CharField(max_length=120)  # the organ that runs it
    # Whose people it may speak of, with the departments below; null: of all who work here.
    department = models.ForeignKey(
        "identity.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    token_digest = models.CharField(max_length=64)
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class RegisterEntry(models.Model):
    """
    What registers have said of an account of staff: the number of the one that spoke last, how often it was changed,
    whether it was stopped by one (an officer's stop is none of theirs), whether they see it no more.
    """

    user = models.OneToOneField(
        "identity.User", on_delete=models.PROTECT, primary_key=True, related_name="register_entry"
    )
    register = models.ForeignKey(StaffRegister, on_delete=models.PROTECT, related_name="accounts")
    external_id = EncryptedTextField(grade="L3", null=True)
    external_index = BlindIndexField(purpose="identity.register_id", null=True)
    version = models.IntegerField(default=0)
    stopped = models.BooleanField(default=False)
    removed = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("external_index", name="registerentry_number_once")]

from django.db import models

from mingqu.kernel.fields import EncryptedJSONField
from mingqu.kernel.models import ShardRoot


class Draft(ShardRoot):
    """
    Answers on their way to an application (草稿).

    Anyone may begin one without signing in; whoever holds its token may go on, until a person claims it.
    After that only that person opens it. All answers are one encrypted value, because most are personal.
    `version` grows by one with each save, so that two tabs never overwrite each other. Thirty days after the
    last save it is deleted. When the application is filed the answers move to the case, which takes the
    draft's id, and are emptied here.

    Only `forms.services` writes.
    """

    about = models.CharField(max_length=64)  # what it is for, by code: the room that asks gives the meaning
    form_digest = models.CharField(max_length=64)  # the definition whose form this answers
    context = models.JSONField(default=dict)  # types.Answers: situation answers, nothing personal
    answers = EncryptedJSONField(grade="L3", default=dict)  # types.Answers
    aside = EncryptedJSONField(
        grade="L3", null=True
    )  # personal, said beside the form: where the result is sent
    version = models.PositiveIntegerField(default=1)
    page = models.PositiveSmallIntegerField(default=1)  # where the person was
    owner_id = models.UUIDField(null=True, blank=True)  # a person; another aggregate, so no constraint
    # Begun by who acts for the owner, or for a firm, under this authority (identity.Capacity); NULL: by herself.
    capacity_id = models.UUIDField(null=True, blank=True)
    token_digest = models.BinaryField(max_length=32, null=True)  # SHA-256; NULL once claimed
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner_id", "-saved_at"], name="draft_of_owner"),
            models.Index(fields=["expires_at"], name="draft_expires"),
            models.Index(
                fields=["token_digest"], name="draft_of_token", condition=models.Q(token_digest__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="draft_has_owner_or_token",
                condition=models.Q(owner_id__isnull=False, token_digest=None)
                | models.Q(owner_id=None, token_digest__isnull=False),
            ),
        ]

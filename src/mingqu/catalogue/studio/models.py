"""What belongs to a draft besides its document: the states it was in, and what was said about its places."""

from django.db import models

from mingqu.kernel.models import Reference


class DraftVersion(Reference):
    """
    A state of a draft as it was saved, for stepping back and forward. `number`: the draft's version when it was saved;
    `before`: the number of the state it was made from (0: the first). Only the newest are kept.
    """

    draft = models.ForeignKey("catalogue.DefinitionDraft", on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    before = models.IntegerField(default=0)
    document = models.JSONField()
    words = models.CharField(max_length=80, default="")  # what was changed: the part of the definition
    person_id = models.UUIDField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="draft_version_once")]


class DraftComment(Reference):
    """
    What somebody said about one place of a draft (`path`, by the grammar of `places`; "" of the whole), until it is
    settled.
    """

    draft = models.ForeignKey("catalogue.DefinitionDraft", on_delete=models.CASCADE, related_name="comments")
    path = models.CharField(max_length=300, default="")
    text = models.CharField(max_length=500)
    author_id = models.UUIDField()
    said_at = models.DateTimeField()
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["draft", "said_at"], name="draft_comment_order")]

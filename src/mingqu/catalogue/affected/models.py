"""Citations of published definitions, kept so that a change of a law finds its items."""

from django.db import models

from mingqu.kernel.models import Reference


class CitedPlace(Reference):
    """
    One place of a law that the current definition of an item cites: a copy for look-up, made anew at each publication.

    `law` as written there, `law_key` the one form of its names; `where`: in which part of the definition, in words;
    `responsible_post`: code of the post that answers for the item.
    """

    item = models.ForeignKey("catalogue.ServiceItem", on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey("catalogue.Revision", on_delete=models.PROTECT, related_name="+")
    law = models.CharField(max_length=200)
    law_key = models.CharField(max_length=200)
    article = models.IntegerField()  # 0: the law as a whole
    suffix = models.SmallIntegerField(default=0)
    paragraph = models.SmallIntegerField(default=0)
    point = models.SmallIntegerField(default=0)
    where = models.CharField(max_length=300)
    responsible_post = models.CharField(max_length=64, default="")

    class Meta:
        indexes = [
            models.Index(fields=["law_key", "article"], name="cited_law_article"),
            models.Index(fields=["item"], name="cited_item"),
        ]


class ReadForCitations(Reference):
    """Of which definition an item's citations were kept last: one that cites nothing has no rows, yet was read."""

    item = models.OneToOneField("catalogue.ServiceItem", on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey("catalogue.Revision", on_delete=models.PROTECT, related_name="+")

"""The index of services, how often each lexeme stands in it, editors' sayings, and what people asked for in vain."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from mingqu.kernel.models import Reference


class SearchEntry(Reference):
    """
    One published service or bundle as search sees it. Derived: `search.services.rebuild` makes it anew from what is
    published. Only `catalogue.search.services` writes it, in the transaction that publishes or withdraws.

    `aliases`: name and other names in normal spelling, a line each; `sounds`, `initials`: the same as people type them.
    """

    kind = models.CharField(max_length=8)  # item, bundle
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    aliases = models.TextField()
    summary = models.CharField(max_length=300)
    department_code = models.CharField(max_length=32)
    department_name = models.CharField(max_length=120)
    region_code = models.CharField(max_length=12)
    audience = ArrayField(models.CharField(max_length=40), default=list)
    theme = models.CharField(max_length=40)
    handling_kind = models.CharField(max_length=16)
    applicable = models.BooleanField()
    body = models.TextField()
    sounds = models.TextField()
    initials = models.TextField()
    lexemes = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["lexemes"], name="search_lexemes", fastupdate=False),
            models.Index(fields=["name", "code"], name="search_by_name"),
        ]


class SearchTerm(Reference):
    """In how many entries a lexeme stands: rare ones lead to candidates. Kept with the entries."""

    term = models.CharField(max_length=80, unique=True)
    entries = models.IntegerField()


class SearchSaying(Reference):
    """
    What editors of this installation add to the product's sayings, or switch off: an everyday phrase and the official
    words it stands for. Wins over the product's own of the same phrase.
    """

    everyday = models.CharField(max_length=30, unique=True)
    official = ArrayField(models.CharField(max_length=40), default=list)
    active = models.BooleanField(default=True)
    author_id = models.UUIDField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-updated_at", "id"], name="search_saying_recent")]


class SearchAsked(Reference):
    """
    How often a text was asked for on a day, how often nothing was found, how often something found was opened. Nobody
    can tell by whom: no person, no address, numbers masked.
    """

    day = models.DateField()
    text = models.CharField(max_length=40)
    asked = models.IntegerField(default=0)
    nothing = models.IntegerField(default=0)
    opened = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "text"], name="search_asked_once")]
        indexes = [models.Index(fields=["text", "day"], name="search_asked_text")]

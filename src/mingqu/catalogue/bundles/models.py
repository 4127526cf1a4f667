"""Bundles as published."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mingqu.kernel.models import Reference
from mingqu.kernel.training import OfRegion


class BundleDefinition(OfRegion, Reference):
    """
    A bundle (一件事) or a stage of a project, as listed; everything else stands in its current revision.

    Only `catalogue.bundles.services` writes it.
    """

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    summary = models.CharField(max_length=300)
    lead = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    audience = ArrayField(models.CharField(max_length=40))
    life_event = models.CharField(max_length=40)
    current = models.ForeignKey(
        "catalogue.BundleRevision", on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class BundleRevision(Reference):
    """One published bundle, immutable and addressed by its digest; drafts and bundles pin it."""

    append_only = True

    bundle = models.ForeignKey(BundleDefinition, on_delete=models.PROTECT, related_name="revisions")
    number = models.IntegerField()
    digest = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bundle", "number"], name="bundlerevision_number_once")
        ]

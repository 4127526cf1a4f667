"""What follows every migration: partitions, privileges, reference data that every installation has."""

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from mingqu.kernel import partitions, privileges
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.reference import load_all


def after_migrate() -> None:
    """Idempotent; runs as the owner."""
    partitions.make_partitions(partitions.partitioned_tables(), legal_day(timezone.now()))
    privileges.apply()
    autodiscover_modules("reference")
    load_all()
    privileges.apply()

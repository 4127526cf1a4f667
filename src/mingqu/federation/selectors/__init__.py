"""Questions of the report upwards."""

from mingqu.federation.selectors.desk import (
    MOST,
    SOURCES,
    batches,
    days,
    fields_of,
    rejected,
    rejected_now,
    table,
    tables,
    totals,
)
from mingqu.federation.selectors.sources import keys_after, read

__all__ = [
    "MOST",
    "SOURCES",
    "batches",
    "days",
    "fields_of",
    "keys_after",
    "read",
    "rejected",
    "rejected_now",
    "table",
    "tables",
    "totals",
]

"""Commands of the certificates room."""

from mingqu.certificates.firms import offer_firms
from mingqu.certificates.next_steps import next_steps, offer_next_steps
from mingqu.certificates.services.holders import claim_existing
from mingqu.certificates.services.issuing import (
    LICENCE,
    FieldSpec,
    attach_file,
    define_type,
    issue,
    report_delay,
    retry_file,
    revoke,
)
from mingqu.certificates.services.later import cancel, change, mark_used, renew, replace_lost

__all__ = [
    "LICENCE",
    "FieldSpec",
    "attach_file",
    "cancel",
    "change",
    "claim_existing",
    "define_type",
    "issue",
    "mark_used",
    "next_steps",
    "offer_firms",
    "offer_next_steps",
    "renew",
    "replace_lost",
    "report_delay",
    "retry_file",
    "revoke",
]

"""Commands of the certificates room."""

from mingqu.certificates.finding import CaseLink, offer_case_page
from mingqu.certificates.firms import offer_firms, offer_handlers, offer_under_way
from mingqu.certificates.next_steps import next_steps, offer_next_steps
from mingqu.certificates.services.beginning import collected, extend_begin, record_begun
from mingqu.certificates.services.holders import claim_existing
from mingqu.certificates.services.issuing import (
    LICENCE,
    BeginRule,
    FieldSpec,
    attach_file,
    define_type,
    issue,
    report_delay,
    retry_file,
)
from mingqu.certificates.services.later import cancel, change, mark_used, renew, replace_lost
from mingqu.certificates.services.revoking import (
    RevocationOrder,
    decline_revocation,
    propose_revocation,
    revoke,
)
from mingqu.certificates.services.standing import Suspension, restore, suspend
from mingqu.certificates.services.striking import (
    StrikeOffProposal,
    decline_strike_off,
    propose_strike_off,
    strike_off,
)

__all__ = [
    "LICENCE",
    "BeginRule",
    "CaseLink",
    "FieldSpec",
    "RevocationOrder",
    "StrikeOffProposal",
    "Suspension",
    "attach_file",
    "cancel",
    "change",
    "claim_existing",
    "collected",
    "decline_revocation",
    "decline_strike_off",
    "define_type",
    "extend_begin",
    "issue",
    "mark_used",
    "next_steps",
    "offer_case_page",
    "offer_firms",
    "offer_handlers",
    "offer_next_steps",
    "offer_under_way",
    "propose_revocation",
    "propose_strike_off",
    "record_begun",
    "renew",
    "replace_lost",
    "report_delay",
    "restore",
    "retry_file",
    "revoke",
    "strike_off",
    "suspend",
]

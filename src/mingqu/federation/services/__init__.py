"""Commands of the report upwards."""

from mingqu.federation.finding import offer_case_page
from mingqu.federation.services.asking import rescan, resend, resend_all
from mingqu.federation.services.gathering import gather, has_work, look_through
from mingqu.federation.services.marking import mark
from mingqu.federation.services.sending import due, go_on

__all__ = [
    "due",
    "gather",
    "go_on",
    "has_work",
    "look_through",
    "mark",
    "offer_case_page",
    "rescan",
    "resend",
    "resend_all",
]

"""What a case is asked to pay, on its page at the desk."""

from typing import Any

from mingqu.cases import selectors as cases
from mingqu.identity.services import access
from mingqu.kernel.types import Actor
from mingqu.payments import selectors as payments
from mingqu.payments.types import NoticeView


def fees_of(actor: Actor, case: Any) -> list[NoticeView]:
    """For who may open the notices; a service that charges nothing costs no statement. The caller may see the case."""
    charged = any(fee.table for fee in cases.definition_of(case).fees)
    return payments.notices_of_case(case.pk) if charged and access.may(actor, "payment.see") else []

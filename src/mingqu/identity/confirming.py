"""
Showing one's telephone again, for what must not be done by who only found an open session: a code goes to the number of
the account, and comes back on the next page.
"""

from typing import Any

from allauth.account import app_settings
from allauth.core.internal.cryptokit import compare_user_code, generate_user_code

from mingqu.identity.account_errors import ProofOver
from mingqu.identity.errors import WrongCode
from mingqu.identity.services import codes, limits
from mingqu.identity.signin import spend_a_code
from mingqu.kernel.ids import new_id

KEPT = "confirming"  # in the session, which is encrypted


def begin(request: Any, purpose: str, **facts: str) -> None:
    """Send a code for this purpose; `facts` come back with it. Raises TooManyAttempts, CodesUnavailable."""
    phone = request.user.phone
    spend_a_code(request, phone)
    code = generate_user_code(**app_settings.LOGIN_BY_CODE_FORMAT)
    codes.send_code(phone, code, at=request.at)
    request.session[KEPT] = {
        "purpose": purpose,
        "facts": facts,
        "code": code,
        "at": request.at.timestamp(),
        "issue": str(new_id()),
    }


def waits(request: Any, purpose: str) -> dict[str, str] | None:
    """The facts it was begun with, while a code for this purpose is on its way."""
    state = request.session.get(KEPT)
    if not state or state["purpose"] != purpose:
        return None
    if request.at.timestamp() - state["at"] > codes.CODE_MINUTES * 60:
        return None
    return dict(state["facts"])


def prove(request: Any, purpose: str, code: str) -> dict[str, str]:
    """The facts, once: the code was right. Raises ProofOver, WrongCode, TooManyAttempts."""
    facts = waits(request, purpose)
    if facts is None:
        raise ProofOver()
    state = request.session[KEPT]
    limits.spend("code_attempt", state["issue"], at=request.at)
    if not compare_user_code(actual=code, expected=state["code"]):
        raise WrongCode(field="code")
    del request.session[KEPT]
    return facts

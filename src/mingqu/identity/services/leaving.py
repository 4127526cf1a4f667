"""The end of a session, whoever or whatever asks for it."""

from typing import Any

from mingqu.identity.services.accounts import note_sign_out


def end_session(request: Any) -> None:
    """
    Nothing is left of it: signed out (written down for whoever was signed in), codes of drafts and all else forgotten.
    """
    if request.user.is_authenticated:
        note_sign_out(user=request.user, at=request.at)
    request.session.flush()

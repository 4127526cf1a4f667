"""Django's database sessions, encrypted: a row tells nothing to who reads the table or a dump."""

import base64
import binascii
import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from mingqu.kernel.crypto import NotDecryptable, decrypt_bytes, encrypt_bytes
from mingqu.kernel.rows import kept_plans

CONTEXT = b"django_session"
# Every request of somebody signed in begins with it.
_HELD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """What can't be opened (altered, or under a key that is gone) is an empty session: sign in again."""

    def load(self) -> dict[str, Any]:
        with kept_plans() as cursor:
            cursor.execute(_HELD, [self.session_key, timezone.now()])
            held = cursor.fetchone()
        if held is None:
            self._session_key = None
            return {}
        return self.decode(held[0])

    def encode(self, session_dict: dict[str, Any]) -> str:
        data = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(encrypt_bytes(data, context=CONTEXT)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            opened = decrypt_bytes(base64.b64decode(session_data, validate=True), context=CONTEXT)
        except (NotDecryptable, binascii.Error):
            return {}
        found: dict[str, Any] = json.loads(opened)
        return found

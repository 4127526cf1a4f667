"""Django's database sessions, encrypted: a row tells nothing to who reads the table or a dump."""

import base64
import binascii
import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from mingqu.kernel.crypto import NotDecryptable, decrypt_bytes, encrypt_bytes

CONTEXT = b"django_session"


class SessionStore(DatabaseStore):
    """What can't be opened (altered, or under a key that is gone) is an empty session: sign in again."""

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

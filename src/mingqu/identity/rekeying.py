"""Numbers, sessions and second factors, when the master key is exchanged."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction

from mingqu.identity.adapter import SECRET_CONTEXT
from mingqu.identity.models import Capacity, Firm, OutsideLink, PartyNumber, Person, User
from mingqu.identity.sessions import CONTEXT
from mingqu.kernel.crypto import NotDecryptable, decrypt_bytes, encrypt_bytes, key_version
from mingqu.kernel.keyring import keyring
from mingqu.kernel.rotation import OWNER, Store, blind_column, register_index, register_store


def document_of(person: Person) -> str | None:
    return f"{person.document_kind}:{person.document_number}" if person.document_number else None


def number_of(entry: PartyNumber) -> str | None:
    """What the directory's digest is of, read from the party itself."""
    if entry.kind == PartyNumber.Kind.CREDIT_CODE:
        firm = Firm.objects.using(OWNER).filter(pk=entry.party_id).first()
        return firm.credit_code if firm else None
    person = Person.objects.using(OWNER).filter(pk=entry.party_id).first()
    if person is None:
        return None
    return document_of(person) if entry.kind == PartyNumber.Kind.DOCUMENT else person.citizen_number


register_index(blind_column(User, "phone_index", "identity.phone", lambda user: user.phone))
register_index(blind_column(Capacity, "agent_phone_index", "identity.phone", lambda one: one.agent_phone))
register_index(
    blind_column(
        OutsideLink, "subject_index", "identity.outside_subject", lambda one: f"{one.issuer} {one.subject}"
    )
)
register_index(
    blind_column(Person, "citizen_number_index", "identity.citizen_number", lambda p: p.citizen_number)
)
register_index(blind_column(Person, "document_number_index", "identity.document_number", document_of))
register_index(blind_column(PartyNumber, "number_index", "identity.party_number", number_of))


def _is_old(text: str) -> bool:
    try:
        return key_version(base64.b64decode(text, validate=True)) != keyring().active
    except binascii.Error:
        return False  # not encrypted by us: it opens nothing


def _fresh(text: str, context: bytes) -> str:
    opened = decrypt_bytes(base64.b64decode(text), context=context)
    return base64.b64encode(encrypt_bytes(opened, context=context)).decode("ascii")


# Sessions -------------------------------------------------------------------------------------------------------


def _old_sessions() -> list[tuple[str, str]]:
    rows = Session.objects.using(OWNER).values_list("session_key", "session_data")
    return [(key, data) for key, data in rows.iterator(chunk_size=500) if _is_old(data)]


def rekey_sessions() -> int:
    """One that can't be opened is nobody's: it is ended."""
    changed = 0
    for key, data in _old_sessions():
        same = Session.objects.using(OWNER).filter(session_key=key, session_data=data)
        try:
            changed += same.update(session_data=_fresh(data, CONTEXT))
        except NotDecryptable:
            same.delete()
    return changed


# Second factors -------------------------------------------------------------------------------------------------


def _secrets(data: Any, change: Callable[[str], str]) -> Any:
    """The data of an authenticator with its encrypted texts changed: a secret, a seed, a list of codes."""
    changed = dict(data)
    for name in ("secret", "seed"):
        if name in data:
            changed[name] = change(data[name])
    if "migrated_codes" in data:
        changed["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
    return changed


def _old_factors() -> list[int]:
    def old(data: Any) -> bool:
        found: list[str] = []
        _secrets(data, lambda text: found.append(text) or text)  # type: ignore[func-returns-value]
        return any(_is_old(text) for text in found)

    rows = Authenticator.objects.using(OWNER).values_list("pk", "data")
    return [pk for pk, data in rows.iterator(chunk_size=500) if old(data)]


def rekey_factors() -> int:
    changed = 0
    for pk in _old_factors():
        with transaction.atomic(using=OWNER):
            row = Authenticator.objects.using(OWNER).select_for_update().filter(pk=pk).first()
            if row is None:
                continue  # removed meanwhile
            try:
                row.data = _secrets(row.data, lambda text: _fresh(text, SECRET_CONTEXT))
            except NotDecryptable:
                continue  # counted by `left`, which keeps the old key
            row.save(update_fields=["data"])
            changed += 1
    return changed


register_store(Store("identity.sessions", rekey_sessions, lambda: len(_old_sessions())))
register_store(Store("identity.second_factors", rekey_factors, lambda: len(_old_factors())))

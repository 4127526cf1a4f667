"""
Model fields whose values are encrypted in the database, with their data grade.

`EncryptedTextField(grade="L3")` holds text, `EncryptedJSONField` a JSON value. Each is a `bytea` column; the
model and field name are bound into the ciphertext. Neither can be filtered on: look-up goes through a
`BlindIndexField` beside it, which the owner sets with `blind_index(purpose, value)`.
"""

import json
from typing import TYPE_CHECKING, Any

from django.db import models

from mingqu.kernel.crypto import blind_index, decrypt_bytes, encrypt_bytes

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField  # generic for the type checker only

__all__ = ["BlindIndexField", "EncryptedJSONField", "EncryptedTextField", "blind_index"]


class _Encrypted(_Binary):
    def __init__(self, *args: Any, grade: str = "L3", **kwargs: Any) -> None:
        self.grade = grade
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["grade"] = self.grade
        return name, path, args, kwargs

    @property
    def context(self) -> bytes:
        """Also used by `keys rotate`, which re-encrypts raw bytes."""
        return f"{self.model._meta.label_lower}.{self.name}".encode()

    def _encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def _decode(self, data: bytes) -> Any:
        raise NotImplementedError

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        sealed = encrypt_bytes(self._encode(value), context=self.context)
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return self._decode(decrypt_bytes(bytes(value), context=self.context))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is encrypted: look it up by its blind index")
        return super().get_lookup(lookup_name)

    def check(self, **kwargs: Any) -> list[Any]:
        # E170 wants bytes as a default; ours are the values before encryption.
        return [problem for problem in super().check(**kwargs) if problem.id != "fields.E170"]

    def get_default(self) -> Any:
        # BinaryField turns a missing default into b""; here an absent value is None or the given default.
        if self.has_default():
            return self.default() if callable(self.default) else self.default
        return None

    def value_to_string(self, obj: Any) -> str:
        raise TypeError("personal data is not serialised")

    def to_python(self, value: Any) -> Any:
        return value


class EncryptedTextField(_Encrypted):
    """Text, encrypted. Empty text is kept as such; NULL only where `null=True`."""

    def _encode(self, value: Any) -> bytes:
        return str(value).encode()

    def _decode(self, data: bytes) -> str:
        return data.decode()


class EncryptedJSONField(_Encrypted):
    """A JSON value, encrypted as a whole."""

    def _encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    def _decode(self, data: bytes) -> Any:
        return json.loads(data)


class BlindIndexField(_Binary):
    """The 32-byte keyed digest beside an encrypted field; equality look-up only."""

    def __init__(self, *args: Any, purpose: str = "", **kwargs: Any) -> None:
        self.purpose = purpose
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["purpose"] = self.purpose
        return name, path, args, kwargs

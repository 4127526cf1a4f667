"""Rows read by a statement written by hand, where building it through the ORM costs more than running it."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """All columns of a model under the name its table has in the statement; as text they stand in a SELECT."""

    def __init__(self, model: type[M], name: str) -> None:
        self.model = model
        fields = model._meta.concrete_fields
        self._names = [str(field.attname) for field in fields]
        self._decode = [getattr(field, "from_db_value", None) for field in fields]
        self._text = ", ".join(f'{name}."{field.column}"' for field in fields)

    def __str__(self) -> str:
        return self._text

    def __len__(self) -> int:
        return len(self._names)

    def instance(self, values: Sequence[Any]) -> M:
        """As the ORM would have made it of these values."""
        decoded = [
            value if decode is None else decode(value, None, connection)
            for value, decode in zip(values, self._decode, strict=True)
        ]
        return self.model.from_db(connection.alias, self._names, decoded)

"""
Statements written by hand, where building one through the ORM costs more than running it; and such as are sent so often
that the server keeps their plan.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import cycle
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model
from django.db.models.sql import InsertQuery

from mingqu.kernel.postgres.base import BoundCursor

M = TypeVar("M", bound=Model)


def kept_plans() -> Any:
    """
    A cursor for statements that come with every request: once the same text came a few times on a connection,
    PostgreSQL neither parses nor plans it again, which was two fifths of its time.

    The text has to be the same each time (`= ANY(%s)` and no list of placeholders), the type of every value one that
    PostgreSQL finds out, and columns are named: `SELECT *` of a kept plan is refused once a migration added a column.
    """
    return _database().bound_cursor()


def planned_anew() -> Any:
    """The same for long statements whose plan depends on their values: those of lists, by region, day and state."""
    return _database().bound_cursor(BoundCursor)


def _database() -> Any:
    return connections[DEFAULT_DB_ALIAS]


def insert(rows: Sequence[Model]) -> None:
    """Rows of one table, as `bulk_create` would; none is no statement."""
    if rows:
        with kept_plans() as cursor:
            for text, values in insertion(type(rows[0]), rows):
                cursor.execute(text, values)


def read_often(text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement that is sent often."""
    with kept_plans() as cursor:
        cursor.execute(text, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def write_again(row: Model) -> None:
    """All columns of a row that is there, as `save(force_update=True)` would."""
    database, key = _database(), row._meta.pk
    fields = [field for field in row._meta.local_concrete_fields if field is not key]
    values = [field.get_db_prep_save(field.pre_save(row, False), connection=database) for field in fields]
    with kept_plans() as cursor:
        cursor.execute(_update_text(type(row)), [*values, row.pk])


@cache
def _update_text(model: type[Model]) -> str:
    key: Any = model._meta.pk
    fields = [field for field in model._meta.local_concrete_fields if field is not key]
    given = ", ".join(f'"{field.column}" = {_place(field)}' for field in fields)
    return f'UPDATE "{model._meta.db_table}" SET {given} WHERE "{key.column}" = %s'  # noqa: S608


def insertion(model: type[Model], rows: Sequence[Model]) -> Iterator[tuple[str, Any]]:
    """The INSERT of these rows and its values; several where a value is an expression and the ORM writes them."""
    database, fields = _database(), model._meta.local_concrete_fields
    values = [field.pre_save(row, True) for row in rows for field in fields]
    if any(hasattr(value, "resolve_expression") for value in values):
        query = InsertQuery(model)
        query.insert_values(list(fields), list(rows))
        yield from query.get_compiler(connection=database).as_sql()
        return
    into = zip(cycle(fields), values, strict=False)
    ready = [field.get_db_prep_save(value, connection=database) for field, value in into]
    yield _insert_text(model, len(rows)), ready


@lru_cache(maxsize=512)
def _insert_text(model: type[Model], count: int) -> str:
    """The same for every so many rows of a model: the ORM would put it together each time."""
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    row = ", ".join(_place(field) for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {", ".join([f"({row})"] * count)}'  # noqa: S608


def _place(field: Any) -> str:
    """Of a value of this field; an array says its type, which an empty one does not tell."""
    return f"%s::{field.db_type(_database())}" if isinstance(field, ArrayField) else "%s"


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
        database = _database()
        decoded = [
            value if decode is None else decode(value, None, database)
            for value, decode in zip(values, self._decode, strict=True)
        ]
        return self.model.from_db(DEFAULT_DB_ALIAS, self._names, decoded)

    def first(self, text: str, values: Sequence[Any]) -> M | None:
        """The first row of a statement that is sent often and whose columns are these; None without any."""
        with kept_plans() as cursor:
            cursor.execute(text, values)
            row = cursor.fetchone()
        return None if row is None else self.instance(row)

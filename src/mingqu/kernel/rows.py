"""
Statements written by hand, where building one through the ORM costs more than running it; and such as are sent so often
that the server keeps their plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import Model
from django.db.models.sql import InsertQuery, UpdateQuery

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
    values = [
        _given(one, one.field.pre_save(row, False), database)
        for one in _places(type(row))
        if one.field is not key
    ]
    with kept_plans() as cursor:
        cursor.execute(_update_text(type(row)), [*values, row.pk])


@cache
def _update_text(model: type[Model]) -> str:
    key: Any = model._meta.pk
    fields = [field for field in model._meta.local_concrete_fields if field is not key]
    return _update_of(model, fields, [key])


def _update_of(model: type[Model], fields: Sequence[Any], key: Sequence[Any]) -> str:
    given = ", ".join(f'"{field.column}" = {_place(field)}' for field in fields)
    where = " AND ".join(f'"{field.column}" = %s' for field in key)
    return f'UPDATE "{model._meta.db_table}" SET {given} WHERE {where}'  # noqa: S608


def change_of(model: type[Model], pk: Any, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The UPDATE of one row, as `save(update_fields=...)` would send it; where a value is an expression the ORM's."""
    database, meta = _database(), model._meta
    if any(hasattr(value, "resolve_expression") for value in values.values()):
        query: Any = model._base_manager.filter(pk=pk).query.chain(UpdateQuery)
        query.add_update_fields([(meta.get_field(name), None, value) for name, value in values.items()])
        text, given = query.get_compiler(connection=database).as_sql()
        return text, list(given)
    key: Any = pk if isinstance(pk, tuple) else (pk,)
    given = [_given(_held(model, name), value, database) for name, value in values.items()]
    text = _change_text(model, tuple(values))
    return text, [
        *given,
        *(_given(one, value, database) for one, value in zip(_keys(model), key, strict=True)),
    ]


@lru_cache(maxsize=512)
def _change_text(model: type[Model], names: tuple[str, ...]) -> str:
    keys = [one.field for one in _keys(model)]
    return _update_of(model, [_held(model, name).field for name in names], keys)


class _Held:
    """
    A column, and the kinds of values the ORM would send as they are; the others, and what a field of ours encrypts, are
    made ready by the field.
    """

    __slots__ = ("field", "kinds", "name")

    def __init__(self, field: Any) -> None:
        self.field, self.name = field, field.attname
        of = field
        while type(of) in (models.ForeignKey, models.OneToOneField):
            of = of.target_field
        stamped = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        self.kinds = frozenset() if stamped else _SENT_AS_THEY_ARE.get(type(of), frozenset())


_NOTHING = type(None)
_SENT_AS_THEY_ARE: dict[type, frozenset[type]] = {
    models.CharField: frozenset({str, _NOTHING}),
    models.TextField: frozenset({str, _NOTHING}),
    models.UUIDField: frozenset({UUID, _NOTHING}),
    models.BooleanField: frozenset({bool, _NOTHING}),
    models.DateField: frozenset({date, _NOTHING}),
    models.DateTimeField: frozenset({datetime, _NOTHING}),
    models.JSONField: frozenset({_NOTHING}),
    models.SmallIntegerField: frozenset({_NOTHING}),
    models.PositiveSmallIntegerField: frozenset({_NOTHING}),
    models.IntegerField: frozenset({_NOTHING}),
    models.PositiveIntegerField: frozenset({_NOTHING}),
    models.BigIntegerField: frozenset({_NOTHING}),
}


@cache
def _places(model: type[Model]) -> tuple[_Held, ...]:
    return tuple(_Held(field) for field in model._meta.local_concrete_fields)


@cache
def _held(model: type[Model], name: str) -> _Held:
    return _Held(model._meta.get_field(name))


@cache
def _keys(model: type[Model]) -> tuple[_Held, ...]:
    return tuple(_Held(field) for field in model._meta.pk_fields)


def _given(one: _Held, value: Any, database: Any) -> Any:
    """A value as the database gets it."""
    kind = type(value)
    # An instant without offset is told of by its field.
    if kind in one.kinds and (kind is not datetime or value.tzinfo is not None):
        return value
    return one.field.get_db_prep_save(value, connection=database)


def insertion(model: type[Model], rows: Sequence[Model]) -> Iterator[tuple[str, Any]]:
    """The INSERT of these rows and its values; several where a value is an expression and the ORM writes them."""
    database, places, ready = _database(), _places(model), []
    for row in rows:
        for one in places:
            value = getattr(row, one.name) if one.kinds else one.field.pre_save(row, True)
            if type(value) not in one.kinds and hasattr(value, "resolve_expression"):
                yield from _written_by_the_orm(model, rows)
                return
            ready.append(_given(one, value, database))
    yield _insert_text(model, len(rows)), ready


def _written_by_the_orm(model: type[Model], rows: Sequence[Model]) -> Iterator[tuple[str, Any]]:
    query = InsertQuery(model)
    query.insert_values(list(model._meta.local_concrete_fields), list(rows))
    yield from query.get_compiler(connection=_database()).as_sql()


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
    """
    All columns of a model under the name its table has in the statement, or `only` these; as text they stand in a
    SELECT.
    """

    def __init__(self, model: type[M], name: str, only: Sequence[str] = ()) -> None:
        self.model = model
        fields = [field for field in model._meta.concrete_fields if not only or field.attname in only]
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

"""Statements whose plan the server keeps: what they answer, when they are kept, and what must not break them."""

from datetime import date
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import DataError, connection, transaction
from django.db.models import BinaryField, F, Value
from django.db.models.functions import Lower
from django.db.models.sql import InsertQuery, UpdateQuery
from django.test.utils import CaptureQueriesContext

from mingqu.kernel.models import DeadLetter, Delivery
from mingqu.kernel.postgres.base import require_open
from mingqu.kernel.rows import Columns, change_of, insert, insertion, kept_plans, planned_anew, read_often
from mingqu.kernel.tests.test_commands import NOON

OFTEN = 8  # more than settings' prepare_threshold
LETTER = Columns(DeadLetter, "d")
ONE = f"SELECT {LETTER} FROM kernel_deadletter d WHERE d.root_id = %s"


def letter(root_id, **more):
    names = {"subscriber": "test.kept", "event_name": "100%", "error": "", "first_at": NOON, "last_at": NOON}
    return DeadLetter(root_id=root_id, event_id=uuid4(), **names | more)


def plans_like(text):
    """How many of this connection's kept plans hold this text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0", [text]
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_what_comes_again_is_planned_once_and_answers_as_the_orm_does():
    root = uuid4()
    insert([letter(root)])
    for _ in range(OFTEN):
        found = LETTER.first(ONE, [root])
    assert plans_like("FROM kernel_deadletter d WHERE") == 1
    row = DeadLetter.objects.get(root_id=root)
    assert [getattr(found, f.attname) for f in found._meta.concrete_fields] == [
        getattr(row, f.attname) for f in row._meta.concrete_fields
    ]
    assert LETTER.first(ONE, [uuid4()]) is None


@pytest.mark.django_db
def test_a_plan_that_depends_on_its_values_is_not_kept():
    for _ in range(OFTEN):
        with planned_anew() as cursor:
            cursor.execute("SELECT 'planned anew', %s::int", [1])
            assert cursor.fetchone() == ("planned anew", 1)
    assert plans_like("'planned anew'") == 0


@pytest.mark.django_db
def test_a_per_cent_sign_and_a_value_that_looks_like_a_place_stay_what_they_are():
    assert read_often("SELECT '5%%', %s::text, %s::text", ["%s", "$1"]) == [("5%", "%s", "$1")]


@pytest.mark.django_db
def test_a_refusal_in_between_leaves_kept_statements_usable():
    root = uuid4()
    for _ in range(OFTEN):
        LETTER.first(ONE, [root])
    with pytest.raises(DataError), transaction.atomic():
        read_often("SELECT 1 / %s::int", [0])
    insert([letter(root)])
    assert LETTER.first(ONE, [root]) is not None


@pytest.mark.django_db
def test_a_new_column_does_not_break_a_kept_plan():
    """A migration runs while the site does: columns are named, so the answer keeps its shape."""
    root = uuid4()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept_one (root_id uuid, words text)")
        cursor.execute("INSERT INTO kept_one VALUES (%s, 'one')", [root])
        for _ in range(OFTEN):
            read_often("SELECT k.words FROM kept_one k WHERE k.root_id = %s", [root])
        cursor.execute("ALTER TABLE kept_one ADD COLUMN more text")
    assert read_often("SELECT k.words FROM kept_one k WHERE k.root_id = %s", [root]) == [("one",)]


@pytest.mark.django_db
def test_rows_are_inserted_as_the_orm_would_an_expression_included():
    root = uuid4()
    insert([letter(root), letter(root, subscriber="test.other")])
    insert([letter(root, subscriber=Lower(Value("TEST.THIRD")))])
    assert sorted(DeadLetter.objects.filter(root_id=root).values_list("subscriber", flat=True)) == [
        "test.kept", "test.other", "test.third",
    ]  # fmt: skip
    insert([])
    insert([Delivery(root_id=root, event_id=uuid4(), subscriber="test.kept")])
    assert Delivery.objects.filter(root_id=root).count() == 1


@pytest.mark.django_db
def test_who_looks_at_statements_sees_their_values():
    root = uuid4()
    with CaptureQueriesContext(connection) as seen:
        LETTER.first(ONE, [root])
    assert root.hex in seen[0]["sql"]


@pytest.mark.django_db
def test_a_connection_that_the_server_ended_is_not_handed_out():
    given = connection.get_connection_params()
    own = {name: given[name] for name in ("dbname", "user", "password", "host", "port") if given.get(name)}
    with psycopg.connect(**own, autocommit=True) as other:
        require_open(other)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [other.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            require_open(other)


@pytest.mark.django_db
def test_a_cursor_is_closed_with_its_block():
    with kept_plans() as cursor:
        cursor.execute("SELECT 1")
    assert cursor.closed


def every_model():
    """Those whose values do not come out different each time, as what is encrypted does."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("mingqu.")
        and not any(isinstance(field, BinaryField) and field.editable for field in model._meta.fields)
    ]


VALUES = {
    "CharField": "字",
    "TextField": "",
    "UUIDField": uuid4(),
    "BooleanField": True,
    "DateField": date(2026, 11, 23),
    "DateTimeField": NOON,
}


def filled(model, filling):
    """A row whose every column has a value of its kind (or none), as a command would have set it."""
    row = model()
    for field in model._meta.local_concrete_fields:
        of = field
        while of.is_relation:
            of = of.target_field
        value = None if filling is None else VALUES.get(of.get_internal_type())
        if value is None and of.get_internal_type().endswith("IntegerField"):
            value = filling
        setattr(row, field.attname, value)
    return row


@pytest.mark.parametrize("filling", [None, 7])
def test_rows_of_every_model_are_written_with_the_values_the_orm_would_send(filling):
    models = every_model()
    assert len(models) > 100
    for model in models:
        row = filled(model, filling)
        query = InsertQuery(model)
        query.insert_values(list(model._meta.local_concrete_fields), [row])
        ((_, theirs),) = query.get_compiler(connection=connection).as_sql()
        ((_, ours),) = insertion(model, [row])
        assert told(ours) == told(theirs), model


def test_rows_of_every_model_are_changed_with_the_statement_the_orm_would_send():
    for model in every_model():
        row, meta = filled(model, 7), model._meta
        values = {
            field.name: getattr(row, field.attname)
            for field in meta.local_concrete_fields
            if field not in meta.pk_fields
            and not field.is_relation
            and getattr(row, field.attname) is not None
        }  # NULL stands in the ORM's text, and here beside it, for the text to stay the same
        if not values:
            continue
        query = model._base_manager.filter(pk=row.pk).query.chain(UpdateQuery)
        query.add_update_fields([(meta.get_field(name), None, value) for name, value in values.items()])
        text, theirs = query.get_compiler(connection=connection).as_sql()
        said, ours = change_of(model, row.pk, values)
        assert told(ours) == told(theirs), model
        changed, _, where = said.partition(" WHERE ")
        assert changed == text.partition(" WHERE ")[0], model
        assert where == " AND ".join(f'"{field.column}" = %s' for field in meta.pk_fields), model


def told(values):
    return [(type(value), str(value)) for value in values]


def test_an_expression_is_left_to_the_orm():
    text, _ = change_of(DeadLetter, (uuid4(), uuid4(), "a"), {"attempts": F("attempts") + 1})
    assert '"attempts" = ("kernel_deadletter"."attempts" + %s)' in text

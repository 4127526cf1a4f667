"""
Tables partitioned by month, made by one helper in migrations and three months ahead by the scheduler.

A model names its column in `partitioned_by`; Django's state sees an ordinary table. Rows of a month without
a partition go to the default partition, so a late job loses nothing.
"""

from datetime import date

from django.db import connections, migrations, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.migrations.state import ProjectState, StateApps

MONTHS_AHEAD = 3


def _month(day: date, ahead: int) -> date:
    index = day.year * 12 + day.month - 1 + ahead
    return date(index // 12, index % 12 + 1, 1)


def partition_by_month(app_label: str, model_name: str, column: str) -> migrations.RunPython:
    """
    Turn the still empty table of a model into one partitioned by month of `column`.

    After what makes the table. What Django deferred to the end of the same migration is dropped with the flat table.
    """

    def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        model = apps.get_model(app_label, model_name)
        table = model._meta.db_table
        key = ", ".join(f'"{field.column}"' for field in model._meta.pk_fields)
        schema_editor.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_flat"')
        schema_editor.execute(
            f'CREATE TABLE "{table}" (LIKE "{table}_flat" INCLUDING DEFAULTS INCLUDING CONSTRAINTS) '
            f'PARTITION BY RANGE ("{column}")'
        )
        schema_editor.execute(f'DROP TABLE "{table}_flat"')
        schema_editor.deferred_sql = [
            one
            for one in schema_editor.deferred_sql
            if not (isinstance(one, Statement) and one.references_table(table))
        ]
        schema_editor.execute(f'ALTER TABLE "{table}" ADD PRIMARY KEY ({key})')
        schema_editor.execute(f'CREATE TABLE "{table}_default" PARTITION OF "{table}" DEFAULT')
        for index in model._meta.indexes:
            schema_editor.add_index(model, index)

    def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """The table itself is dropped by the migration that made it."""

    return _OfOneModel(forwards, backwards, elidable=False)


class _OfOneModel(migrations.RunPython):
    """Django renders every model anew before code that may follow relations; this code reads one table's columns."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            self.code(from_state.apps, schema_editor)


def make_partitions(tables: list[tuple[str, str]], today: date, *, alias: str = "owner") -> list[str]:
    """
    Make the partitions of this month and the next three for each (table, column); the made names.

    A month whose rows already stand in the default partition is left there: moving rows is an operator's
    planned step.
    """
    made = []
    with connections[alias].cursor() as cursor:
        for table, column in tables:
            for ahead in range(MONTHS_AHEAD + 1):
                first, following = _month(today, ahead), _month(today, ahead + 1)
                name = f"{table}_{first:%Y_%m}"
                cursor.execute("SELECT to_regclass(%s)", [name])
                if cursor.fetchone()[0]:
                    continue
                bounds = [f"{first.isoformat()} 00:00+08", f"{following.isoformat()} 00:00+08"]
                cursor.execute(
                    f'SELECT EXISTS (SELECT FROM "{table}_default"'  # noqa: S608 - names of our own models
                    f' WHERE "{column}" >= %s AND "{column}" < %s)',
                    bounds,
                )
                if cursor.fetchone()[0]:
                    continue
                cursor.execute(
                    f'CREATE TABLE "{name}" PARTITION OF "{table}" '
                    f"FOR VALUES FROM ('{bounds[0]}') TO ('{bounds[1]}')"
                )
                made.append(name)
    return made


def partitioned_tables() -> list[tuple[str, str]]:
    """(table, column) of every model that names `partitioned_by`."""
    from django.apps import apps

    return [
        (model._meta.db_table, column)
        for model in apps.get_models()
        if (column := getattr(model, "partitioned_by", None))
    ]

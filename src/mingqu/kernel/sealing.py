"""
A column in the clear becomes an encrypted one, in migrations: its rows are written anew, by batches.

The migration renames the old column, adds the encrypted field under the old name, and has this fill it; the next
migration drops the old column, so that no row waits for a trigger when the table is altered again.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from mingqu.kernel.crypto import encrypt_bytes

BATCH = 500


def seal_column(app_label: str, model_name: str, plain: str, sealed: str) -> migrations.RunPython:
    """From the text column `plain` into the encrypted field `sealed` of the same row. Empty text keeps the default."""

    def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        model = apps.get_model(app_label, model_name)
        manager = model._default_manager.using(schema_editor.connection.alias)
        context = f"{model._meta.label_lower}.{sealed}".encode()  # as fields._Encrypted binds it
        keys = [field.column for field in model._meta.pk_fields]
        where = " AND ".join(f'"{key}" = %s' for key in keys)
        change = f'UPDATE "{model._meta.db_table}" SET "{sealed}" = %s WHERE {where}'  # noqa: S608  our own names
        rows = manager.exclude(**{plain: ""}).values_list(*[f.attname for f in model._meta.pk_fields], plain)
        with schema_editor.connection.cursor() as cursor:
            for *key, text in rows.iterator(chunk_size=BATCH):
                cursor.execute(change, [encrypt_bytes(text.encode(), context=context), *key])

    def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """The clear text was dropped: it is not brought back."""

    return migrations.RunPython(forwards, backwards, elidable=False)

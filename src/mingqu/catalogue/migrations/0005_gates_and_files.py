from django.db import migrations, models

import mingqu.kernel.ids


def what_is_listed_can_be_applied_for(apps, schema_editor):
    """Until now nothing was published that could not."""
    items = apps.get_model("catalogue", "ServiceItem").objects.using(schema_editor.connection.alias)
    items.exclude(current=None).update(applicable=True)


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0004_bundles"),
    ]

    operations = [
        migrations.AddField(
            model_name="serviceitem",
            name="handling_kind",
            field=models.CharField(default="on_application", max_length=16),
        ),
        migrations.AddField(
            model_name="serviceitem",
            name="applicable",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="DefinitionFile",
            fields=[
                ("id", models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(max_length=4)),
                ("content", models.BinaryField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunPython(what_is_listed_can_be_applied_for, migrations.RunPython.noop),
    ]

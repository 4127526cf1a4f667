import django.db.models.deletion
from django.db import migrations, models

import mingqu.kernel.fields
import mingqu.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("regulation", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PutOff",
            fields=[
                ("id", models.UUIDField(default=mingqu.kernel.ids.new_id)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "supervised_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("was_on", models.DateField()),
                ("next_on", models.DateField()),
                ("reason", mingqu.kernel.fields.EncryptedTextField(editable=True, grade="L3")),
                ("post_id", models.UUIDField(null=True)),
                ("person_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "supervised",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="put_off",
                        to="regulation.supervised",
                    ),
                ),
            ],
        ),
    ]

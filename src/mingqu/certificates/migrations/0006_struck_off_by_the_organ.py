from django.db import migrations, models

import mingqu.kernel.fields
import mingqu.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0005_revocations"),
    ]

    operations = [
        migrations.CreateModel(
            name="StrikeOff",
            fields=[
                ("root_id", models.UUIDField()),
                ("id", models.UUIDField(default=mingqu.kernel.ids.new_id)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "root_id", "id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ground", models.CharField(max_length=12)),
                ("basis", mingqu.kernel.fields.EncryptedTextField(editable=True, grade="L3")),
                ("reason", mingqu.kernel.fields.EncryptedTextField(editable=True, grade="L3")),
                ("proof", mingqu.kernel.fields.EncryptedTextField(default="", editable=True, grade="L3")),
                ("post_id", models.UUIDField(null=True)),
                ("person_id", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["root_id", "-at"], name="strikeoff_of_certificate")],
            },
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(
                condition=models.Q(("status__in", ("revoked", "withdrawn"))),
                fields=["organ_code", "id"],
                name="certificate_to_strike_off",
            ),
        ),
    ]

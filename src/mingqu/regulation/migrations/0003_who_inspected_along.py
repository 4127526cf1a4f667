from django.db import migrations, models

import mingqu.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("regulation", "0002_why_it_was_put_off"),
    ]

    operations = [
        migrations.AddField(
            model_name="inspection",
            name="second_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="inspection",
            name="second_name",
            field=mingqu.kernel.fields.EncryptedTextField(default="", editable=True, grade="L3"),
        ),
    ]

from django.db import migrations

import mingqu.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0003_what_everyone_may_read"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="locked_because",
            field=mingqu.kernel.fields.EncryptedTextField(editable=True, grade="L3", null=True),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models

import mingqu.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0001_initial"),
        ("voice", "0002_told_once_that_it_is_late"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="passed_from",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="identity.department",
            ),
        ),
        migrations.AddField(model_name="ticket", name="passed_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="ticket",
            name="passed_because",
            field=mingqu.kernel.fields.EncryptedTextField(editable=True, grade="L3", null=True),
        ),
        migrations.AddField(
            model_name="ticket", name="passes", field=models.SmallIntegerField(db_default=0, default=0)
        ),
    ]

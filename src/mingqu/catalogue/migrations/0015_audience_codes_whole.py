import django.contrib.postgres.fields
from django.db import migrations, models

AUDIENCE = models.CharField(max_length=40)  # unincorporated_enterprise has 25; a cast to 24 cut it silently


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0014_names_of_handling_items"),
    ]

    operations = [
        migrations.AlterField(
            model_name="serviceitem",
            name="audience",
            field=django.contrib.postgres.fields.ArrayField(base_field=AUDIENCE, size=None),
        ),
        migrations.AlterField(
            model_name="bundledefinition",
            name="audience",
            field=django.contrib.postgres.fields.ArrayField(base_field=AUDIENCE, size=None),
        ),
        migrations.AlterField(
            model_name="searchentry",
            name="audience",
            field=django.contrib.postgres.fields.ArrayField(base_field=AUDIENCE, default=list, size=None),
        ),
    ]

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("redesign", "0002_cases_go_by_another_process")]

    operations = [
        migrations.AddField(
            model_name="flowmovecase",
            name="notes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=300), db_default=[], default=list, size=None
            ),
        ),
    ]

from django.db import migrations, models


def unit() -> models.CharField:
    return models.CharField(db_default="", default="", max_length=16)


class Migration(migrations.Migration):
    dependencies = [("redesign", "0003_what_becomes_of_what_waits")]

    operations = [
        migrations.AddField("reengineered", "promised_unit_before", unit()),
        migrations.AddField("reengineered", "promised_unit_after", unit()),
        migrations.AddField("reengineered", "statutory_unit_before", unit()),
        migrations.AddField("reengineered", "statutory_unit_after", unit()),
    ]

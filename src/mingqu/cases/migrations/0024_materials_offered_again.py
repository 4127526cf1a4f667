from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_own_open_cases")]

    operations = [
        migrations.AddField(
            model_name="casematerial",
            name="offered",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]

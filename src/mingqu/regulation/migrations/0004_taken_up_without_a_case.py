from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regulation", "0003_who_inspected_along"),
    ]

    operations = [
        migrations.AlterField(
            model_name="supervised",
            name="case_id",
            field=models.UUIDField(null=True),
        ),
    ]

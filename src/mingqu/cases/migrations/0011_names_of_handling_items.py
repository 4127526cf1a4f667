from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0010_real_items"),
    ]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="handling_item",
            field=models.CharField(max_length=200),
        ),
    ]

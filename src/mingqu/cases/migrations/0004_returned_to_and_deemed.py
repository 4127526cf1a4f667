from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_what_is_owed"),
    ]

    operations = [
        migrations.AddField(
            model_name="opinion",
            name="returned_to",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AlterField(
            model_name="decision",
            name="post_id",
            field=models.UUIDField(null=True),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0008_revoked_by_two"),
    ]

    operations = [
        migrations.AddField(
            model_name="strikeoff",
            name="reconsideration_organ",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="strikeoff",
            name="court",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]

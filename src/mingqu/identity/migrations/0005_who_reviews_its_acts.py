from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0004_why_an_account_is_locked"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="review_organ",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]

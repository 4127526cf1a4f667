from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("catalogue", "0011_review_deeds")]

    operations = [
        migrations.AddField("importbatch", "content", models.BinaryField(null=True)),
        migrations.AddField("importbatch", "defaults", models.BooleanField(default=False)),
    ]

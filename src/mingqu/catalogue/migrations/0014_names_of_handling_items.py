from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0013_doubtful_guides"),
    ]

    operations = [
        migrations.AlterField(
            model_name="handlingplan",
            name="name",
            field=models.CharField(max_length=200),
        ),
    ]

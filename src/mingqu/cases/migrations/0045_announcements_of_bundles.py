from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0044_when_it_is_expected_to_be_over'),
    ]

    operations = [
        migrations.AlterField(
            model_name='announcement',
            name='case_number',
            field=models.CharField(max_length=24),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0003_follow_ups'),
    ]

    operations = [
        migrations.AlterField(
            model_name='rating',
            name='channel',
            field=models.CharField(choices=[('online', '网上'), ('window', '窗口评价器')], default='online', max_length=12),
        ),
    ]

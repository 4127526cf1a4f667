from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0045_announcements_of_bundles'),
    ]

    operations = [
        migrations.AddField(
            model_name='archiverecord',
            name='lasting',
            field=models.JSONField(null=True),
        ),
    ]

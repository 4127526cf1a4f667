from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_handling_items'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='revision',
            name='plan_digest',
        ),
    ]

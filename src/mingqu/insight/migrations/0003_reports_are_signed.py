from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insight', '0002_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='recounted_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='signed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='signed_by',
            field=models.UUIDField(null=True),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('signed_by', None)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='report_signed_by_somebody'),
        ),
    ]

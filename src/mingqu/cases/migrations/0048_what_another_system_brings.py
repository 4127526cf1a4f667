from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('cases', '0047_what_came_from_outside')]

    operations = [
        migrations.AddField(
            model_name='arrival',
            name='system',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
        migrations.AlterField(model_name='arrival', name='post_id', field=models.UUIDField(null=True)),
        migrations.AlterField(model_name='arrival', name='person_id', field=models.UUIDField(null=True)),
        migrations.AddConstraint(
            model_name='arrival',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(('person_id__isnull', False), ('post_id__isnull', False), ('system', '')),
                    models.Q(
                        models.Q(('system', ''), _negated=True),
                        ('person_id__isnull', True),
                        ('post_id__isnull', True),
                    ),
                    _connector='OR',
                ),
                name='arrival_by_officer_or_system',
            ),
        ),
    ]

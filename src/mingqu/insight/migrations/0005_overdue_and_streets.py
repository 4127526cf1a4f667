from django.db import migrations, models

PLACE = ("department_id", "day", "item_code", "region_code", "channel", "post_id", "clerk_id")
WITH_STREET = ("department_id", "day", "item_code", "region_code", "street_code", "channel", "post_id", "clerk_id")


def keyed(columns):
    return (
        "ALTER TABLE insight_dayfigures DROP CONSTRAINT insight_dayfigures_pkey,"
        f" ADD CONSTRAINT insight_dayfigures_pkey PRIMARY KEY ({', '.join(columns)})"
    )


# Back to the shorter key, what differed in the street alone would be twice there: `mingqu statistics rebuild` counts anew.
EMPTIED = "TRUNCATE insight_dayfigures"


class Migration(migrations.Migration):

    dependencies = [
        ('insight', '0004_counted_again_in_a_job'),
    ]

    operations = [
        migrations.AddField(
            model_name='casefacts',
            name='overdue_from',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='casefacts',
            name='street_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
        migrations.AddField(
            model_name='dayfigures',
            name='street_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=12),
        ),
        migrations.AddIndex(
            model_name='casefacts',
            index=models.Index(
                condition=models.Q(('overdue_from__isnull', False)),
                fields=['ended_on', 'overdue_from'],
                name='facts_overdue',
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(migrations.RunSQL.noop, EMPTIED),
                migrations.RunSQL(keyed(WITH_STREET), keyed(PLACE)),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='dayfigures',
                    name='pk',
                    field=models.CompositePrimaryKey(*WITH_STREET, blank=True, editable=False, primary_key=True, serialize=False),
                ),
            ],
        ),
    ]

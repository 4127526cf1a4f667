from django.db import migrations, models

# Cases in a special procedure now: the day that stands in the ledger of their clock. A payment waited for has none.
TOLD = """
UPDATE cases_case c SET suspended_until = (
  SELECT e.expected_until FROM clocks_clockentry e
   WHERE e.root_id = c.id AND e.action = 'pause' AND e.expected_until IS NOT NULL
   ORDER BY e.recorded_at DESC, e.seq DESC LIMIT 1)
 WHERE c.suspended_since IS NOT NULL AND c.suspended_ground <> 'payment'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0043_served_by_announcement'),
        ('clocks', '0003_issuing_organ_in_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='suspended_until',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='suspension_told',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('suspended_until__isnull', False)), fields=['suspended_until', 'id'], name='case_expected'),
        ),
    ]

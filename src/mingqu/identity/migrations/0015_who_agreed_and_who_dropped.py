from django.db import migrations, models
from django.db.models import F, Q


def _dropped(apps, schema_editor):
    rows = apps.get_model("identity", "DepartmentChange").objects.using(schema_editor.connection.alias)
    return rows.filter(state="dropped")


def who_dropped_it(apps, schema_editor):
    """Until now whoever answered last stood in one place: of what was dropped that was who dropped it."""
    dropped = _dropped(apps, schema_editor)
    dropped.update(
        dropped_at=F("answered_at"), dropped_by=F("answered_by"), answered_at=None, answered_by=None
    )


def who_answered_last(apps, schema_editor):
    dropped = _dropped(apps, schema_editor)
    dropped.update(answered_at=F("dropped_at"), answered_by=F("dropped_by"))


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0014_departments_that_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="departmentchange",
            name="asked_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="departmentchange",
            name="dropped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="departmentchange",
            name="dropped_by",
            field=models.UUIDField(null=True),
        ),
        migrations.RunPython(who_dropped_it, who_answered_last),
        migrations.AddConstraint(
            model_name="departmentchange",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(
                        ("dropped_at__isnull", False),
                        ("dropped_by__isnull", False),
                        ("state", "dropped"),
                    ),
                    Q(
                        Q(("state", "dropped"), _negated=True),
                        ("dropped_at__isnull", True),
                        ("dropped_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="department_change_dropped",
            ),
        ),
    ]

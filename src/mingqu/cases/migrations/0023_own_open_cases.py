from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Lists of a province with a million cases: one's own that go on, the order of receipt, those of an item."""

    dependencies = [
        ("cases", "0022_drop_what_is_sealed"),
        ("catalogue", "0021_items_of_a_region"),
        ("identity", "0004_why_an_account_is_locked"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(("status__in", ["received", "correction", "accepted", "decided"])),
                fields=["applicant_id", "-id"],
                name="case_applicant_open",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(("status", "archived"), _negated=True),
                fields=["status", "received_on", "id"],
                name="case_unarchived_received",
            ),
        ),
        migrations.RemoveIndex(model_name="case", name="case_decided_of_item"),
        migrations.AddIndex(
            model_name="case", index=models.Index(fields=["item_code", "-id"], name="case_of_item")
        ),
    ]

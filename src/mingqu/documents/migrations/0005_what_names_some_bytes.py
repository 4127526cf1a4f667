from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether any row names some bytes is asked before they go (decision 0034)."""

    atomic = False

    dependencies = [
        ("documents", "0004_no_characters_of_names"),
    ]

    operations = [
        AddIndexConcurrently("storedfile", models.Index(models.F("address"), name="storedfile_address")),
    ]

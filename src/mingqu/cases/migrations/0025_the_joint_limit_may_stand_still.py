from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0024_materials_offered_again"),
    ]

    operations = [
        migrations.RemoveConstraint("bundle", "bundle_handling_has_limit"),
        migrations.AddConstraint(
            "bundle",
            models.CheckConstraint(
                condition=models.Q(("status", "handling"), _negated=True)
                | models.Q(("accepted_on__isnull", False)),
                name="bundle_handling_was_accepted",
            ),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    """
    The officer's words on suspension, 撤销 and 注销 stand encrypted with the deed; their copy in the clear goes. They are
    emptied first: a column that is dropped stays in the rows on disk until these are written again.
    """

    dependencies = [
        ("certificates", "0006_struck_off_by_the_organ"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE certificates_certificate SET status_reason = '' WHERE status_reason <> ''",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(model_name="certificate", name="status_reason"),
        migrations.AlterField(
            model_name="measure",
            name="kind",
            field=models.CharField(
                choices=[("suspended", "暂停使用"), ("restored", "恢复使用"), ("put_off", "延期开工")],
                max_length=12,
            ),
        ),
    ]

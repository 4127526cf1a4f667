from django.db import migrations


class Migration(migrations.Migration):
    """Why a paper failed named the rare characters of a name: they go, the sentence stays."""

    dependencies = [
        ("documents", "0003_reads_by_month"),
    ]

    operations = [
        migrations.RunSQL(
            "UPDATE documents_documentrequest SET detail = regexp_replace(detail, '（U[+][^）]*）', '')"
            " WHERE reason = 'glyph_missing'",
            migrations.RunSQL.noop,
        ),
    ]

from django.db import migrations, models

import mingqu.kernel.fields
from mingqu.kernel.sealing import seal_column


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0020_the_one_form_corrected"),
    ]

    operations = [
        migrations.RenameField("serviceofpaper", "proof", "proof_plain"),
        migrations.AddField(
            "serviceofpaper",
            "proof",
            mingqu.kernel.fields.EncryptedTextField(default="", editable=True, grade="L3"),
        ),
        seal_column("cases", "ServiceOfPaper", "proof_plain", "proof"),
        migrations.RenameField("project", "name", "name_plain"),
        migrations.AlterField("project", "name_plain", models.CharField(default="", max_length=200)),
        migrations.AddField(
            "project",
            "name",
            mingqu.kernel.fields.EncryptedTextField(default="", editable=True, grade="L3"),
        ),
        seal_column("cases", "Project", "name_plain", "name"),
    ]

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_seal_proofs_and_names_of_projects"),
    ]

    operations = [
        migrations.RemoveField("serviceofpaper", "proof_plain"),
        migrations.RemoveField("project", "name_plain"),
    ]

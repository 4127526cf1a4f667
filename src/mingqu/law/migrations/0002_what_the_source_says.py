from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("law", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="lawversion", name="preamble"),
        migrations.RemoveField(model_name="lawversion", name="running"),
    ]

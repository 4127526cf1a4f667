import mingqu.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0048_what_another_system_brings'),
    ]

    operations = [
        migrations.AddField(
            model_name='bundle',
            name='by_post',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='bundle',
            name='sent_to',
            field=mingqu.kernel.fields.EncryptedJSONField(editable=True, grade='L3', null=True),
        ),
    ]

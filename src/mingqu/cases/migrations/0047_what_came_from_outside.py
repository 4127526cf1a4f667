import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import mingqu.kernel.fields
import mingqu.kernel.ids


class Migration(migrations.Migration):

    dependencies = [('cases', '0046_what_of_a_package_lasts')]

    operations = [
        migrations.CreateModel(
            name='Arrival',
            fields=[
                ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                ('pk', models.CompositePrimaryKey('case_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('node', models.CharField(max_length=128)),
                ('name', models.CharField(max_length=200)),
                ('came_on', models.DateField()),
                ('text', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                ('file_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('post_id', models.UUIDField()),
                ('person_id', models.UUIDField()),
                ('deputy_for', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='arrivals', to='cases.case')),
            ],
        ),
    ]

import django.contrib.postgres.fields
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('insight', '0001_initial'), ('insight', '0002_reports'), ('insight', '0003_reports_are_signed')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='CaseFacts',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('department_id', models.UUIDField()),
                        ('item_code', models.CharField(max_length=64)),
                        ('item_type', models.CharField(max_length=16)),
                        ('region_code', models.CharField(max_length=12)),
                        ('channel', models.CharField(max_length=12)),
                        ('post_id', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                        ('clerk_id', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                        ('received_on', models.DateField()),
                        ('accepted_on', models.DateField(null=True)),
                        ('ended_on', models.DateField(null=True)),
                        ('ending', models.CharField(blank=True, default='', max_length=12)),
                        ('timing', models.CharField(blank=True, default='', max_length=8)),
                        ('in_bundle', models.BooleanField(default=False)),
                        ('owed', models.BooleanField(default=False)),
                        ('electronic', models.BooleanField(default=False)),
                        ('visits', models.SmallIntegerField(default=0)),
                        ('promised_days', models.IntegerField(default=0)),
                        ('statutory_days', models.IntegerField(default=0)),
                        ('corrections', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), default=list, size=None)),
                        ('rated_on', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), default=list, size=None)),
                        ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), default=list, size=None)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['received_on', 'id'], name='facts_received'), models.Index(fields=['accepted_on', 'id'], name='facts_accepted'), models.Index(fields=['ended_on', 'id'], name='facts_ended')],
                    },
                ),
                migrations.CreateModel(
                    name='DayFigures',
                    fields=[
                        ('department_id', models.UUIDField()),
                        ('item_code', models.CharField(max_length=64)),
                        ('item_type', models.CharField(max_length=16)),
                        ('region_code', models.CharField(max_length=12)),
                        ('channel', models.CharField(max_length=12)),
                        ('post_id', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                        ('clerk_id', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                        ('day', models.DateField()),
                        ('pk', models.CompositePrimaryKey('department_id', 'day', 'item_code', 'region_code', 'channel', 'post_id', 'clerk_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('received', models.IntegerField(default=0)),
                        ('online', models.IntegerField(default=0)),
                        ('bundled', models.IntegerField(default=0)),
                        ('accepted', models.IntegerField(default=0)),
                        ('owed', models.IntegerField(default=0)),
                        ('corrections', models.IntegerField(default=0)),
                        ('ended', models.IntegerField(default=0)),
                        ('decided', models.IntegerField(default=0)),
                        ('granted', models.IntegerField(default=0)),
                        ('refused', models.IntegerField(default=0)),
                        ('not_accepted', models.IntegerField(default=0)),
                        ('not_required', models.IntegerField(default=0)),
                        ('withdrawn', models.IntegerField(default=0)),
                        ('terminated', models.IntegerField(default=0)),
                        ('timed', models.IntegerField(default=0)),
                        ('early', models.IntegerField(default=0)),
                        ('on_time', models.IntegerField(default=0)),
                        ('late', models.IntegerField(default=0)),
                        ('late_law', models.IntegerField(default=0)),
                        ('full_online', models.IntegerField(default=0)),
                        ('zero_visit', models.IntegerField(default=0)),
                        ('visits', models.IntegerField(default=0)),
                        ('same_day', models.IntegerField(default=0)),
                        ('promised_days', models.IntegerField(default=0)),
                        ('statutory_days', models.IntegerField(default=0)),
                        ('level5', models.IntegerField(default=0)),
                        ('level4', models.IntegerField(default=0)),
                        ('level3', models.IntegerField(default=0)),
                        ('level2', models.IntegerField(default=0)),
                        ('level1', models.IntegerField(default=0)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['day'], name='dayfigures_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Report',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('day', '日报'), ('week', '周报'), ('month', '月报')], max_length=8)),
                        ('since', models.DateField()),
                        ('until', models.DateField()),
                        ('department_id', models.UUIDField(null=True)),
                        ('region_code', models.CharField(max_length=12)),
                        ('made_at', models.DateTimeField()),
                        ('figures', models.JSONField()),
                        ('agrees', models.BooleanField(null=True)),
                        ('recounted_at', models.DateTimeField(null=True)),
                        ('signed_at', models.DateTimeField(null=True)),
                        ('signed_by', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['kind', '-since', '-id'], name='report_kind'), models.Index(fields=['department_id', '-since', '-id'], name='report_department')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='report_days_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('signed_at', None), ('signed_by', None)), models.Q(('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='report_signed_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportText',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('version', models.SmallIntegerField()),
                        ('text', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('written_by', models.UUIDField()),
                        ('post_id', models.UUIDField(null=True)),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('root_id', 'version'), name='report_text_version')],
                    },
                ),
            ],
        ),
    ]

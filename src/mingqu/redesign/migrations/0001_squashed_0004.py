import django.contrib.postgres.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('redesign', '0001_initial'), ('redesign', '0002_cases_go_by_another_process'), ('redesign', '0003_what_becomes_of_what_waits'), ('redesign', '0004_units_of_limits')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='PrerequisiteMap',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('source', models.CharField(choices=[('catalogue', '现行事项'), ('table', '导入的表格')], max_length=9)),
                        ('title', models.CharField(max_length=80)),
                        ('graph', models.JSONField()),
                        ('digest', models.CharField(max_length=64)),
                        ('made_at', models.DateTimeField()),
                        ('made_by', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['source', '-made_at'], name='prerequisitemap_source')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('source', 'catalogue')), fields=('source',), name='prerequisitemap_one_catalogue')],
                    },
                ),
                migrations.CreateModel(
                    name='Reengineered',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('item_code', models.CharField(max_length=64)),
                        ('handling_code', models.CharField(max_length=20)),
                        ('item_name', models.CharField(max_length=200)),
                        ('handling_name', models.CharField(max_length=200)),
                        ('department_id', models.UUIDField()),
                        ('department_name', models.CharField(max_length=200)),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(max_length=16)),
                        ('first_number', models.IntegerField()),
                        ('current_number', models.IntegerField()),
                        ('steps_before', models.IntegerField()),
                        ('steps_after', models.IntegerField()),
                        ('materials_before', models.IntegerField()),
                        ('materials_after', models.IntegerField()),
                        ('own_before', models.IntegerField()),
                        ('own_after', models.IntegerField()),
                        ('promised_before', models.IntegerField(null=True)),
                        ('promised_after', models.IntegerField(null=True)),
                        ('statutory_before', models.IntegerField(null=True)),
                        ('statutory_after', models.IntegerField(null=True)),
                        ('visits_before', models.IntegerField()),
                        ('visits_after', models.IntegerField()),
                        ('asked_before', models.IntegerField()),
                        ('asked_after', models.IntegerField()),
                        ('promised_unit_before', models.CharField(db_default='', default='', max_length=16)),
                        ('promised_unit_after', models.CharField(db_default='', default='', max_length=16)),
                        ('statutory_unit_before', models.CharField(db_default='', default='', max_length=16)),
                        ('statutory_unit_after', models.CharField(db_default='', default='', max_length=16)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('item_code', 'handling_code'), name='reengineered_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SimulationRun',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('title', models.CharField(max_length=80)),
                        ('item_code', models.CharField(max_length=64)),
                        ('item_name', models.CharField(max_length=200)),
                        ('department_id', models.UUIDField()),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(max_length=16)),
                        ('asked', models.JSONField()),
                        ('inputs_digest', models.CharField(max_length=64)),
                        ('result', models.JSONField(null=True)),
                        ('result_digest', models.CharField(blank=True, default='', max_length=64)),
                        ('repeats', models.UUIDField(null=True)),
                        ('state', models.CharField(choices=[('waiting', '等待计算'), ('running', '正在计算'), ('done', '已算完'), ('failed', '没有算成'), ('stopped', '已停下')], default='waiting', max_length=8)),
                        ('done', models.IntegerField(default=0)),
                        ('total', models.IntegerField(default=0)),
                        ('refusal', models.CharField(blank=True, default='', max_length=300)),
                        ('asked_by', models.UUIDField()),
                        ('asked_post', models.UUIDField(null=True)),
                        ('asked_at', models.DateTimeField()),
                        ('moved_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('tries', models.SmallIntegerField(db_default=0, default=0)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['department_id', '-id'], name='simulation_organ'), models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['asked_by'], name='simulation_at_work')],
                    },
                ),
                migrations.CreateModel(
                    name='FlowMove',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('item_code', models.CharField(max_length=64)),
                        ('item_name', models.CharField(max_length=200)),
                        ('handling_code', models.CharField(max_length=20)),
                        ('handling_name', models.CharField(max_length=200)),
                        ('department_id', models.UUIDField()),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(max_length=16)),
                        ('from_revision', models.UUIDField()),
                        ('from_number', models.IntegerField()),
                        ('to_revision', models.UUIDField()),
                        ('to_number', models.IntegerField()),
                        ('steps', models.JSONField(default=dict)),
                        ('reason', models.CharField(max_length=300)),
                        ('state', models.CharField(choices=[('checking', '正在核对'), ('checked', '等待批准'), ('declined', '已退回'), ('moving', '正在迁移'), ('done', '已迁移'), ('undoing', '正在撤销'), ('undone', '已撤销')], default='checking', max_length=8)),
                        ('answer', models.CharField(blank=True, default='', max_length=300)),
                        ('done', models.IntegerField(default=0)),
                        ('total', models.IntegerField(default=0)),
                        ('asked_by', models.UUIDField()),
                        ('asked_post', models.UUIDField(null=True)),
                        ('asked_at', models.DateTimeField()),
                        ('decided_by', models.UUIDField(null=True)),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('moved_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['department_id', '-id'], name='flowmove_organ')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['checking', 'checked', 'moving', 'undoing'])), fields=('item_code', 'handling_code'), name='flowmove_one_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='FlowMoveCase',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('case_id', models.UUIDField()),
                        ('number', models.CharField(max_length=20)),
                        ('now', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None)),
                        ('then', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None)),
                        ('state', models.CharField(choices=[('may', '可以迁移'), ('cant', '不迁移'), ('moved', '已迁移'), ('left', '没有迁移'), ('back', '已撤销'), ('stayed', '不能撤销')], default='may', max_length=8)),
                        ('reason', models.CharField(blank=True, default='', max_length=400)),
                        ('seq', models.IntegerField(null=True)),
                        ('notes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), db_default=[], default=list, size=None)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['root_id', 'state', 'number'], name='flowmovecase_state')],
                        'constraints': [models.UniqueConstraint(fields=('root_id', 'case_id'), name='flowmovecase_once')],
                    },
                ),
            ],
        ),
    ]

import django.db.models.deletion
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('clocks', '0001_initial'), ('clocks', '0002_what_is_to_be_begun'), ('clocks', '0003_issuing_organ_in_words')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='CalendarVersion',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=16, unique=True)),
                        ('sequence', models.PositiveIntegerField(unique=True)),
                        ('known_from', models.DateField()),
                        ('known_until', models.DateField()),
                        ('source', models.CharField(max_length=200)),
                        ('recorded_at', models.DateTimeField(null=True)),
                        ('recorded_by', models.UUIDField(null=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('known_until__gt', models.F('known_from'))), name='calendar_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='ClockEntry',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('statutory', '法定期限'), ('promised', '承诺期限'), ('node', '环节时限'), ('correction_notice', '一次性告知期限'), ('delivery', '送达期限'), ('gap', '容缺补齐期限'), ('begin', '开工期限')], max_length=20)),
                        ('ref', models.CharField(blank=True, max_length=64)),
                        ('seq', models.PositiveIntegerField()),
                        ('action', models.CharField(choices=[('start', 'start'), ('pause', 'pause'), ('resume', 'resume'), ('extend', 'extend'), ('stop', 'stop'), ('reverse', 'reverse')], max_length=8)),
                        ('day', models.DateField()),
                        ('at', models.DateTimeField(null=True)),
                        ('recorded_at', models.DateTimeField()),
                        ('actor_kind', models.CharField(max_length=8)),
                        ('actor_id', models.UUIDField()),
                        ('post_id', models.UUIDField(null=True)),
                        ('reason', models.TextField(blank=True)),
                        ('article', models.CharField(blank=True, max_length=80)),
                        ('terms', models.JSONField(null=True)),
                        ('ground', models.CharField(blank=True, max_length=32)),
                        ('proof', models.CharField(blank=True, max_length=80)),
                        ('expected_until', models.DateField(null=True)),
                        ('limit', models.PositiveIntegerField(default=0)),
                        ('unit', models.CharField(blank=True, choices=[('working_days', '个工作日'), ('days', '日'), ('hours', '小时'), ('minutes', '分钟'), ('months', '个月'), ('years', '年')], max_length=16)),
                        ('approver', models.CharField(blank=True, choices=[('organ_head', '本行政机关负责人'), ('government_head', '本级人民政府负责人'), ('disclosure_head', '政府信息公开工作机构负责人'), ('issuing_organ', '颁发证照的机关')], max_length=20)),
                        ('reverses', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('root_id', 'kind', 'ref', 'seq'), name='clock_entry_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'start'), ('limit__gte', 1), ('terms__isnull', False)), models.Q(models.Q(('action', 'start'), _negated=True), ('terms__isnull', True)), _connector='OR'), name='clock_start_has_terms'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'pause'), _negated=True), models.Q(models.Q(('ground', ''), _negated=True), models.Q(('proof', ''), _negated=True)), _connector='OR'), name='clock_pause_has_ground_and_proof'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'extend'), _negated=True), models.Q(('limit__gte', 1), models.Q(('approver', ''), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='clock_extension_has_approver_and_reason'), models.CheckConstraint(condition=models.Q(models.Q(('reverses', 0), models.Q(('action', 'reverse'), _negated=True)), models.Q(('action', 'reverse'), ('reverses__gte', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='clock_reversal_has_target_and_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('kind', models.CharField(choices=[('holiday', 'holiday'), ('makeup_workday', 'makeup_workday')], max_length=16)),
                        ('name', models.CharField(max_length=64)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='clocks.calendarversion')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('version', 'day'), name='calendar_day_once_per_version')],
                    },
                ),
            ],
        ),
    ]

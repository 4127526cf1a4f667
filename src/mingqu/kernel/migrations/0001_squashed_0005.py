import django.db.models.deletion
import mingqu.kernel.folding
import mingqu.kernel.ids
import mingqu.kernel.partitions
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('kernel', '0001_initial'), ('kernel', '0002_partition_by_month'), ('kernel', '0003_regions'), ('kernel', '0004_training_regions'), ('kernel', '0005_deeds_of_two_persons')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='AuditHead',
                    fields=[
                        ('root_id', models.UUIDField(primary_key=True, serialize=False)),
                        ('seq', models.IntegerField()),
                        ('link', models.BinaryField(max_length=32)),
                    ],
                ),
                migrations.CreateModel(
                    name='CommandRecord',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('key', models.UUIDField()),
                        ('pk', models.CompositePrimaryKey('root_id', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=64)),
                        ('actor_id', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('result', models.JSONField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('event_id', models.UUIDField()),
                        ('subscriber', models.CharField(max_length=96)),
                        ('pk', models.CompositePrimaryKey('root_id', 'event_id', 'subscriber', blank=True, editable=False, primary_key=True, serialize=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='LedgerKey',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('fingerprint', models.CharField(max_length=64, unique=True)),
                        ('public_pem', models.TextField()),
                        ('private_sealed', models.BinaryField()),
                        ('since', models.DateTimeField()),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='NumberSeries',
                    fields=[
                        ('kind', models.CharField(max_length=32)),
                        ('organ', models.CharField(max_length=32)),
                        ('period', models.CharField(max_length=16)),
                        ('pk', models.CompositePrimaryKey('kind', 'organ', 'period', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('last', models.BigIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name='PeriodicRun',
                    fields=[
                        ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('last_at', models.DateTimeField()),
                        ('error', models.CharField(default='', max_length=200)),
                    ],
                ),
                migrations.CreateModel(
                    name='UnsealedEntry',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('seq', models.IntegerField()),
                        ('pk', models.CompositePrimaryKey('root_id', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('link', models.BinaryField(max_length=32)),
                    ],
                ),
                migrations.CreateModel(
                    name='AuditEntry',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('seq', models.IntegerField()),
                        ('at', models.DateTimeField()),
                        ('pk', models.CompositePrimaryKey('root_id', 'seq', 'at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('action', models.CharField(max_length=64)),
                        ('actor_kind', models.CharField(max_length=8)),
                        ('actor_id', models.UUIDField()),
                        ('post_id', models.UUIDField(null=True)),
                        ('request_id', models.CharField(default='', max_length=36)),
                        ('notes', models.JSONField(default=dict)),
                        ('salt', models.BinaryField(max_length=16)),
                        ('digests', models.JSONField(default=dict)),
                        ('previous', models.BinaryField(max_length=32)),
                        ('link', models.BinaryField(max_length=32)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['actor_id', 'at'], name='audit_actor_at'), models.Index(fields=['at'], name='audit_at')],
                    },
                ),
                migrations.CreateModel(
                    name='CheckpointLeaf',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('seq', models.IntegerField()),
                        ('pk', models.CompositePrimaryKey('root_id', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('checkpoint', models.BigIntegerField()),
                        ('position', models.IntegerField()),
                        ('link', models.BinaryField(max_length=32)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['checkpoint', 'position'], name='leaf_checkpoint_position')],
                    },
                ),
                migrations.CreateModel(
                    name='DeadLetter',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('event_id', models.UUIDField()),
                        ('subscriber', models.CharField(max_length=96)),
                        ('pk', models.CompositePrimaryKey('root_id', 'event_id', 'subscriber', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('event_name', models.CharField(max_length=64)),
                        ('attempts', models.IntegerField(default=1)),
                        ('error', models.CharField(max_length=300)),
                        ('first_at', models.DateTimeField()),
                        ('last_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['last_at'], name='deadletter_last')],
                    },
                ),
                migrations.CreateModel(
                    name='Checkpoint',
                    fields=[
                        ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                        ('size', models.IntegerField()),
                        ('root', models.BinaryField(max_length=32)),
                        ('previous', models.BinaryField(max_length=32)),
                        ('digest', models.BinaryField(max_length=32)),
                        ('signature', models.BinaryField()),
                        ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='kernel.ledgerkey')),
                    ],
                ),
                migrations.CreateModel(
                    name='OutboxEvent',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('event_id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('at', models.DateTimeField()),
                        ('pk', models.CompositePrimaryKey('root_id', 'event_id', 'at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('order', models.BigIntegerField()),
                        ('name', models.CharField(max_length=64)),
                        ('payload', models.JSONField()),
                        ('try_at', models.DateTimeField()),
                        ('done_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['try_at'], name='outbox_waiting'), models.Index(condition=models.Q(('done_at', None)), fields=['root_id', 'order'], name='outbox_root_waiting')],
                    },
                ),
                migrations.CreateModel(
                    name='Region',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=12)),
                        ('name', models.CharField(max_length=64)),
                        ('level', models.CharField(choices=[('province', '省级'), ('city', '地级'), ('county', '县级'), ('town', '乡级'), ('village', '村级')], max_length=8)),
                        ('parent_code', models.CharField(blank=True, max_length=12)),
                        ('valid_from', models.DateField(blank=True, null=True)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('list_version', models.CharField(max_length=32)),
                        ('training', models.BooleanField(default=False)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['parent_code'], name='region_parent')],
                        'constraints': [models.UniqueConstraint(fields=('code', 'name', 'valid_from'), name='region_spell_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_from', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='region_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='RegionChange',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('year', models.PositiveSmallIntegerField()),
                        ('kind', models.CharField(max_length=8)),
                        ('old_code', models.CharField(blank=True, max_length=12)),
                        ('old_name', models.CharField(blank=True, max_length=64)),
                        ('new_code', models.CharField(blank=True, max_length=12)),
                        ('new_name', models.CharField(blank=True, max_length=64)),
                        ('document', models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['old_code', 'year'], name='region_change_old')],
                        'constraints': [models.UniqueConstraint(fields=('year', 'kind', 'old_code', 'old_name', 'new_code', 'new_name'), name='region_change_once')],
                    },
                ),
                migrations.CreateModel(
                    name='AskedDeed',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('deed', models.CharField(max_length=64)),
                        ('about_id', models.UUIDField()),
                        ('facts', models.JSONField(default=dict)),
                        ('reason', models.CharField(max_length=200)),
                        ('asked_by', models.UUIDField()),
                        ('asked_post', models.UUIDField(null=True)),
                        ('asked_at', models.DateTimeField()),
                        ('answer', models.CharField(blank=True, choices=[('', '等待复核'), ('done', '已复核，已办'), ('refused', '复核不同意'), ('called_off', '提出人撤回')], default='', max_length=10)),
                        ('answered_by', models.UUIDField(null=True)),
                        ('answered_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('deed', 'about_id'), name='asked_deed_waits_once')],
                    },
                ),
            ],
        ),
        mingqu.kernel.partitions.partition_by_month('kernel', 'AuditEntry', 'at'),
        mingqu.kernel.partitions.partition_by_month('kernel', 'OutboxEvent', 'at'),
    ]

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('process', '0001_initial'), ('process', '0002_signing'), ('process', '0003_elements'), ('process', '0004_timers_that_follow_a_clock')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='StoredPlan',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('content', models.JSONField()),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='History',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('instance_id', models.UUIDField()),
                        ('seq', models.IntegerField()),
                        ('plan_digest', models.CharField(max_length=64)),
                        ('kind', models.CharField(max_length=16)),
                        ('node', models.CharField(default='', max_length=128)),
                        ('outcome', models.CharField(default='', max_length=64)),
                        ('at', models.DateTimeField()),
                        ('by_kind', models.CharField(max_length=8)),
                        ('by_id', models.UUIDField()),
                        ('by_post', models.UUIDField(null=True)),
                        ('event', mingqu.kernel.fields.EncryptedJSONField(editable=True, grade='L3')),
                        ('effects', models.JSONField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('root_id'), models.F('instance_id'), models.F('seq'), name='process_history_seq')],
                    },
                ),
                migrations.CreateModel(
                    name='Join',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('instance_id', models.UUIDField()),
                        ('node', models.CharField(max_length=128)),
                        ('expected', models.IntegerField()),
                        ('arrived', models.IntegerField()),
                        ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed'), ('dropped', 'Dropped')], default='open', max_length=8)),
                        ('frame_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('arrived__lt', models.F('expected')), ('status', 'closed'), _connector='OR'), name='process_join_waits'), models.UniqueConstraint(models.F('root_id'), models.F('instance_id'), models.F('node'), condition=models.Q(('frame_id', None), ('status', 'open')), name='process_join_open_once'), models.UniqueConstraint(models.F('root_id'), models.F('frame_id'), models.F('node'), condition=models.Q(('frame_id__isnull', False), ('status', 'open')), name='process_join_once_in_frame')],
                    },
                ),
                migrations.CreateModel(
                    name='Task',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('instance_id', models.UUIDField()),
                        ('token_id', models.UUIDField()),
                        ('node', models.CharField(max_length=128)),
                        ('name', models.CharField(max_length=200)),
                        ('post', models.CharField(max_length=64)),
                        ('people', models.IntegerField(default=1)),
                        ('status', models.CharField(choices=[('open', 'Open'), ('signed', 'Signed'), ('completed', 'Completed'), ('returned', 'Returned'), ('dropped', 'Dropped')], default='open', max_length=10)),
                        ('opened_at', models.DateTimeField()),
                        ('due_on', models.DateField(null=True)),
                        ('claimed_by', models.UUIDField(null=True)),
                        ('claimed_at', models.DateTimeField(null=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('closed_by', models.UUIDField(null=True)),
                        ('outcome', models.CharField(default='', max_length=64)),
                        ('held', models.BooleanField(db_default=False, default=False)),
                        ('lent', models.CharField(db_default='', default='', max_length=64)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('root_id'), models.F('instance_id'), name='process_task_instance'), models.Index(models.F('post'), django.db.models.functions.comparison.Coalesce('due_on', models.Value('9999-12-31', output_field=models.DateField())), models.F('opened_at'), models.F('id'), condition=models.Q(('status', 'open')), name='process_task_worklist')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='process_task_closed')],
                    },
                ),
                migrations.CreateModel(
                    name='Token',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('instance_id', models.UUIDField()),
                        ('node', models.CharField(max_length=128)),
                        ('flow', models.CharField(default='', max_length=260)),
                        ('frame_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('root_id'), models.F('instance_id'), models.F('node'), name='process_token_node')],
                    },
                ),
                migrations.CreateModel(
                    name='Variable',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('instance_id', models.UUIDField()),
                        ('name', models.CharField(max_length=200)),
                        ('value', mingqu.kernel.fields.EncryptedJSONField(editable=True, grade='L3', null=True)),
                        ('frame_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('root_id'), models.F('instance_id'), models.F('name'), condition=models.Q(('frame_id', None)), name='process_variable_once'), models.UniqueConstraint(models.F('root_id'), models.F('frame_id'), models.F('name'), condition=models.Q(('frame_id__isnull', False)), name='process_variable_in_frame')],
                    },
                ),
                migrations.CreateModel(
                    name='ProcessInstance',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('owner', models.CharField(max_length=32)),
                        ('status', models.CharField(choices=[('active', 'Active'), ('ended', 'Ended'), ('terminated', 'Terminated')], max_length=16)),
                        ('seq', models.IntegerField()),
                        ('live', models.IntegerField()),
                        ('end', models.CharField(default='', max_length=128)),
                        ('started_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('plan', models.ForeignKey(db_column='plan_digest', on_delete=django.db.models.deletion.PROTECT, to='process.storedplan', to_field='digest')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('live__gt', 0), ('status', 'active')), models.Q(models.Q(('status', 'active'), _negated=True), ('ended_at__isnull', False), ('live', 0)), _connector='OR'), name='process_over_without_tokens')],
                    },
                ),
                migrations.CreateModel(
                    name='Signing',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('instance_id', models.UUIDField()),
                        ('token_id', models.UUIDField()),
                        ('node', models.CharField(max_length=128)),
                        ('mode', models.CharField(max_length=8)),
                        ('votes', models.IntegerField(default=0)),
                        ('waiting', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                        ('signed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                        ('outcomes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                        ('added', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                        ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=8)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('root_id'), models.F('instance_id'), condition=models.Q(('status', 'open')), name='process_signing_open')],
                    },
                ),
                migrations.CreateModel(
                    name='Frame',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('instance_id', models.UUIDField()),
                        ('node', models.CharField(max_length=128)),
                        ('parent_id', models.UUIDField(null=True)),
                        ('token_id', models.UUIDField()),
                        ('live', models.IntegerField()),
                        ('total', models.IntegerField(default=0)),
                        ('done', models.IntegerField(default=0)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('root_id'), models.F('instance_id'), name='process_frame_instance')],
                    },
                ),
                migrations.CreateModel(
                    name='Wait',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('instance_id', models.UUIDField()),
                        ('node', models.CharField(max_length=128)),
                        ('token_id', models.UUIDField(null=True)),
                        ('frame_id', models.UUIDField(null=True)),
                        ('occasion', models.CharField(max_length=16)),
                        ('ref', models.CharField(default='', max_length=200)),
                        ('due_at', models.DateTimeField(null=True)),
                        ('left', models.IntegerField(default=0)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('root_id'), models.F('instance_id'), name='process_wait_instance'), models.Index(models.F('root_id'), models.F('token_id'), name='process_wait_token'), models.Index(models.F('due_at'), condition=models.Q(('due_at__isnull', False)), name='process_wait_due'), models.Index(models.F('id'), condition=models.Q(('occasion', 'timer'), ('ref', 'clock.')), name='process_wait_clock')],
                    },
                ),
            ],
        ),
    ]

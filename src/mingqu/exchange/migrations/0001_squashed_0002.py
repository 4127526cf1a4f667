import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('exchange', '0001_initial'), ('exchange', '0002_taken_back_answered_and_by_file')]

    initial = True

    dependencies = [
        ('identity', '0001_squashed_0013'),
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Connection',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=40, unique=True)),
                        ('failures', models.SmallIntegerField(default=0)),
                        ('rests_until', models.DateTimeField(null=True)),
                        ('last_reason', models.CharField(blank=True, default='', max_length=60)),
                        ('last_failed_at', models.DateTimeField(null=True)),
                        ('last_good_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='DoubleFault',
                    fields=[
                        ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                        ('on', models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='HandoverReference',
                    fields=[
                        ('reference', models.CharField(max_length=32, primary_key=True, serialize=False)),
                        ('root_id', models.UUIDField()),
                        ('handover_id', models.UUIDField()),
                    ],
                ),
                migrations.CreateModel(
                    name='Attempt',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('handover_id', models.UUIDField()),
                        ('round', models.SmallIntegerField()),
                        ('attempt', models.SmallIntegerField()),
                        ('begun_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField()),
                        ('outcome', models.CharField(max_length=8)),
                        ('reason', models.CharField(blank=True, default='', max_length=60)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['root_id', 'handover_id'], name='attempts_of_handover')],
                    },
                ),
                migrations.CreateModel(
                    name='DoubleMatter',
                    fields=[
                        ('reference', models.CharField(max_length=32, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=64)),
                        ('round', models.SmallIntegerField(default=0)),
                        ('subject', models.CharField(max_length=200)),
                        ('ours', models.CharField(max_length=40)),
                        ('sheet', mingqu.kernel.fields.EncryptedJSONField(default=list, editable=True, grade='L3')),
                        ('tellings', mingqu.kernel.fields.EncryptedJSONField(default=list, editable=True, grade='L3')),
                        ('told', models.JSONField(default=list)),
                        ('received_at', models.DateTimeField()),
                        ('stopped_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['-received_at'], name='double_latest')],
                    },
                ),
                migrations.CreateModel(
                    name='ExchangeDay',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('connector', models.CharField(max_length=40)),
                        ('day', models.DateField()),
                        ('source', models.CharField(max_length=200)),
                        ('digest', models.CharField(max_length=64)),
                        ('sent', models.IntegerField(default=0)),
                        ('received', models.IntegerField(default=0)),
                        ('reconciled_at', models.DateTimeField()),
                        ('by_person', models.UUIDField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['-day', 'connector'], name='exchange_day')],
                    },
                ),
                migrations.CreateModel(
                    name='ExchangeLine',
                    fields=[
                        ('line', models.IntegerField()),
                        ('pk', models.CompositePrimaryKey('day_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('reference', models.CharField(max_length=64)),
                        ('number', models.CharField(blank=True, default='', max_length=64)),
                        ('state', models.CharField(blank=True, default='', max_length=12)),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='exchange.exchangeday')),
                    ],
                ),
                migrations.CreateModel(
                    name='OutsideState',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('handover_id', models.UUIDField()),
                        ('seq', models.IntegerField()),
                        ('state', models.CharField(max_length=12)),
                        ('happened_at', models.DateTimeField()),
                        ('content', models.CharField(max_length=64)),
                        ('number', models.CharField(blank=True, default='', max_length=64)),
                        ('words', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('result', mingqu.kernel.fields.EncryptedJSONField(default=dict, editable=True, grade='L3')),
                        ('how', models.CharField(max_length=8)),
                        ('heard_at', models.DateTimeField()),
                        ('person_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('root_id', 'handover_id', 'content'), name='telling_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Discrepancy',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('day_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('missing_there', '我方转出，对方清单没有'), ('missing_here', '对方清单有，我方没有转出'), ('number', '两边的编号不一致'), ('state', '两边的结果不一致'), ('behind', '对方的新状态没有传到我方'), ('unsent', '当天应当转出，没有转出去'), ('silent', '转出后没有消息'), ('contradicts', '对方的说法前后矛盾')], max_length=16)),
                        ('reference', models.CharField(max_length=64)),
                        ('ours', models.CharField(blank=True, default='', max_length=80)),
                        ('theirs', models.CharField(blank=True, default='', max_length=80)),
                        ('post_id', models.UUIDField(null=True)),
                        ('settled_at', models.DateTimeField(null=True)),
                        ('settled_by', models.UUIDField(null=True)),
                        ('reason', models.CharField(blank=True, default='', max_length=500)),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='discrepancies', to='exchange.exchangeday')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['day'], name='discrepancy_open'), models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['post_id'], name='discrepancy_of')],
                    },
                ),
                migrations.CreateModel(
                    name='Handover',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('reference', models.CharField(max_length=32)),
                        ('part', models.CharField(max_length=64)),
                        ('where', models.CharField(max_length=12)),
                        ('system', models.CharField(max_length=80)),
                        ('connector', models.CharField(blank=True, default='', max_length=40)),
                        ('number', models.CharField(max_length=40)),
                        ('subject', models.CharField(max_length=200)),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(blank=True, default='', max_length=16)),
                        ('post_id', models.UUIDField(null=True)),
                        ('payload', mingqu.kernel.fields.EncryptedJSONField(default=list, editable=True, grade='L3')),
                        ('digest', models.CharField(max_length=64)),
                        ('round', models.SmallIntegerField(default=0)),
                        ('supplement', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('sending', models.CharField(choices=[('by_hand', '等工作人员录入'), ('waiting', '等待转出'), ('sent', '已转出'), ('stuck', '转不出去'), ('called_off', '不再办理'), ('settled', '已由工作人员登记结果')], max_length=12)),
                        ('attempts', models.SmallIntegerField(default=0)),
                        ('begun_at', models.DateTimeField(null=True)),
                        ('try_at', models.DateTimeField(null=True)),
                        ('last_reason', models.CharField(blank=True, default='', max_length=60)),
                        ('external_number', models.CharField(blank=True, default='', max_length=64)),
                        ('outside', models.CharField(blank=True, default='', max_length=12)),
                        ('latest', models.CharField(blank=True, default='', max_length=64)),
                        ('answers', models.CharField(blank=True, default='', max_length=64)),
                        ('contradicts', models.BooleanField(default=False)),
                        ('resolved', models.SmallIntegerField(default=0)),
                        ('taken', models.CharField(blank=True, default='', max_length=12)),
                        ('outcome', models.CharField(blank=True, default='', max_length=8)),
                        ('said', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('result', mingqu.kernel.fields.EncryptedJSONField(default=dict, editable=True, grade='L3')),
                        ('created_at', models.DateTimeField()),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('sent_on', models.DateField(null=True)),
                        ('due_on', models.DateField(null=True)),
                        ('as_of', models.DateTimeField(null=True)),
                        ('heard_at', models.DateTimeField(null=True)),
                        ('asked_at', models.DateTimeField(null=True)),
                        ('silent_on', models.DateField(null=True)),
                        ('silent', models.BooleanField(default=False)),
                        ('needs', models.CharField(blank=True, default='', max_length=12)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('recall', models.CharField(blank=True, db_default='', default='', max_length=8)),
                        ('recall_at', models.DateTimeField(null=True)),
                        ('recall_tries', models.SmallIntegerField(db_default=0, default=0)),
                        ('recalled_at', models.DateTimeField(null=True)),
                        ('within', models.SmallIntegerField(db_default=0, default=0)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('sending', 'waiting')), fields=['try_at'], name='handover_to_send'), models.Index(condition=models.Q(('ended_at__isnull', True), ('sending', 'sent')), fields=['asked_at'], name='handover_to_ask'), models.Index(condition=models.Q(('ended_at__isnull', True), ('sending', 'sent'), ('silent', False)), fields=['silent_on'], name='handover_silence'), models.Index(condition=models.Q(('needs', ''), _negated=True), fields=['department', '-id'], name='handover_needs'), models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['department', '-id'], name='handover_open'), models.Index(fields=['department', '-id'], name='handover_of_organ'), models.Index(fields=['number'], name='handover_number'), models.Index(fields=['connector', 'sent_on', 'reference'], name='handover_of_day'), models.Index(condition=models.Q(('external_number', ''), _negated=True), fields=['system', 'external_number'], name='handover_external'), models.Index(condition=models.Q(('recall__in', ['waiting', 'overdue'])), fields=['recall_at'], name='handover_to_recall')],
                        'constraints': [models.UniqueConstraint(fields=('root_id', 'part'), name='handover_once'), models.CheckConstraint(condition=models.Q(models.Q(('sending', 'sent'), _negated=True), ('sent_on__isnull', False), _connector='OR'), name='handover_sent_has_day'), models.CheckConstraint(condition=models.Q(('recall', ''), ('sending', 'called_off'), _connector='OR'), name='handover_recalled_was_called_off')],
                    },
                ),
                migrations.CreateModel(
                    name='HandoverFile',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('handover_id', models.UUIDField()),
                        ('round', models.SmallIntegerField()),
                        ('file_id', models.UUIDField()),
                        ('added_at', models.DateTimeField()),
                        ('gone', models.BooleanField(default=False)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['root_id', 'handover_id'], name='files_of_handover')],
                    },
                ),
                migrations.CreateModel(
                    name='StatesFile',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(choices=[('reading', '正在读文件'), ('working', '正在导入'), ('done', '已导入'), ('unread', '读不出来')], default='reading', max_length=8)),
                        ('system', models.CharField(max_length=80)),
                        ('file_name', models.CharField(max_length=120)),
                        ('digest', models.CharField(max_length=64)),
                        ('file_id', models.UUIDField()),
                        ('headers', models.JSONField(default=list)),
                        ('department_id', models.UUIDField(null=True)),
                        ('region_code', models.CharField(blank=True, default='', max_length=12)),
                        ('item_type', models.CharField(blank=True, default='', max_length=16)),
                        ('by_person', models.UUIDField()),
                        ('by_post', models.UUIDField(null=True)),
                        ('given_at', models.DateTimeField()),
                        ('moved_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('why', models.CharField(blank=True, default='', max_length=120)),
                        ('total', models.IntegerField(default=0)),
                        ('taken', models.IntegerField(default=0)),
                        ('known', models.IntegerField(default=0)),
                        ('wrong', models.IntegerField(default=0)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ['reading', 'working'])), fields=['moved_at'], name='states_file_at_work'), models.Index(fields=['department_id', '-id'], name='states_file_of_organ')],
                    },
                ),
                migrations.CreateModel(
                    name='StatesLine',
                    fields=[
                        ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='exchange.statesfile')),
                        ('line', models.IntegerField()),
                        ('pk', models.CompositePrimaryKey('file_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('cells', mingqu.kernel.fields.EncryptedJSONField(default=list, editable=True, grade='L3')),
                        ('state', models.CharField(choices=[('waiting', '还没有导入'), ('taken', '已导入'), ('known', '以前已经有了'), ('wrong', '有问题')], default='waiting', max_length=8)),
                        ('why', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['file', 'state', 'line'], name='states_lines_by_state')],
                    },
                ),
            ],
        ),
    ]

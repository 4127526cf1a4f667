import datetime
import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
import mingqu.kernel.partitions
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notifications', '0001_initial'), ('notifications', '0002_partition_by_month'), ('notifications', '0003_leaving_the_house'), ('notifications', '0004_outgoing_by_month'), ('notifications', '0005_service_records'), ('notifications', '0006_programs_of_others')]

    initial = True

    dependencies = [
        ('identity', '0001_squashed_0013'),
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='ToldFact',
                    fields=[
                        ('person_id', models.UUIDField()),
                        ('kind', models.CharField(max_length=48)),
                        ('fact', models.CharField(max_length=80)),
                        ('pk', models.CompositePrimaryKey('person_id', 'kind', 'fact', blank=True, editable=False, primary_key=True, serialize=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='DoubleSms',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('phone', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('text', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('created_at', models.DateTimeField()),
                        ('medium', models.CharField(default='sms', max_length=8)),
                        ('subject', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['-created_at'], name='double_sms_latest')],
                    },
                ),
                migrations.CreateModel(
                    name='InboxMessage',
                    fields=[
                        ('person_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('created_at', models.DateTimeField()),
                        ('pk', models.CompositePrimaryKey('person_id', 'id', 'created_at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('about_id', models.UUIDField()),
                        ('kind', models.CharField(max_length=48)),
                        ('template_version', models.CharField(max_length=16)),
                        ('title', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('body', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('link', models.CharField(blank=True, max_length=200)),
                        ('read_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['person_id', '-created_at', '-id'], name='inbox_latest'), models.Index(condition=models.Q(('read_at', None)), fields=['person_id'], name='inbox_unread')],
                    },
                ),
                migrations.CreateModel(
                    name='Attempt',
                    fields=[
                        ('outgoing_id', models.UUIDField()),
                        ('number', models.SmallIntegerField()),
                        ('pk', models.CompositePrimaryKey('outgoing_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField()),
                        ('channel', models.CharField(max_length=40)),
                        ('outcome', models.CharField(max_length=8)),
                        ('reason', models.CharField(blank=True, default='', max_length=60)),
                        ('milliseconds', models.IntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name='ChannelState',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=40, unique=True)),
                        ('failures', models.SmallIntegerField(default=0)),
                        ('rests_until', models.DateTimeField(null=True)),
                        ('last_reason', models.CharField(blank=True, default='', max_length=60)),
                        ('last_failed_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Choices',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('sms', models.BooleanField(default=True)),
                        ('by_email', models.BooleanField(default=False)),
                        ('links', models.BooleanField(default=False)),
                        ('email', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('email_proved_at', models.DateTimeField(null=True)),
                        ('email_asked', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('email_code', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('email_code_until', models.DateTimeField(null=True)),
                        ('quiet_from', models.TimeField(default=datetime.time(22, 0))),
                        ('quiet_until', models.TimeField(default=datetime.time(7, 0))),
                        ('changed_at', models.DateTimeField()),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Outgoing',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('created_at', models.DateTimeField()),
                        ('pk', models.CompositePrimaryKey('id', 'created_at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('person_id', models.UUIDField(null=True)),
                        ('message_id', models.UUIDField(null=True)),
                        ('about_id', models.UUIDField(null=True)),
                        ('kind', models.CharField(max_length=48)),
                        ('template_version', models.CharField(max_length=16)),
                        ('medium', models.CharField(choices=[('sms', '短信'), ('email', '电子邮件')], max_length=8)),
                        ('to', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('subject', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('text', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('segments', models.SmallIntegerField()),
                        ('urgent', models.BooleanField(default=False)),
                        ('state', models.CharField(choices=[('queued', '等待发送'), ('sending', '正在发送'), ('sent', '已发出'), ('delivered', '已送到'), ('failed', '没有送到'), ('unknown', '不知道送到没有'), ('expired', '过时没有发'), ('read', '已在站内看过，没有再发')], default='queued', max_length=12)),
                        ('try_at', models.DateTimeField()),
                        ('attempts', models.SmallIntegerField(default=0)),
                        ('channel', models.CharField(blank=True, default='', max_length=40)),
                        ('provider_reference', models.CharField(blank=True, default='', max_length=80)),
                        ('reason', models.CharField(blank=True, default='', max_length=60)),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('reference', models.CharField(blank=True, default='', max_length=200)),
                        ('service_id', models.UUIDField(null=True)),
                        ('template_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'sending'])), fields=['try_at'], name='outgoing_due'), models.Index(fields=['about_id', 'created_at'], name='outgoing_about'), models.Index(fields=['message_id'], name='outgoing_message'), models.Index(condition=models.Q(('provider_reference', ''), _negated=True), fields=['provider_reference'], name='outgoing_theirs'), models.Index(condition=models.Q(('service_id__isnull', False)), fields=['service_id', '-id'], name='outgoing_of_service')],
                    },
                ),
                migrations.CreateModel(
                    name='SentOnDay',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('medium', models.CharField(max_length=8)),
                        ('messages', models.IntegerField(default=0)),
                        ('segments', models.IntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('day', 'medium'), name='sent_on_day_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ServiceRecord',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('paper_id', models.UUIDField()),
                        ('paper', models.CharField(max_length=32)),
                        ('way', models.CharField(choices=[('electronic', '电子送达'), ('window', '窗口直接送达'), ('handed', '上门直接送达'), ('left', '留置送达'), ('post', '邮寄送达')], max_length=12)),
                        ('address', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('receiver', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('receiver_relation', models.CharField(blank=True, default='', max_length=20)),
                        ('receiver_document', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('refused_because', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('proof', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('signature_id', models.UUIDField(null=True)),
                        ('served_on', models.DateField()),
                        ('post_id', models.UUIDField(null=True)),
                        ('person_id', models.UUIDField(null=True)),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('root_id', 'paper_id'), name='served_once')],
                    },
                ),
                migrations.CreateModel(
                    name='NotifyKey',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=40)),
                        ('secret', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('made_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='notifications.notifyservice')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='NotifyService',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=80, unique=True)),
                        ('made_at', models.DateTimeField()),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='NotifyTemplate',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('template_id', models.UUIDField()),
                        ('version', models.IntegerField()),
                        ('kind', models.CharField(choices=[('sms', '短信'), ('email', '电子邮件')], max_length=8)),
                        ('name', models.CharField(max_length=80)),
                        ('subject', models.CharField(blank=True, default='', max_length=120)),
                        ('body', models.TextField(max_length=2000)),
                        ('made_at', models.DateTimeField()),
                        ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='templates', to='notifications.notifyservice')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('template_id', 'version'), name='template_version_once')],
                    },
                ),
            ],
        ),
        mingqu.kernel.partitions.partition_by_month('notifications', 'InboxMessage', 'created_at'),
        mingqu.kernel.partitions.partition_by_month('notifications', 'Outgoing', 'created_at'),
    ]

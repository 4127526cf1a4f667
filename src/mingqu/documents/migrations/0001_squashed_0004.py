import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
import mingqu.kernel.partitions
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('documents', '0001_initial'), ('documents', '0002_who_read_a_file'), ('documents', '0003_reads_by_month'), ('documents', '0004_no_characters_of_names')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='DocumentRequest',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=32)),
                        ('organ_code', models.CharField(max_length=32)),
                        ('number', models.CharField(blank=True, default='', max_length=60)),
                        ('data', mingqu.kernel.fields.EncryptedJSONField(editable=True, grade='L3')),
                        ('state', models.CharField(choices=[('waiting', '等待生成'), ('rendering', '正在生成'), ('ready', '已生成'), ('failed', '生成失败')], default='waiting', max_length=12)),
                        ('reason', models.CharField(blank=True, default='', max_length=40)),
                        ('detail', models.CharField(blank=True, default='', max_length=200)),
                        ('attempts', models.IntegerField(default=0)),
                        ('requested_at', models.DateTimeField()),
                        ('queued_at', models.DateTimeField()),
                        ('started_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('file_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('state'), models.F('queued_at'), condition=models.Q(('state__in', ('waiting', 'rendering'))), name='document_unfinished'), models.Index(models.F('root_id'), models.F('requested_at'), name='document_of_root'), models.Index(models.F('ended_at'), condition=models.Q(('state', 'failed')), name='document_failed')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('file_id__isnull', False), _connector='OR'), name='document_ready_has_file'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='document_failed_has_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='OrganKey',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('organ_code', models.CharField(blank=True, default='', max_length=32)),
                        ('organ_name', models.CharField(max_length=120)),
                        ('provider', models.CharField(max_length=32)),
                        ('certificate', models.TextField()),
                        ('fingerprint', models.CharField(max_length=64, unique=True)),
                        ('private', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L4')),
                        ('since', models.DateTimeField()),
                        ('retired_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('organ_code'), condition=models.Q(('retired_at', None)), name='organkey_one_active')],
                    },
                ),
                migrations.CreateModel(
                    name='StoredFile',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=64)),
                        ('name', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('media_type', models.CharField(max_length=40)),
                        ('size', models.BigIntegerField()),
                        ('pages', models.IntegerField(default=1)),
                        ('digest', models.BinaryField(max_length=32)),
                        ('address', models.CharField(max_length=120)),
                        ('scan', models.CharField(choices=[('not_scanned', '未查毒'), ('clean', '已查毒，未发现问题')], default='not_scanned', max_length=12)),
                        ('created_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(models.F('root_id'), models.F('created_at'), name='storedfile_of_root')],
                    },
                ),
                migrations.CreateModel(
                    name='FileRead',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('at', models.DateTimeField()),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', 'at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('file_id', models.UUIDField()),
                        ('kind', models.CharField(max_length=64)),
                        ('way', models.CharField(choices=[('shown', '打开'), ('taken', '下载'), ('small', '看缩小图')], max_length=8)),
                        ('ground', models.CharField(max_length=64)),
                        ('terminal', models.BooleanField(default=False)),
                        ('actor_kind', models.CharField(blank=True, default='', max_length=8)),
                        ('actor_id', models.UUIDField(null=True)),
                        ('post_id', models.UUIDField(null=True)),
                        ('request_id', models.CharField(blank=True, default='', max_length=36)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['root_id', '-at'], name='fileread_of_root'), models.Index(fields=['actor_id', '-at'], name='fileread_of_actor')],
                    },
                ),
            ],
        ),
        mingqu.kernel.partitions.partition_by_month('documents', 'FileRead', 'at'),
    ]

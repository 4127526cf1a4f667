import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('certificates', '0001_initial'), ('certificates', '0002_later_life_and_existing'), ('certificates', '0003_by_when_to_begin'), ('certificates', '0004_suspended_and_restored'), ('certificates', '0005_revocations'), ('certificates', '0006_struck_off_by_the_organ'), ('certificates', '0007_no_words_in_the_clear'), ('certificates', '0008_revoked_by_two'), ('certificates', '0009_remedies_of_a_strike_off')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='CertificateDirectory',
                    fields=[
                        ('kind', models.CharField(choices=[('number', 'Number'), ('code', 'Code'), ('file', 'File'), ('version', 'Version')], max_length=8)),
                        ('value', models.CharField(max_length=64)),
                        ('pk', models.CompositePrimaryKey('kind', 'value', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('certificate_id', models.UUIDField()),
                    ],
                ),
                migrations.CreateModel(
                    name='CertificateType',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=21, unique=True)),
                        ('name', models.CharField(max_length=80)),
                        ('organ_code', models.CharField(max_length=32)),
                        ('number_prefix', models.CharField(max_length=8)),
                        ('validity_years', models.SmallIntegerField(null=True)),
                        ('renew_before_days', models.SmallIntegerField(default=30)),
                        ('fields', models.JSONField()),
                        ('item_type', models.CharField(blank=True, default='', max_length=16)),
                        ('begin', models.JSONField(default=dict)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('code__regex', '^[0-9A-Z]{18}[0-9]{3}$')), name='certificatetype_code_length'), models.CheckConstraint(condition=models.Q(('validity_years', None), ('validity_years__gte', 1), _connector='OR'), name='certificatetype_validity')],
                    },
                ),
                migrations.CreateModel(
                    name='Certificate',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=40)),
                        ('identifier', models.CharField(blank=True, default='', max_length=120)),
                        ('version', models.SmallIntegerField(default=1)),
                        ('status', models.CharField(choices=[('valid', '有效'), ('renewed', '已延续，由新证照替代'), ('changed', '已变更，由新证照替代'), ('replaced', '已补发，由新证照替代'), ('suspended', '已暂停使用'), ('revoked', '已撤销'), ('withdrawn', '已撤回'), ('cancelled', '已注销'), ('expired', '已过期'), ('lapsed', '已自行废止')], default='valid', max_length=12)),
                        ('holder_kind', models.CharField(max_length=8)),
                        ('holder_id', models.UUIDField(null=True)),
                        ('holder_name', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('holder_number', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('fields', mingqu.kernel.fields.EncryptedJSONField(editable=True, grade='L3')),
                        ('organ_code', models.CharField(max_length=32)),
                        ('organ_name', models.CharField(max_length=120)),
                        ('department_id', models.UUIDField()),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(max_length=16)),
                        ('valid_from', models.DateField()),
                        ('valid_until', models.DateField(null=True)),
                        ('case_id', models.UUIDField(null=True)),
                        ('verification_code', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('request_id', models.UUIDField(null=True)),
                        ('file_id', models.UUIDField(null=True)),
                        ('issued_at', models.DateTimeField()),
                        ('type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.certificatetype')),
                        ('batch_id', models.UUIDField(null=True)),
                        ('holder_index', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, null=True, purpose='certificates.holder')),
                        ('origin', models.CharField(choices=[('issued', '本平台签发'), ('existing', '存量证照')], default='issued', max_length=8)),
                        ('replaces_id', models.UUIDField(null=True)),
                        ('trust', models.CharField(default='A', max_length=1)),
                        ('used_at', models.DateTimeField(null=True)),
                        ('begin_by', models.DateField(null=True)),
                        ('begin_clock', models.UUIDField(null=True)),
                        ('begun_on', models.DateField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['holder_id', '-issued_at'], name='certificate_of_holder'), models.Index(models.F('valid_until'), condition=models.Q(('status', 'valid')), name='certificate_ends'), models.Index(models.F('holder_index'), condition=models.Q(('holder_index__isnull', False)), name='certificate_of_number'), models.Index(models.F('batch_id'), condition=models.Q(('batch_id__isnull', False)), name='certificate_of_batch'), models.Index(condition=models.Q(('status', 'suspended')), fields=['organ_code', 'id'], name='certificate_suspended'), models.Index(condition=models.Q(('status__in', ('revoked', 'withdrawn'))), fields=['organ_code', 'id'], name='certificate_to_strike_off')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='certificate_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportBatch',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(choices=[('checking', '正在检查'), ('checked', '等待确认'), ('importing', '正在导入'), ('imported', '已导入'), ('undone', '已撤销导入'), ('dropped', '不导入')], default='checking', max_length=12)),
                        ('file_name', models.CharField(max_length=120)),
                        ('file_digest', models.CharField(max_length=64)),
                        ('headers', models.JSONField(default=list)),
                        ('department_id', models.UUIDField(null=True)),
                        ('region_code', models.CharField(blank=True, default='', max_length=12)),
                        ('item_type', models.CharField(blank=True, default='', max_length=16)),
                        ('uploaded_by', models.UUIDField()),
                        ('uploaded_post', models.UUIDField(null=True)),
                        ('uploaded_at', models.DateTimeField()),
                        ('confirmed_by', models.UUIDField(null=True)),
                        ('confirmed_post', models.UUIDField(null=True)),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('queued_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('total', models.IntegerField(default=0)),
                        ('done', models.IntegerField(default=0)),
                        ('imported', models.IntegerField(default=0)),
                        ('report', models.JSONField(default=dict)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ['checking', 'importing'])), fields=['queued_at'], name='import_at_work')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportRow',
                    fields=[
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='certificates.importbatch')),
                        ('line', models.IntegerField()),
                        ('pk', models.CompositePrimaryKey('batch_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('values', mingqu.kernel.fields.EncryptedJSONField(editable=True, grade='L3')),
                        ('number', models.CharField(blank=True, default='', max_length=40)),
                        ('type_code', models.CharField(blank=True, default='', max_length=21)),
                        ('state', models.CharField(choices=[('waiting', '待检查'), ('good', '没有问题'), ('noted', '有提示'), ('wrong', '有错误'), ('imported', '已导入')], default='waiting', max_length=8)),
                        ('findings', models.JSONField(default=list)),
                        ('certificate_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['batch', 'state', 'line'], name='import_rows_by_state')],
                    },
                ),
                migrations.CreateModel(
                    name='Measure',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('suspended', '暂停使用'), ('restored', '恢复使用'), ('put_off', '延期开工')], max_length=12)),
                        ('way', models.CharField(blank=True, choices=[('', ''), ('withheld', '暂扣许可证件'), ('stopped', '中止使用')], default='', max_length=12)),
                        ('document_number', models.CharField(blank=True, default='', max_length=80)),
                        ('basis', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('reason', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('until', models.DateField(null=True)),
                        ('post_id', models.UUIDField(null=True)),
                        ('person_id', models.UUIDField()),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['root_id', '-at'], name='measure_of_certificate')],
                    },
                ),
                migrations.CreateModel(
                    name='Revocation',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('ground', models.CharField(max_length=12)),
                        ('document_number', models.CharField(blank=True, default='', max_length=80)),
                        ('basis', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('reason', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('heard', models.CharField(max_length=12)),
                        ('told_on', models.DateField()),
                        ('statement', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('reconsideration_organ', models.CharField(max_length=120)),
                        ('court', models.CharField(max_length=120)),
                        ('request_id', models.UUIDField(null=True)),
                        ('post_id', models.UUIDField(null=True)),
                        ('person_id', models.UUIDField()),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['root_id', '-at'], name='revocation_of_certificate')],
                    },
                ),
                migrations.CreateModel(
                    name='StrikeOff',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('ground', models.CharField(max_length=12)),
                        ('basis', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('reason', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('proof', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('post_id', models.UUIDField(null=True)),
                        ('person_id', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('reconsideration_organ', models.CharField(blank=True, default='', max_length=120)),
                        ('court', models.CharField(blank=True, default='', max_length=120)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['root_id', '-at'], name='strikeoff_of_certificate')],
                    },
                ),
            ],
        ),
    ]

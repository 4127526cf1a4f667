
import django.contrib.postgres.fields
import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('hall', '0004_results_of_applicants'),
        ('identity', '0011_staff_registers'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsignmentReference',
            fields=[
                ('reference', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('case_id', models.UUIDField()),
                ('consignment_id', models.UUIDField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='DoubleParcel',
            fields=[
                ('reference', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('waybill', models.CharField(max_length=40)),
                ('state', models.CharField(default='ordered', max_length=12)),
                ('told', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ConsignmentTrack',
            fields=[
                ('root_id', models.UUIDField()),
                ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('consignment_id', models.UUIDField()),
                ('event_id', models.UUIDField()),
                ('kind', models.CharField(max_length=12)),
                ('words', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                ('verdict', models.CharField(max_length=12)),
                ('happened_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('root_id', 'consignment_id', 'event_id'), name='track_once')],
            },
        ),
        migrations.CreateModel(
            name='DeviceBridge',
            fields=[
                ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('devices', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                ('code_digest', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, null=True, purpose='hall.pairing_code', unique=True)),
                ('code_until', models.DateTimeField(null=True)),
                ('secret', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L4')),
                ('port', models.IntegerField(null=True)),
                ('paired_at', models.DateTimeField(null=True)),
                ('window', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='bridge', to='hall.window')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Consignment',
            fields=[
                ('root_id', models.UUIDField()),
                ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('case_number', models.CharField(max_length=20)),
                ('item_name', models.CharField(max_length=402)),
                ('item_type', models.CharField(max_length=16)),
                ('region_code', models.CharField(max_length=12)),
                ('applicant_id', models.UUIDField()),
                ('reference', models.CharField(max_length=40)),
                ('courier', models.CharField(max_length=32)),
                ('waybill', models.CharField(blank=True, default='', max_length=40)),
                ('receiver', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                ('phone', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                ('address', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                ('state', models.CharField(choices=[('waiting', '等待下单'), ('ordered', '等快递员来取'), ('moving', '运送中'), ('delivering', '正在派送'), ('signed', '已签收'), ('returned', '已退回窗口'), ('cancelled', '已取消')], default='waiting', max_length=10)),
                ('moved_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('signer', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                ('signed_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=120)),
                ('post_id', models.UUIDField(null=True)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.hall')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ('waiting', 'ordered', 'moving', 'delivering'))), fields=['moved_at', 'id'], name='parcel_under_way'), models.Index(fields=['department', '-id'], name='parcel_of_department'), models.Index(fields=['applicant_id'], name='parcel_of_applicant')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'ordered', 'moving', 'delivering'))), fields=('root_id',), name='parcel_one_under_way'), models.CheckConstraint(condition=models.Q(('state', 'signed'), ('signed_on__isnull', True), _connector='XOR'), name='parcel_signed_has_day')],
            },
        ),
    ]

import django.contrib.postgres.fields
import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('hall', '0001_initial'), ('hall', '0002_terminals'), ('hall', '0003_paper_and_counters'), ('hall', '0004_results_of_applicants'), ('hall', '0005_devices_of_windows_and_results_by_courier'), ('hall', '0006_for_firms')]

    initial = True

    dependencies = [
        ('identity', '0001_squashed_0013'),
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Booker',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('hold_id', models.UUIDField(null=True)),
                        ('held_slot_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='BookingNumber',
                    fields=[
                        ('number', models.CharField(max_length=22, primary_key=True, serialize=False)),
                        ('booking_id', models.UUIDField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Hall',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=24, unique=True)),
                        ('name', models.CharField(max_length=80)),
                        ('address', models.CharField(max_length=200)),
                        ('region_code', models.CharField(max_length=12)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('hours', models.CharField(blank=True, default='', max_length=120)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='DayQueue',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('region_code', models.CharField(max_length=12)),
                        ('day', models.DateField()),
                        ('ended', models.BooleanField(default=False)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.hall')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('ended', False)), fields=['day'], name='queue_open')],
                    },
                ),
                migrations.CreateModel(
                    name='ClosedDay',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('day', models.DateField()),
                        ('reason', models.CharField(max_length=120)),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closed_days', to='hall.hall')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('hall'), models.F('day'), name='hall_closed_once')],
                    },
                ),
                migrations.CreateModel(
                    name='QueueLine',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('letter', models.CharField(max_length=1)),
                        ('name', models.CharField(max_length=60)),
                        ('minutes', models.SmallIntegerField()),
                        ('item_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None)),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='hall.hall')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('hall'), models.F('letter'), name='line_letter_once')],
                    },
                ),
                migrations.CreateModel(
                    name='OpeningRule',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('since', models.DateField()),
                        ('begins', models.TimeField()),
                        ('ends', models.TimeField()),
                        ('minutes', models.SmallIntegerField()),
                        ('places', models.SmallIntegerField()),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='hall.queueline')),
                        ('saturday', models.BooleanField(default=False)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Booking',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=22)),
                        ('party_id', models.UUIDField()),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(default='', max_length=16)),
                        ('item_code', models.CharField(default='', max_length=64)),
                        ('item_name', models.CharField(default='', max_length=200)),
                        ('slot_id', models.UUIDField()),
                        ('day', models.DateField()),
                        ('begins_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('name', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('phone', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('state', models.CharField(choices=[('booked', '已预约'), ('checked_in', '已取号'), ('cancelled', '已取消'), ('missed', '没有来')], default='booked', max_length=10)),
                        ('reason', models.CharField(default='', max_length=120)),
                        ('made_at', models.DateTimeField()),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.hall')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.queueline')),
                        ('capacity_id', models.UUIDField(null=True)),
                        ('firm_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['party_id', '-begins_at'], name='booking_party'), models.Index(fields=['hall', 'day', 'begins_at'], name='booking_hall_day'), models.Index(condition=models.Q(('state', 'booked')), fields=['day'], name='booking_open'), models.Index(condition=models.Q(('firm_id__isnull', False)), fields=['firm_id', '-begins_at'], name='booking_firm')],
                    },
                ),
                migrations.CreateModel(
                    name='Slot',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('region_code', models.CharField(max_length=12)),
                        ('day', models.DateField()),
                        ('begins_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('closed', models.BooleanField(default=False)),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.hall')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.queueline')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['line', 'begins_at'], name='slot_line'), models.Index(fields=['hall', 'day'], name='slot_hall_day')],
                    },
                ),
                migrations.CreateModel(
                    name='SlotPlace',
                    fields=[
                        ('number', models.SmallIntegerField()),
                        ('pk', models.CompositePrimaryKey('slot_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('booking_id', models.UUIDField(null=True)),
                        ('party_id', models.UUIDField(null=True)),
                        ('held_until', models.DateTimeField(null=True)),
                        ('slot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='hall.slot')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('booking_id', None), ('held_until', None), ('party_id', None)), models.Q(('booking_id__isnull', False), ('party_id__isnull', False)), _connector='OR'), name='place_holder_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='Window',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.SmallIntegerField()),
                        ('name', models.CharField(max_length=40)),
                        ('line_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='hall.hall')),
                        ('in_use', models.BooleanField(default=True)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('hall'), models.F('number'), name='window_number_once')],
                    },
                ),
                migrations.CreateModel(
                    name='QueueNumber',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('queue_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('label', models.CharField(max_length=8)),
                        ('state', models.CharField(choices=[('waiting', '等候'), ('called', '叫号'), ('skipped', '过号'), ('done', '办结'), ('gone', '未办')], default='waiting', max_length=8)),
                        ('issued_at', models.DateTimeField()),
                        ('due_at', models.DateTimeField()),
                        ('first', models.BooleanField(default=False)),
                        ('booking_id', models.UUIDField(null=True)),
                        ('called_at', models.DateTimeField(null=True)),
                        ('times_called', models.SmallIntegerField(default=0)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('seconds', models.IntegerField(null=True)),
                        ('queue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='numbers', to='hall.dayqueue')),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.queueline')),
                        ('window', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.window')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['queue', 'state', 'due_at'], name='number_waiting'), models.Index(condition=models.Q(('state', 'done')), fields=['line', '-finished_at'], name='number_measured')],
                        'constraints': [models.UniqueConstraint(models.F('queue'), models.F('label'), name='number_label_once'), models.UniqueConstraint(condition=models.Q(('state', 'called')), fields=('queue', 'window'), name='window_calls_one'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'called'), _negated=True), models.Q(('called_at__isnull', False), ('window__isnull', False)), _connector='OR'), name='number_called_has_window')],
                    },
                ),
                migrations.CreateModel(
                    name='Terminal',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=40)),
                        ('registered_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terminals', to='hall.hall')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='GivenBack',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('paper_ids', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                        ('receiver', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('relation', models.CharField(max_length=20)),
                        ('document', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('proof', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('signature_id', models.UUIDField(null=True)),
                        ('post_id', models.UUIDField(null=True)),
                        ('at', models.DateTimeField()),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SlipNumber',
                    fields=[
                        ('number', models.CharField(max_length=22, primary_key=True, serialize=False)),
                        ('slip_id', models.UUIDField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Slip',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=22)),
                        ('sender_post_id', models.UUIDField()),
                        ('sent_by', models.UUIDField()),
                        ('region_code', models.CharField(max_length=12)),
                        ('state', models.CharField(choices=[('sent', '等签收'), ('received', '已签收'), ('differs', '签收，有不符'), ('called_back', '已撤回')], default='sent', max_length=12)),
                        ('sent_at', models.DateTimeField()),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('receiver_post_id', models.UUIDField(null=True)),
                        ('received_by', models.UUIDField(null=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'sent')), fields=['department', 'sent_at'], name='slip_to_sign'), models.Index(fields=['sender_post_id', '-id'], name='slip_sent'), models.Index(fields=['department', '-id'], name='slip_to')],
                    },
                ),
                migrations.CreateModel(
                    name='SlipLine',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('slip_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('position', models.SmallIntegerField()),
                        ('case_id', models.UUIDField()),
                        ('paper_id', models.UUIDField()),
                        ('code', models.CharField(max_length=24)),
                        ('item_name', models.CharField(max_length=200)),
                        ('name', models.CharField(max_length=120)),
                        ('form', models.CharField(choices=[('original', '原件'), ('copy', '复印件')], max_length=8)),
                        ('copies', models.SmallIntegerField()),
                        ('found', models.SmallIntegerField(null=True)),
                        ('remark', models.CharField(blank=True, default='', max_length=120)),
                        ('slip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='hall.slip')),
                    ],
                ),
                migrations.CreateModel(
                    name='KeptPaper',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('case_number', models.CharField(max_length=20)),
                        ('item_name', models.CharField(max_length=200)),
                        ('item_type', models.CharField(max_length=16)),
                        ('region_code', models.CharField(max_length=12)),
                        ('post_id', models.UUIDField()),
                        ('serial', models.SmallIntegerField()),
                        ('name', models.CharField(max_length=120)),
                        ('form', models.CharField(choices=[('original', '原件'), ('copy', '复印件')], max_length=8)),
                        ('copies', models.SmallIntegerField()),
                        ('state', models.CharField(choices=[('kept', '在手里'), ('moving', '交接中'), ('returned', '已退还'), ('filed', '已归入案卷')], default='kept', max_length=8)),
                        ('slip_id', models.UUIDField(null=True)),
                        ('missing', models.BooleanField(default=False)),
                        ('kept_at', models.DateTimeField()),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ['kept', 'moving'])), fields=['post_id', 'kept_at', 'id'], name='paper_in_hands')],
                        'constraints': [models.UniqueConstraint(models.F('root_id'), models.F('serial'), name='paper_serial_once'), models.CheckConstraint(condition=models.Q(('copies__gte', 1)), name='paper_copies'), models.CheckConstraint(condition=models.Q(('state', 'moving'), ('slip_id', None), _connector='XOR'), name='paper_moving_has_slip')],
                    },
                ),
                migrations.CreateModel(
                    name='Result',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('case_number', models.CharField(max_length=20)),
                        ('item_name', models.CharField(max_length=402)),
                        ('item_type', models.CharField(max_length=16)),
                        ('region_code', models.CharField(max_length=12)),
                        ('applicant_id', models.UUIDField()),
                        ('place', models.CharField(blank=True, default='', max_length=40)),
                        ('state', models.CharField(choices=[('lying', '等领取'), ('handed_out', '已送达'), ('taken_back', '没有到件')], default='lying', max_length=10)),
                        ('arrived_at', models.DateTimeField()),
                        ('arrived_on', models.DateField()),
                        ('post_id', models.UUIDField(null=True)),
                        ('reminders', models.SmallIntegerField(default=0)),
                        ('remind_on', models.DateField(null=True)),
                        ('ended_on', models.DateField(null=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.hall')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'lying')), fields=['arrived_on', 'id'], name='result_lying'), models.Index(condition=models.Q(('state', 'lying')), fields=['remind_on', 'id'], name='result_to_remind'), models.Index(condition=models.Q(('state', 'lying')), fields=['applicant_id'], name='result_of_applicant')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state', 'lying'), ('ended_on__isnull', False), _connector='XOR'), name='result_ended_has_day')],
                    },
                ),
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
            ],
        ),
    ]

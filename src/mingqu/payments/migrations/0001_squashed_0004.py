import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('payments', '0001_initial'), ('payments', '0002_under_whose_authority'), ('payments', '0003_amounts_that_differ'), ('payments', '0004_several_fees_at_once')]

    initial = True

    dependencies = [
        ('identity', '0001_squashed_0013'),
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='DoubleOrder',
                    fields=[
                        ('reference', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('amount', models.BigIntegerField()),
                        ('subject', models.CharField(max_length=200)),
                        ('back_url', models.CharField(max_length=300)),
                        ('state', models.CharField(default='waiting', max_length=16)),
                        ('trade_number', models.CharField(blank=True, default='', max_length=64)),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('refund_of', models.CharField(blank=True, default='', max_length=64)),
                        ('created_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='NoticeNumber',
                    fields=[
                        ('number', models.CharField(max_length=24, primary_key=True, serialize=False)),
                        ('notice_id', models.UUIDField()),
                    ],
                ),
                migrations.CreateModel(
                    name='PaymentReference',
                    fields=[
                        ('key', models.CharField(max_length=120, primary_key=True, serialize=False)),
                        ('notice_id', models.UUIDField()),
                        ('together', models.BooleanField(db_default=False, default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='FeeNotice',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=24)),
                        ('case_id', models.UUIDField()),
                        ('case_number', models.CharField(max_length=20)),
                        ('item_name', models.CharField(max_length=200)),
                        ('item_type', models.CharField(max_length=16)),
                        ('region_code', models.CharField(max_length=12)),
                        ('payer_id', models.UUIDField()),
                        ('payer_kind', models.CharField(default='person', max_length=8)),
                        ('firm_id', models.UUIDField(null=True)),
                        ('payer_name', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('fee_code', models.CharField(max_length=64)),
                        ('fee_name', models.CharField(max_length=200)),
                        ('standard', models.CharField(max_length=500)),
                        ('basis', models.CharField(max_length=300)),
                        ('because', models.CharField(blank=True, default='', max_length=500)),
                        ('amount', models.BigIntegerField()),
                        ('state', models.CharField(choices=[('due', '待缴费'), ('paying', '缴费处理中'), ('paid', '已缴费'), ('exempted', '已免缴'), ('cancelled', '已取消'), ('refunding', '退费处理中'), ('refunded', '已退费')], default='due', max_length=12)),
                        ('waits', models.BooleanField(default=False)),
                        ('due_on', models.DateField(null=True)),
                        ('issued_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('ended_because', models.CharField(blank=True, default='', max_length=500)),
                        ('receipt_number', models.CharField(blank=True, default='', max_length=32)),
                        ('request_id', models.UUIDField(null=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('capacity_id', models.UUIDField(null=True)),
                        ('item_code', models.CharField(blank=True, default='', max_length=64)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['case_id'], name='fee_of_case'), models.Index(fields=['case_number'], name='fee_of_case_number'), models.Index(fields=['payer_id', '-id'], name='fee_of_payer'), models.Index(condition=models.Q(('state__in', ['due', 'paying'])), fields=['department', 'id'], name='fee_under_way'), models.Index(fields=['department', 'state', '-id'], name='fee_of_department')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('amount__lte', 10000000000)), name='fee_amount'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), models.Q(('receipt_number', ''), _negated=True), _connector='OR'), name='fee_paid_has_receipt')],
                    },
                ),
                migrations.CreateModel(
                    name='Payment',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('notice_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('provider', models.CharField(max_length=32)),
                        ('way', models.CharField(choices=[('online', '网上'), ('cash', '窗口现金'), ('pos', '窗口刷卡')], max_length=8)),
                        ('reference', models.CharField(max_length=64)),
                        ('trade_number', models.CharField(blank=True, default='', max_length=64)),
                        ('amount', models.BigIntegerField()),
                        ('state', models.CharField(choices=[('open', '正在确认'), ('succeeded', '成功'), ('failed', '没有成功'), ('expired', '没有完成'), ('differs', '金额不符，正在核对')], default='open', max_length=12)),
                        ('surplus', models.BooleanField(default=False)),
                        ('receipt_number', models.CharField(blank=True, default='', max_length=32)),
                        ('began_at', models.DateTimeField()),
                        ('until', models.DateTimeField()),
                        ('asked_at', models.DateTimeField(null=True)),
                        ('paid_at', models.DateTimeField(null=True)),
                        ('paid_on', models.DateField(null=True)),
                        ('post_id', models.UUIDField(null=True)),
                        ('person_id', models.UUIDField(null=True)),
                        ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='payments.feenotice')),
                        ('checked_because', models.CharField(blank=True, default='', max_length=500)),
                        ('checked_by', models.UUIDField(null=True)),
                        ('told_amount', models.BigIntegerField(null=True)),
                        ('order_reference', models.CharField(blank=True, db_default='', default='', max_length=64)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['until'], name='payment_open'), models.Index(condition=models.Q(('state', 'succeeded')), fields=['provider', 'paid_on', 'reference'], name='payment_of_day'), models.Index(condition=models.Q(('state', 'differs')), fields=['began_at'], name='payment_differs'), models.Index(condition=models.Q(('state', 'succeeded'), models.Q(('order_reference', ''), _negated=True)), fields=['provider', 'paid_on', 'order_reference'], name='payment_of_order')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_amount'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'succeeded'), _negated=True), ('paid_on__isnull', False), _connector='OR'), name='payment_succeeded_has_day')],
                    },
                ),
                migrations.CreateModel(
                    name='ProviderCallback',
                    fields=[
                        ('event_id', models.UUIDField()),
                        ('pk', models.CompositePrimaryKey('notice_id', 'event_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('provider', models.CharField(max_length=32)),
                        ('kind', models.CharField(max_length=16)),
                        ('reference', models.CharField(max_length=64)),
                        ('amount', models.BigIntegerField()),
                        ('verdict', models.CharField(max_length=16)),
                        ('at', models.DateTimeField()),
                        ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.feenotice')),
                    ],
                ),
                migrations.CreateModel(
                    name='ReconciledDay',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('provider', models.CharField(max_length=32)),
                        ('day', models.DateField()),
                        ('file_name', models.CharField(max_length=200)),
                        ('digest', models.CharField(max_length=64)),
                        ('ours', models.IntegerField(default=0)),
                        ('our_sum', models.BigIntegerField(default=0)),
                        ('theirs', models.IntegerField(default=0)),
                        ('their_sum', models.BigIntegerField(default=0)),
                        ('reconciled_at', models.DateTimeField()),
                        ('by_person', models.UUIDField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['-day', 'provider'], name='reconciled_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Difference',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('day_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('missing_there', '我方有，对账单没有'), ('missing_here', '对账单有，我方没有'), ('amount', '金额不一致'), ('no_receipt', '收了款，没有凭证号'), ('not_noted', '收了款，缴款通知没有记为已缴'), ('no_case', '收了款，找不到办件')], max_length=16)),
                        ('reference', models.CharField(max_length=64)),
                        ('notice_id', models.UUIDField(null=True)),
                        ('ours', models.BigIntegerField(null=True)),
                        ('theirs', models.BigIntegerField(null=True)),
                        ('owner_id', models.UUIDField()),
                        ('settled_at', models.DateTimeField(null=True)),
                        ('settled_by', models.UUIDField(null=True)),
                        ('reason', models.CharField(blank=True, default='', max_length=500)),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='payments.reconciledday')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['day'], name='difference_open')],
                    },
                ),
                migrations.CreateModel(
                    name='Refund',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('notice_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('payment_id', models.UUIDField()),
                        ('provider', models.CharField(max_length=32)),
                        ('reference', models.CharField(max_length=64)),
                        ('amount', models.BigIntegerField()),
                        ('reason', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('state', models.CharField(choices=[('asked', '等待复核'), ('declined', '没有同意退'), ('sending', '正在退'), ('done', '已退回'), ('failed', '没有退成')], default='asked', max_length=12)),
                        ('proof', models.CharField(blank=True, default='', max_length=64)),
                        ('asked_at', models.DateTimeField()),
                        ('asked_by', models.UUIDField()),
                        ('agreed_by', models.UUIDField(null=True)),
                        ('agreed_at', models.DateTimeField(null=True)),
                        ('done_at', models.DateTimeField(null=True)),
                        ('done_on', models.DateField(null=True)),
                        ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='payments.feenotice')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ['asked', 'sending', 'failed'])), fields=['asked_at'], name='refund_under_way'), models.Index(condition=models.Q(('state', 'done')), fields=['provider', 'done_on', 'reference'], name='refund_of_day')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'declined'), _negated=True), fields=('notice', 'payment_id'), name='refund_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StatementLine',
                    fields=[
                        ('line', models.IntegerField()),
                        ('pk', models.CompositePrimaryKey('day_id', 'line', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('reference', models.CharField(max_length=64)),
                        ('amount', models.BigIntegerField()),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='payments.reconciledday')),
                    ],
                ),
                migrations.CreateModel(
                    name='TogetherPayment',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=24)),
                        ('about_id', models.UUIDField()),
                        ('payer_id', models.UUIDField()),
                        ('firm_id', models.UUIDField(null=True)),
                        ('capacity_id', models.UUIDField(null=True)),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_code', models.CharField(blank=True, default='', max_length=64)),
                        ('item_type', models.CharField(max_length=16)),
                        ('provider', models.CharField(max_length=32)),
                        ('reference', models.CharField(max_length=64)),
                        ('trade_number', models.CharField(blank=True, default='', max_length=64)),
                        ('amount', models.BigIntegerField()),
                        ('notice_ids', models.JSONField(default=list)),
                        ('state', models.CharField(choices=[('open', '正在确认'), ('succeeded', '成功'), ('failed', '没有成功'), ('expired', '没有完成'), ('differs', '金额不符，正在核对')], default='open', max_length=12)),
                        ('began_at', models.DateTimeField()),
                        ('until', models.DateTimeField()),
                        ('asked_at', models.DateTimeField(null=True)),
                        ('told_at', models.DateTimeField(null=True)),
                        ('told_amount', models.BigIntegerField(null=True)),
                        ('settled', models.BooleanField(default=True)),
                        ('checked_by', models.UUIDField(null=True)),
                        ('checked_because', models.CharField(blank=True, default='', max_length=500)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['about_id', '-id'], name='together_about'), models.Index(fields=['payer_id', '-id'], name='together_payer'), models.Index(fields=['provider', 'reference'], name='together_reference'), models.Index(condition=models.Q(('state', 'open'), ('settled', False), _connector='OR'), fields=['until'], name='together_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='together_amount')],
                    },
                ),
            ],
        ),
    ]

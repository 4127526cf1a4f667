import django.db.models.deletion
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('across', '0001_agreements'), ('across', '0002_received_elsewhere')]

    initial = True

    dependencies = [
        ('hall', '0001_squashed_0006'),
        ('identity', '0001_squashed_0013'),
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Agreement',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=24, unique=True)),
                        ('way', models.CharField(choices=[('online', '全程网办'), ('collect', '异地代收代办'), ('joint', '多地联办')], max_length=8)),
                        ('state', models.CharField(choices=[('proposed', '等确认'), ('agreed', '双方已确认'), ('declined', '对方没有同意'), ('taken_back', '提出方已收回'), ('withdrawn', '已退出')], default='proposed', max_length=10)),
                        ('by_home', models.BooleanField()),
                        ('from_on', models.DateField()),
                        ('until_on', models.DateField(null=True)),
                        ('ends_on', models.DateField(null=True)),
                        ('terms', models.CharField(blank=True, default='', max_length=500)),
                        ('away', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.hall')),
                        ('home', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.hall')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['state', '-id'], name='agreement_state')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('home', models.F('away')), _negated=True), name='agreement_of_two_halls'), models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='agreement_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('state', 'withdrawn'), _negated=True), name='agreement_withdrawn_has_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementDeed',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('deed', models.CharField(choices=[('propose', '提出'), ('agree', '确认'), ('decline', '没有同意'), ('take_back', '收回'), ('withdraw', '退出')], max_length=10)),
                        ('by_home', models.BooleanField()),
                        ('at', models.DateTimeField()),
                        ('post_id', models.UUIDField(null=True)),
                        ('officer_id', models.UUIDField()),
                        ('reason', models.CharField(blank=True, default='', max_length=500)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='across.agreement')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['agreement', 'id'], name='agreement_deeds')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementItem',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('item_code', models.CharField(max_length=64)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='across.agreement')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['item_code', 'agreement'], name='agreement_of_item')],
                        'constraints': [models.UniqueConstraint(fields=('agreement', 'item_code'), name='agreement_item_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Reception',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('region_code', models.CharField(max_length=12)),
                        ('state', models.CharField(choices=[('open', '正在填'), ('filed', '已收件'), ('ended', '没有收')], default='open', max_length=6)),
                        ('post_id', models.UUIDField()),
                        ('officer_id', models.UUIDField()),
                        ('person_id', models.UUIDField()),
                        ('item_code', models.CharField(max_length=64)),
                        ('item_type', models.CharField(max_length=16)),
                        ('handling_code', models.CharField(max_length=20)),
                        ('draft_id', models.UUIDField(null=True, unique=True)),
                        ('opened_on', models.DateField()),
                        ('filed_on', models.DateField(null=True)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='across.agreement')),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='hall.hall')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['hall', 'state', '-id'], name='reception_of_hall'), models.Index(fields=['person_id', '-id'], name='reception_of_person'), models.Index(fields=['agreement', '-id'], name='reception_of_agreement')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'filed'), _negated=True), models.Q(('draft_id__isnull', False), ('filed_on__isnull', False)), _connector='OR'), name='reception_filed_has_case')],
                    },
                ),
            ],
        ),
    ]

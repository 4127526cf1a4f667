import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('evaluation', '0001_initial'), ('evaluation', '0002_real_items'), ('evaluation', '0003_follow_ups'), ('evaluation', '0004_rated_at_a_window')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Rating',
                    fields=[
                        ('root_id', models.UUIDField()),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('root_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('channel', models.CharField(choices=[('online', '网上'), ('window', '窗口评价器')], default='online', max_length=12)),
                        ('item_code', models.CharField(max_length=64)),
                        ('department_id', models.UUIDField()),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(max_length=16)),
                        ('level', models.SmallIntegerField()),
                        ('reasons', models.JSONField(default=list)),
                        ('text', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('indicator_version', models.CharField(max_length=20)),
                        ('rated_at', models.DateTimeField()),
                        ('rated_on', models.DateField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['department_id', '-id'], name='rating_of_department')],
                        'constraints': [models.UniqueConstraint(fields=('root_id', 'channel'), name='rating_once'), models.CheckConstraint(condition=models.Q(('level__range', (1, 5))), name='rating_level_known')],
                    },
                ),
                migrations.CreateModel(
                    name='RatingCount',
                    fields=[
                        ('department_id', models.UUIDField()),
                        ('item_code', models.CharField(max_length=64)),
                        ('day', models.DateField()),
                        ('level', models.SmallIntegerField()),
                        ('pk', models.CompositePrimaryKey('department_id', 'item_code', 'day', 'level', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('count', models.IntegerField(default=0)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['day'], name='ratingcount_day')],
                    },
                ),
                migrations.CreateModel(
                    name='FollowUpNumber',
                    fields=[
                        ('number', models.CharField(max_length=22, primary_key=True, serialize=False)),
                        ('follow_up_id', models.UUIDField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='FollowUp',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=22)),
                        ('state', models.CharField(choices=[('verifying', '等待核实'), ('rectifying', '等待整改'), ('calling', '等待回访'), ('publishing', '等待公开'), ('published', '已公开'), ('excluded', '不计入')], default='verifying', max_length=12)),
                        ('case_id', models.UUIDField()),
                        ('channel', models.CharField(max_length=12)),
                        ('item_code', models.CharField(max_length=64)),
                        ('department_id', models.UUIDField()),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(max_length=16)),
                        ('level', models.SmallIntegerField()),
                        ('rated_on', models.DateField()),
                        ('due_on', models.DateField()),
                        ('late', models.BooleanField(default=False)),
                        ('finding', models.CharField(blank=True, choices=[('confirmed', '属实'), ('mistaken', '误评'), ('malicious', '恶意差评')], default='', max_length=10)),
                        ('finding_text', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('verified_on', models.DateField(null=True)),
                        ('answer', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('rectified_on', models.DateField(null=True)),
                        ('rounds', models.SmallIntegerField(default=0)),
                        ('call', models.CharField(blank=True, choices=[('content', '满意整改'), ('not_content', '不满意整改'), ('not_reached', '没有联系上')], default='', max_length=12)),
                        ('call_text', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('calls', models.SmallIntegerField(default=0)),
                        ('called_on', models.DateField(null=True)),
                        ('public_text', models.CharField(blank=True, default='', max_length=500)),
                        ('published_on', models.DateField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ('published', 'excluded')), _negated=True), fields=['department_id', 'due_on', 'id'], name='followup_open'), models.Index(condition=models.Q(('state__in', ('published', 'excluded'))), fields=['department_id', '-rated_on', '-id'], name='followup_done'), models.Index(fields=['rated_on'], name='followup_rated'), models.Index(fields=['case_id'], name='followup_case')],
                    },
                ),
            ],
        ),
    ]

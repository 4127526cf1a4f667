import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('assist', '0001_initial'), ('assist', '0002_still_under_way')]

    initial = True

    dependencies = [
        ('identity', '0001_squashed_0013'),
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='StuckNumber',
                    fields=[
                        ('number', models.CharField(max_length=22, primary_key=True, serialize=False)),
                        ('stuck_id', models.UUIDField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Stuck',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=22)),
                        ('code', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('state', models.CharField(choices=[('filed', '等待答复'), ('going', '仍在办理中'), ('answered', '已答复'), ('again', '再次反映，等待上级答复'), ('settled', '已解决'), ('unsettled', '没有解决')], default='filed', max_length=10)),
                        ('channel', models.CharField(choices=[('online', '网上'), ('code', '凭查询码'), ('window', '窗口')], max_length=8)),
                        ('party_id', models.UUIDField(null=True)),
                        ('contact', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('author', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('case_id', models.UUIDField(null=True)),
                        ('case_number', models.CharField(blank=True, default='', max_length=20)),
                        ('item_code', models.CharField(blank=True, default='', max_length=64)),
                        ('item_type', models.CharField(blank=True, default='', max_length=16)),
                        ('region_code', models.CharField(max_length=12)),
                        ('caught', models.BooleanField(default=False)),
                        ('text', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('round', models.SmallIntegerField(default=1)),
                        ('filed_at', models.DateTimeField()),
                        ('filed_on', models.DateField()),
                        ('due_on', models.DateField()),
                        ('in_time', models.BooleanField(null=True)),
                        ('solved', models.BooleanField(default=False)),
                        ('overdue_on', models.DateField(null=True)),
                        ('said_on', models.DateField(null=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('put_off', models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('party_id__isnull', False)), fields=['party_id', '-id'], name='stuck_party'), models.Index(fields=['filed_on', 'department'], name='stuck_of_year'), models.Index(condition=models.Q(('state__in', ['filed', 'again', 'going'])), fields=['department', 'due_on', 'id'], name='stuck_open')],
                    },
                ),
                migrations.CreateModel(
                    name='StuckAnswer',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('stuck_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('round', models.SmallIntegerField()),
                        ('solved', models.BooleanField()),
                        ('text', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('answered_at', models.DateTimeField()),
                        ('post_id', models.UUIDField(null=True)),
                        ('stuck', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='assist.stuck')),
                        ('until_on', models.DateField(null=True)),
                    ],
                ),
            ],
        ),
    ]

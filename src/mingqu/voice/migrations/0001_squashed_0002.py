import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('voice', '0001_initial'), ('voice', '0002_told_once_that_it_is_late')]

    initial = True

    dependencies = [
        ('identity', '0001_squashed_0013'),
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='TicketNumber',
                    fields=[
                        ('number', models.CharField(max_length=22, primary_key=True, serialize=False)),
                        ('ticket_id', models.UUIDField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Ticket',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=22)),
                        ('kind', models.CharField(choices=[('complaint', '投诉'), ('consultation', '咨询'), ('suggestion', '建议')], max_length=14)),
                        ('state', models.CharField(choices=[('filed', '等待答复'), ('answered', '已答复'), ('settled', '已解决'), ('unsettled', '没有解决')], default='filed', max_length=10)),
                        ('party_id', models.UUIDField()),
                        ('case_id', models.UUIDField(null=True)),
                        ('case_number', models.CharField(default='', max_length=20)),
                        ('item_code', models.CharField(default='', max_length=64)),
                        ('region_code', models.CharField(max_length=12)),
                        ('item_type', models.CharField(default='', max_length=16)),
                        ('text', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('filed_at', models.DateTimeField()),
                        ('filed_on', models.DateField()),
                        ('due_on', models.DateField()),
                        ('reply', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('answered_by', models.UUIDField(null=True)),
                        ('said_on', models.DateField(null=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('overdue_on', models.DateField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['party_id', '-filed_at', '-id'], name='ticket_party'), models.Index(condition=models.Q(('state', 'filed')), fields=['department', 'due_on', 'id'], name='ticket_open'), models.Index(condition=models.Q(('state', 'filed'), _negated=True), fields=['department', '-due_on', '-id'], name='ticket_done')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'filed')), models.Q(models.Q(('state', 'filed'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='ticket_answered_has_post')],
                    },
                ),
            ],
        ),
    ]

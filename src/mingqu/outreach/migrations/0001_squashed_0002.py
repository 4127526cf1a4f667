import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('outreach', '0001_initial'), ('outreach', '0002_corrections_by_agents')]

    initial = True

    dependencies = [
        ('identity', '0001_squashed_0013'),
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='OutreachNumber',
                    fields=[
                        ('number', models.CharField(max_length=22, primary_key=True, serialize=False)),
                        ('root_id', models.UUIDField(unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='Point',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.SlugField(max_length=32, unique=True)),
                        ('name', models.CharField(max_length=60)),
                        ('region_code', models.CharField(max_length=12)),
                        ('address', models.CharField(max_length=120)),
                        ('hours', models.CharField(max_length=120)),
                        ('telephone', models.CharField(blank=True, max_length=40)),
                        ('closed_on', models.DateField(null=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['region_code', 'code'], name='point_region')],
                    },
                ),
                migrations.CreateModel(
                    name='Errand',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=22)),
                        ('state', models.CharField(choices=[('open', '等本人同意'), ('paper', '委托书等复核'), ('agreed', '本人已同意，还没有提交'), ('filed', '已代为提交'), ('brought', '结果已送到本人'), ('ended', '已停下')], default='open', max_length=8)),
                        ('region_code', models.CharField(max_length=12)),
                        ('post_id', models.UUIDField()),
                        ('agent_id', models.UUIDField()),
                        ('person_id', models.UUIDField()),
                        ('item_code', models.CharField(max_length=64)),
                        ('item_type', models.CharField(max_length=16)),
                        ('handling_code', models.CharField(max_length=20)),
                        ('opened_at', models.DateTimeField()),
                        ('opened_on', models.DateField()),
                        ('consent', models.CharField(blank=True, choices=[('', ''), ('code', '手机同意码'), ('paper', '签名的委托书')], default='', max_length=8)),
                        ('consented_at', models.DateTimeField(null=True)),
                        ('code_digest', models.BinaryField(max_length=32, null=True)),
                        ('code_until', models.DateTimeField(null=True)),
                        ('paper_id', models.UUIDField(null=True)),
                        ('checked_by', models.UUIDField(null=True)),
                        ('said', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('draft_id', models.UUIDField(null=True, unique=True)),
                        ('case_number', models.CharField(blank=True, default='', max_length=20)),
                        ('filed_on', models.DateField(null=True)),
                        ('ended_on', models.DateField(null=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outreach.point')),
                        ('covers_fixes', models.BooleanField(db_default=False, default=False)),
                        ('fix_agreed_at', models.DateTimeField(null=True)),
                        ('fixed_on', models.DateField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['post_id', 'state', '-id'], name='errand_of_post'), models.Index(fields=['person_id', '-id'], name='errand_of_person'), models.Index(condition=models.Q(('state', 'paper')), fields=['opened_on', 'id'], name='errand_papers'), models.Index(condition=models.Q(('case_number', ''), _negated=True), fields=['case_number'], name='errand_of_case')],
                    },
                ),
                migrations.CreateModel(
                    name='Delegation',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('item_code', models.CharField(max_length=64)),
                        ('from_on', models.DateField()),
                        ('until_on', models.DateField(null=True)),
                        ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='outreach.point')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['item_code', 'point'], name='delegation_item')],
                        'constraints': [models.UniqueConstraint(fields=('point', 'item_code'), name='delegation_once'), models.CheckConstraint(condition=models.Q(('until_on', None), ('until_on__gte', models.F('from_on')), _connector='OR'), name='delegation_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='PointPost',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='outreach.point')),
                        ('post', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.post')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='HomeVisit',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('number', models.CharField(max_length=22)),
                        ('state', models.CharField(choices=[('asked', '等安排'), ('planned', '已安排'), ('done', '已上门办理'), ('impossible', '没有办成'), ('withdrawn', '已取消')], default='asked', max_length=10)),
                        ('channel', models.CharField(choices=[('online', '网上'), ('telephone', '电话'), ('agent', '便民服务点')], max_length=10)),
                        ('party_id', models.UUIDField(null=True)),
                        ('name', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('phone', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('address', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('about', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('reason', models.CharField(max_length=12)),
                        ('item_type', models.CharField(blank=True, default='', max_length=16)),
                        ('region_code', models.CharField(max_length=12)),
                        ('asked_by_post', models.UUIDField(null=True)),
                        ('asked_at', models.DateTimeField()),
                        ('wished_on', models.DateField()),
                        ('wished_half', models.CharField(choices=[('am', '上午'), ('pm', '下午')], max_length=2)),
                        ('due_on', models.DateField()),
                        ('visit_on', models.DateField(null=True)),
                        ('visit_half', models.CharField(blank=True, choices=[('am', '上午'), ('pm', '下午')], default='', max_length=2)),
                        ('assigned_post', models.UUIDField(null=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('note', mingqu.kernel.fields.EncryptedTextField(default='', editable=True, grade='L3')),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state__in', ['asked', 'planned'])), fields=['department', 'due_on', 'id'], name='home_visit_open'), models.Index(condition=models.Q(('party_id__isnull', False)), fields=['party_id', '-id'], name='home_visit_party'), models.Index(condition=models.Q(('assigned_post__isnull', False)), fields=['assigned_post', 'state'], name='home_visit_post')],
                    },
                ),
            ],
        ),
    ]

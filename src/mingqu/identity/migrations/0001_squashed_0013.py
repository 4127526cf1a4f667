import django.contrib.postgres.fields
import django.db.models.deletion
import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('identity', '0001_initial'), ('identity', '0002_contact_phone'), ('identity', '0003_what_everyone_may_read'), ('identity', '0004_why_an_account_is_locked'), ('identity', '0005_who_reviews_its_acts'), ('identity', '0006_who_may_act_for_whom'), ('identity', '0007_deputies_of_posts'), ('identity', '0008_organisations_by_table'), ('identity', '0009_other_ways_in'), ('identity', '0010_accounts_closed_and_copied'), ('identity', '0011_staff_registers'), ('identity', '0012_register_of_a_department'), ('identity', '0013_rank_of_a_post')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Allowance',
                    fields=[
                        ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('since', models.DateTimeField()),
                        ('until', models.DateTimeField(db_index=True)),
                        ('spent', models.IntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('citizen', 'Citizen'), ('staff', 'Staff')], max_length=8)),
                        ('username', models.CharField(max_length=32, null=True, unique=True)),
                        ('phone', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('phone_index', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, null=True, purpose='identity.phone')),
                        ('phone_verified_at', models.DateTimeField(null=True)),
                        ('person_id', models.UUIDField()),
                        ('is_active', models.BooleanField(default=True)),
                        ('must_change_password', models.BooleanField(default=False)),
                        ('password_changed_at', models.DateTimeField(null=True)),
                        ('epoch', models.IntegerField(default=0)),
                        ('created_at', models.DateTimeField()),
                        ('locked_because', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('person_id'), name='user_person')],
                        'constraints': [models.UniqueConstraint(models.F('phone_index'), condition=models.Q(('kind', 'citizen')), name='user_citizen_phone_once'), models.CheckConstraint(condition=models.Q(models.Q(('phone__isnull', True), ('phone_index__isnull', True)), models.Q(('phone__isnull', False), ('phone_index__isnull', False)), _connector='OR'), name='user_phone_has_index'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'citizen'), ('phone_index__isnull', False), ('username__isnull', True)), models.Q(('closed_at__isnull', False), ('is_active', False), ('kind', 'citizen'), ('username__isnull', True)), models.Q(('kind', 'staff'), ('username__isnull', False)), _connector='OR'), name='user_signs_in_one_way')],
                    },
                ),
                migrations.CreateModel(
                    name='Department',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=32, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('credit_code', models.CharField(blank=True, default='', max_length=18)),
                        ('region_code', models.CharField(max_length=12)),
                        ('path', models.CharField(max_length=400, unique=True)),
                        ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='identity.department')),
                        ('review_organ', models.CharField(blank=True, default='', max_length=120)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['path'], name='department_path', opclasses=['varchar_pattern_ops'])],
                    },
                ),
                migrations.CreateModel(
                    name='Firm',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=200)),
                        ('credit_code', models.CharField(blank=True, default='', max_length=18)),
                        ('reserved_name_number', models.CharField(blank=True, default='', max_length=40)),
                        ('legal_representative', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('created_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [models.Index(models.F('credit_code'), name='firm_credit_code'), models.Index(fields=['name'], name='firm_name', opclasses=['varchar_pattern_ops'])],
                        'constraints': [models.CheckConstraint(condition=models.Q(('credit_code', ''), ('reserved_name_number', ''), _negated=True), name='firm_has_some_number')],
                    },
                ),
                migrations.CreateModel(
                    name='PartyNumber',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('citizen_number', 'Citizen Number'), ('document', 'Document'), ('credit_code', 'Credit Code')], max_length=16)),
                        ('number_index', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, purpose='identity.party_number')),
                        ('party_id', models.UUIDField()),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('kind'), models.F('number_index'), name='party_number_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('citizen_number', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('citizen_number_index', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, null=True, purpose='identity.citizen_number')),
                        ('document_kind', models.CharField(blank=True, default='', max_length=32)),
                        ('document_number', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('document_number_index', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, null=True, purpose='identity.document_number')),
                        ('assurance', models.SmallIntegerField(default=0)),
                        ('created_at', models.DateTimeField()),
                        ('contact_phone', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                    ],
                    options={
                        'indexes': [models.Index(models.F('citizen_number_index'), name='person_citizen_number'), models.Index(models.F('document_number_index'), name='person_document_number')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('assurance__range', (0, 4))), name='person_assurance_level'), models.CheckConstraint(condition=models.Q(models.Q(('citizen_number__isnull', True), ('citizen_number_index__isnull', True)), models.Q(('citizen_number__isnull', False), ('citizen_number_index__isnull', False)), _connector='OR'), name='person_number_has_index'), models.CheckConstraint(condition=models.Q(models.Q(('document_kind', ''), ('document_number__isnull', True), ('document_number_index__isnull', True)), models.Q(models.Q(('document_kind', ''), _negated=True), ('document_number__isnull', False), ('document_number_index__isnull', False)), _connector='OR'), name='person_document_whole')],
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('code', models.CharField(max_length=48, unique=True)),
                        ('name', models.CharField(max_length=80)),
                        ('item_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='identity.department')),
                        ('rank', models.SmallIntegerField(db_default=0, default=0)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='PostHolding',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('from_on', models.DateField()),
                        ('until_on', models.DateField(null=True)),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='identity.post')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to=settings.AUTH_USER_MODEL)),
                        ('deputy_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='postholding_span'), models.CheckConstraint(condition=models.Q(('deputy_for__isnull', True), models.Q(('until_on__isnull', False), models.Q(('deputy_for', models.F('user')), _negated=True)), _connector='OR'), name='postholding_deputy_has_end')],
                    },
                ),
                migrations.CreateModel(
                    name='RoleGrant',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('role', models.CharField(max_length=32)),
                        ('region_code', models.CharField(blank=True, default='', max_length=12)),
                        ('item_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                        ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='identity.post')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('post'), models.F('role'), models.F('region_code'), models.F('department'), name='rolegrant_once', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='Capacity',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('representative', 'Representative'), ('handler', 'Handler'), ('relative', 'Relative')], max_length=16)),
                        ('state', models.CharField(choices=[('offered', 'Offered'), ('active', 'Active'), ('declined', 'Declined'), ('ended', 'Ended')], max_length=8)),
                        ('principal_id', models.UUIDField()),
                        ('principal_name', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('agent_id', models.UUIDField(null=True)),
                        ('agent_name', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('agent_phone', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('agent_phone_index', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, null=True, purpose='identity.phone')),
                        ('granted_by', models.UUIDField()),
                        ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                        ('item_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                        ('from_on', models.DateField()),
                        ('until_on', models.DateField(null=True)),
                        ('offered_at', models.DateTimeField()),
                        ('accepted_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('ended_by', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('agent_id__isnull', False)), fields=['agent_id'], name='capacity_of_agent'), models.Index(fields=['principal_id'], name='capacity_of_principal'), models.Index(condition=models.Q(('state', 'offered')), fields=['agent_phone_index'], name='capacity_offered')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), models.Q(('accepted_at__isnull', False), ('agent_id__isnull', False)), _connector='OR'), name='capacity_in_force_has_agent'), models.CheckConstraint(condition=models.Q(('kind', 'representative'), ('until_on__gte', models.F('from_on')), _connector='OR'), name='capacity_given_has_end'), models.CheckConstraint(condition=models.Q(('agent_id__isnull', True), models.Q(('agent_id', models.F('principal_id')), _negated=True), _connector='OR'), name='capacity_for_another')],
                    },
                ),
                migrations.CreateModel(
                    name='OrgImport',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=120)),
                        ('state', models.CharField(choices=[('waiting', '等待复核'), ('done', '已导入'), ('dropped', '已作废')], default='waiting', max_length=8)),
                        ('rows', mingqu.kernel.fields.EncryptedJSONField(default=list, editable=True, grade='L3')),
                        ('many', models.IntegerField()),
                        ('changes', models.IntegerField(default=0)),
                        ('brought_at', models.DateTimeField()),
                        ('brought_by', models.UUIDField()),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('closed_by', models.UUIDField(null=True)),
                        ('agreed_key', models.UUIDField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='OutsideApp',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=60)),
                        ('operator', models.CharField(max_length=120)),
                        ('confidential', models.BooleanField(default=True)),
                        ('secret_digest', models.CharField(blank=True, default='', max_length=64)),
                        ('return_addresses', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), size=None)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                        ('registered_at', models.DateTimeField()),
                        ('registered_by', models.UUIDField()),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='SigningKey',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('private_pem', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L4')),
                        ('public', models.JSONField()),
                        ('signs_from', models.DateTimeField()),
                        ('published_until', models.DateTimeField(null=True)),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='AppGrant',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('user_id', models.UUIDField()),
                        ('subject', models.CharField(max_length=32)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                        ('granted_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('app', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.outsideapp')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['user_id'], name='appgrant_of_user')],
                        'constraints': [models.UniqueConstraint(models.F('app'), models.F('user_id'), name='appgrant_once')],
                    },
                ),
                migrations.CreateModel(
                    name='OutsideLink',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('issuer', models.CharField(max_length=200)),
                        ('subject', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('subject_index', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, purpose='identity.outside_subject')),
                        ('user_id', models.UUIDField()),
                        ('person_id', models.UUIDField()),
                        ('level', models.SmallIntegerField()),
                        ('linked_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['user_id'], name='outsidelink_of_user')],
                        'constraints': [models.UniqueConstraint(models.F('issuer'), models.F('subject_index'), condition=models.Q(('ended_at__isnull', True)), name='outsidelink_once'), models.CheckConstraint(condition=models.Q(('level__range', (1, 4))), name='outsidelink_level')],
                    },
                ),
                migrations.CreateModel(
                    name='PhoneRecovery',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('refused', 'Refused'), ('called_off', 'Called Off'), ('stopped', 'Stopped')], max_length=10)),
                        ('user_id', models.UUIDField()),
                        ('person_id', models.UUIDField()),
                        ('old_phone', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('new_phone', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('reason', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('asked_by', models.UUIDField(null=True)),
                        ('asked_at', models.DateTimeField()),
                        ('answered_by', models.UUIDField(null=True)),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('department_id', models.UUIDField(null=True)),
                        ('due_at', models.DateTimeField(null=True)),
                        ('region_code', models.CharField(blank=True, db_default='', default='', max_length=12)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['-id'], name='phonerecovery_waits'), models.Index(fields=['user_id', '-asked_at'], name='phonerecovery_of_user')],
                        'constraints': [models.UniqueConstraint(models.F('user_id'), condition=models.Q(('state', 'waiting')), name='phonerecovery_waits_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('answered_by__isnull', False), ('asked_by__isnull', True), ('due_at__isnull', False)), models.Q(('answered_by__isnull', False), models.Q(('answered_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='phonerecovery_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('asked_by__isnull', False), ('due_at__isnull', True)), models.Q(('asked_by__isnull', True), ('due_at__isnull', False)), _connector='OR'), name='phonerecovery_one_way')],
                    },
                ),
                migrations.CreateModel(
                    name='ScanSignIn',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('allowed', 'Allowed'), ('declined', 'Declined'), ('spent', 'Spent')], max_length=8)),
                        ('scan_digest', models.CharField(max_length=64)),
                        ('browser_digest', models.CharField(max_length=64)),
                        ('number', models.SmallIntegerField()),
                        ('others', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                        ('browser', models.CharField(max_length=40)),
                        ('address', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3')),
                        ('asked_at', models.DateTimeField()),
                        ('valid_until', models.DateTimeField()),
                        ('user_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['valid_until'], name='scansignin_over')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['allowed', 'spent']), _negated=True), ('user_id__isnull', False), _connector='OR'), name='scansignin_answered_by')],
                    },
                ),
                migrations.CreateModel(
                    name='AppCode',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('grant_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('digest', models.CharField(max_length=64)),
                        ('return_address', models.CharField(max_length=300)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                        ('challenge', models.CharField(max_length=128)),
                        ('nonce', models.CharField(blank=True, default='', max_length=255)),
                        ('signed_in_at', models.DateTimeField()),
                        ('epoch', models.IntegerField()),
                        ('valid_until', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('grant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='identity.appgrant')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['valid_until'], name='appcode_over')],
                    },
                ),
                migrations.CreateModel(
                    name='AppToken',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id)),
                        ('pk', models.CompositePrimaryKey('grant_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(choices=[('access', 'Access'), ('refresh', 'Refresh')], max_length=8)),
                        ('digest', models.CharField(max_length=64)),
                        ('family', models.UUIDField()),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                        ('epoch', models.IntegerField()),
                        ('issued_at', models.DateTimeField()),
                        ('valid_until', models.DateTimeField()),
                        ('spent_at', models.DateTimeField(null=True)),
                        ('grant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='identity.appgrant')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['valid_until'], name='apptoken_over')],
                    },
                ),
                migrations.CreateModel(
                    name='AccountClosing',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('called_off', 'Called Off'), ('stopped', 'Stopped'), ('done', 'Done')], default='waiting', max_length=10)),
                        ('user_id', models.UUIDField()),
                        ('person_id', models.UUIDField()),
                        ('asked_at', models.DateTimeField()),
                        ('closes_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['closes_at'], name='closing_due')],
                        'constraints': [models.UniqueConstraint(models.F('user_id'), condition=models.Q(('state', 'waiting')), name='closing_once'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('asked_at'))), name='closing_after_asking')],
                    },
                ),
                migrations.CreateModel(
                    name='OwnCopy',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('ready', 'Ready'), ('gone', 'Gone')], default='waiting', max_length=8)),
                        ('user_id', models.UUIDField()),
                        ('person_id', models.UUIDField()),
                        ('parts', mingqu.kernel.fields.EncryptedJSONField(default=list, editable=True, grade='L3')),
                        ('asked_at', models.DateTimeField()),
                        ('queued_at', models.DateTimeField()),
                        ('made_at', models.DateTimeField(null=True)),
                        ('gone_at', models.DateTimeField()),
                        ('taken', models.SmallIntegerField(default=0)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['person_id', '-asked_at'], name='owncopy_of_person'), models.Index(condition=models.Q(('state', 'gone'), _negated=True), fields=['gone_at'], name='owncopy_over')],
                        'constraints': [models.UniqueConstraint(models.F('person_id'), condition=models.Q(('state', 'waiting')), name='owncopy_waits_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StaffRegister',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('name', models.CharField(max_length=60)),
                        ('operator', models.CharField(max_length=120)),
                        ('token_digest', models.CharField(max_length=64)),
                        ('entered_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='RegisterEntry',
                    fields=[
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='register_entry', serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('external_id', mingqu.kernel.fields.EncryptedTextField(editable=True, grade='L3', null=True)),
                        ('external_index', mingqu.kernel.fields.BlindIndexField(editable=True, max_length=32, null=True, purpose='identity.register_id')),
                        ('version', models.IntegerField(default=0)),
                        ('stopped', models.BooleanField(default=False)),
                        ('removed', models.BooleanField(default=False)),
                        ('changed_at', models.DateTimeField()),
                        ('register', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='identity.staffregister')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(models.F('external_index'), name='registerentry_number_once')],
                    },
                ),
            ],
        ),
    ]

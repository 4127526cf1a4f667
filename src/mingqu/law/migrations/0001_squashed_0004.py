import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('law', '0001_initial'), ('law', '0002_what_the_source_says'), ('law', '0003_points'), ('law', '0004_what_waits_for_another')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Law',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('slug', models.CharField(max_length=80, unique=True)),
                        ('key', models.CharField(max_length=200, unique=True)),
                        ('name', models.CharField(max_length=200)),
                        ('full_name', models.CharField(max_length=220)),
                        ('kind', models.CharField(max_length=16)),
                        ('signs', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['kind', 'key'], name='law_kind_key'), django.contrib.postgres.indexes.GinIndex(fields=['signs'], name='law_signs')],
                    },
                ),
                migrations.CreateModel(
                    name='LawVersion',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('label', models.CharField(max_length=16)),
                        ('decided_on', models.DateField(null=True)),
                        ('since', models.DateField(null=True)),
                        ('since_from', models.CharField(default='', max_length=12)),
                        ('repealed', models.BooleanField(default=False)),
                        ('until', models.DateField(null=True)),
                        ('as_of', models.DateField()),
                        ('history', models.JSONField(default=list)),
                        ('digest', models.CharField(default='', max_length=64)),
                        ('files', models.JSONField(default=list)),
                        ('complete', models.BooleanField(default=True)),
                        ('law', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='law.law')),
                        ('retired', models.BooleanField(default=False)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('law', 'label'), name='law_version_once')],
                    },
                ),
                migrations.CreateModel(
                    name='LawChange',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=12)),
                        ('on', models.DateField()),
                        ('reason', models.CharField(max_length=300)),
                        ('paper', models.CharField(max_length=200)),
                        ('by_id', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('law', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='law.law')),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='law.lawversion')),
                        ('confirmed_by_id', models.UUIDField(null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['law', '-at'], name='law_change_recent')],
                    },
                ),
                migrations.CreateModel(
                    name='Article',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('position', models.IntegerField()),
                        ('number', models.IntegerField()),
                        ('suffix', models.SmallIntegerField(default=0)),
                        ('heading', models.CharField(default='', max_length=200)),
                        ('text', models.TextField()),
                        ('grams', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None)),
                        ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='law.lawversion')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['version', 'position'], name='law_article_position'), django.contrib.postgres.indexes.GinIndex(fields=['grams'], name='law_article_grams')],
                        'constraints': [models.UniqueConstraint(fields=('version', 'number', 'suffix'), name='law_article_once')],
                    },
                ),
                migrations.CreateModel(
                    name='AwaitedChange',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=12)),
                        ('on', models.DateField()),
                        ('decided_on', models.DateField(null=True)),
                        ('reason', models.CharField(max_length=300)),
                        ('paper', models.CharField(max_length=200)),
                        ('by_id', models.UUIDField()),
                        ('at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('waiting', '等待确认'), ('confirmed', '已确认'), ('declined', '没有确认')], default='waiting', max_length=9)),
                        ('closed_by_id', models.UUIDField(null=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('closed_reason', models.CharField(default='', max_length=300)),
                        ('law', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='awaited', to='law.law')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('law',), name='law_one_change_waits'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('closed_by_id', models.F('by_id')), _negated=True), _connector='OR'), name='law_change_confirmed_by_another')],
                    },
                ),
            ],
        ),
    ]

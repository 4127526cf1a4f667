import mingqu.kernel.fields
import mingqu.kernel.folding
import mingqu.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('forms', '0001_initial'), ('forms', '0002_under_whose_authority'), ('forms', '0003_beside_the_form')]

    initial = True

    dependencies = [
    ]

    operations = [
        mingqu.kernel.folding.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='Draft',
                    fields=[
                        ('id', models.UUIDField(default=mingqu.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                        ('about', models.CharField(max_length=64)),
                        ('form_digest', models.CharField(max_length=64)),
                        ('context', models.JSONField(default=dict)),
                        ('answers', mingqu.kernel.fields.EncryptedJSONField(default=dict, editable=True, grade='L3')),
                        ('version', models.PositiveIntegerField(default=1)),
                        ('page', models.PositiveSmallIntegerField(default=1)),
                        ('owner_id', models.UUIDField(blank=True, null=True)),
                        ('token_digest', models.BinaryField(max_length=32, null=True)),
                        ('started_at', models.DateTimeField()),
                        ('saved_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('filed_at', models.DateTimeField(blank=True, null=True)),
                        ('capacity_id', models.UUIDField(blank=True, null=True)),
                        ('aside', mingqu.kernel.fields.EncryptedJSONField(editable=True, grade='L3', null=True)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['owner_id', '-saved_at'], name='draft_of_owner'), models.Index(fields=['expires_at'], name='draft_expires'), models.Index(condition=models.Q(('token_digest__isnull', False)), fields=['token_digest'], name='draft_of_token')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('owner_id__isnull', False), ('token_digest', None)), models.Q(('owner_id', None), ('token_digest__isnull', False)), _connector='OR'), name='draft_has_owner_or_token')],
                    },
                ),
            ],
        ),
    ]

from django.db import migrations, models

import mingqu.kernel.fields


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0019_cases_of_a_region"),
    ]

    operations = [
        migrations.AddField(
            model_name="bundle",
            name="corrected",
            field=mingqu.kernel.fields.EncryptedJSONField(default=dict, editable=True, grade="L3"),
        ),
        migrations.AlterField(
            model_name="askedanswer",
            name="state",
            field=models.CharField(
                choices=[("asked", "需补正"), ("supplemented", "已补正"), ("shared", "随共用的申请表改")],
                default="asked",
                max_length=12,
            ),
        ),
    ]

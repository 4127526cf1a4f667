from django.db import migrations, models

import mingqu.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileRead",
            fields=[
                ("root_id", models.UUIDField()),
                ("id", models.UUIDField(default=mingqu.kernel.ids.new_id)),
                ("at", models.DateTimeField()),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "root_id", "id", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("file_id", models.UUIDField()),
                ("kind", models.CharField(max_length=64)),
                (
                    "way",
                    models.CharField(
                        choices=[("shown", "打开"), ("taken", "下载"), ("small", "看缩小图")], max_length=8
                    ),
                ),
                ("ground", models.CharField(max_length=64)),
                ("terminal", models.BooleanField(default=False)),
                ("actor_kind", models.CharField(blank=True, default="", max_length=8)),
                ("actor_id", models.UUIDField(null=True)),
                ("post_id", models.UUIDField(null=True)),
                ("request_id", models.CharField(blank=True, default="", max_length=36)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["root_id", "-at"], name="fileread_of_root"),
                    models.Index(fields=["actor_id", "-at"], name="fileread_of_actor"),
                ],
            },
        ),
    ]

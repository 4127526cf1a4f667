from django.db import migrations

from mingqu.kernel.partitions import partition_by_month


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_who_read_a_file"),
    ]

    operations = [
        partition_by_month("documents", "FileRead", "at"),
    ]

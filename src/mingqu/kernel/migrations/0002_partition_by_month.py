from django.db import migrations

from mingqu.kernel.partitions import partition_by_month


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        partition_by_month("kernel", "AuditEntry", "at"),
        partition_by_month("kernel", "OutboxEvent", "at"),
    ]

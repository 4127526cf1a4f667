from django.db import migrations

from mingqu.kernel.partitions import partition_by_month


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [partition_by_month("notifications", "InboxMessage", "created_at")]

from django.db import migrations

from mingqu.kernel.partitions import partition_by_month


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_leaving_the_house")]

    operations = [partition_by_month("notifications", "Outgoing", "created_at")]

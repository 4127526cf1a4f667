"""What the pages show: batches that were answered, things that were rejected and others that wait for them."""

from datetime import datetime

from mingqu.federation import services
from mingqu.federation.above.double import DoubleAbove


def made(now: datetime) -> None:
    for table in ("task_directory", "task_general_basic", "task_general_material", "affair"):
        services.look_through(table, now)
        services.gather(table, now)
    for batch_id in services.due(now):
        services.go_on(batch_id, DoubleAbove(), now)

"""More services than one, made by publishing variants of the demo's definition."""

from uuid import uuid4

from mingqu.cases.tests.factories import SYSTEM, food_licence
from mingqu.catalogue import services as catalogue
from mingqu.identity.tests.factories import NOON


def document(**item):
    found = food_licence()
    found["item"] |= item
    return found


def publish(**item):
    return catalogue.publish_revision(document=document(**item), by=SYSTEM, at=NOON, key=uuid4())


def many(count):
    """Services 01… of theme 社会保障 for natural persons."""
    for number in range(1, count + 1):
        publish(
            code=f"QH-M{number:02d}",
            name=f"登记事项{number:02d}",
            theme="社会保障",
            audience=["natural_person"],
            aliases=[],
            life_events=["old_age"],
        )

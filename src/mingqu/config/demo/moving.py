"""
流程迁移 has something to show: the licence to drain into sewers had a first examination by another name, drawn with a
timer that went on without it, and two applications are on their way by its steps. Made once, before the services of
today are published.
"""

from collections.abc import Callable
from datetime import timedelta

from mingqu.catalogue import services as catalogue
from mingqu.catalogue.checking import stored_file
from mingqu.catalogue.files import read_document
from mingqu.catalogue.models import ServiceItem
from mingqu.config.demo.district import DEFINITIONS, SYSTEM, form_files, key
from mingqu.config.demo.history.making import DRAIN, KINDS, Making
from mingqu.config.demo.history.ways import days_before, person, staff_of
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

BEGAN = timedelta(days=40)
OLD, NAME, NEW = "look", "初审", "check"
DRAWING = DEFINITIONS / "drainage-before.bpmn"
FILED = (3, 2)  # working days ago


def first_revision(at: Instant) -> bool:
    """The licence as it was. Whether it is new: in a demo made before, nothing is put back."""
    if ServiceItem.objects.filter(code=DRAIN).exists():
        return False
    publish_first(at)
    return True


def publish_first(at: Instant) -> None:
    document = read_document((DEFINITIONS / "drainage.yaml").read_bytes())
    handling = document["handling"][0]
    handling.pop("scenarios")
    (examined,) = (step for step in handling["steps"] if step["id"] == NEW)
    examined |= {"id": OLD, "name": NAME}
    digest, drawing = stored_file("bpmn", DRAWING.read_bytes())
    handling["process"] = {"file": digest, "process": "drainage"}
    catalogue.publish_revision(
        document=document,
        by=SYSTEM,
        at=at - BEGAN,
        key=key(f"revision-before:{DRAIN}"),
        files={**form_files(), digest: drawing},
    )


def tell_before(at: Instant, progress: Callable[[str], None]) -> None:
    """Two applications at the window, accepted and waiting for the first examination."""
    (kind,) = (one for one in KINDS if one.code == DRAIN)
    staff = staff_of(kind)
    for number, days in enumerate(FILED, start=1):
        applicant = person(staff["window"], at)
        making = Making(kind, f"moving-{number}", applicant, staff, days_before(legal_day(at), days))
        making.file()
        making.accept()
    progress("two applications by earlier steps")

"""One shop of the demo has been inspected since its licence was granted, so that a record is there to be read."""

from collections.abc import Callable

from mingqu.cases import selectors as cases
from mingqu.cases.services.certificate import issue_certificate
from mingqu.certificates import selectors as certificates
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.district import key
from mingqu.config.demo.stories import STORIES
from mingqu.config.demo.walk_ins import officer
from mingqu.identity import selectors as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant
from mingqu.regulation import selectors, services
from mingqu.regulation.types import Found, Seen

INSPECTOR = ("SCJG-SPXK-01", "chengban")
MOST = 1_000  # cases of one person in a demo


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """
    Of the first shop that was granted, by its first case: its owner may have applied again since. Idempotent; nothing
    in a demo made before its service said that it is under supervision.
    """
    granted = next(story for story in STORIES if "grant" in story.then)
    account = people.citizen_with_phone(granted.phone)
    assert account is not None
    (*_newer, case) = cases.cases_of(account.person_id, limit=MOST)
    licence = issue_certificate(case_id=case.pk, at=at)
    row = certificates.row_of(licence.certificate_id)
    object_id = services.follow_certificate(certificate_id=row.pk, case_id=case.pk, at=row.issued_at)
    if object_id is None:  # granted by an older demo, whose definition named no inspection
        return
    today = legal_day(at)
    found = Found(
        today,
        "wrong",
        "冷藏柜显示9摄氏度，高于标签要求；其他场所和台账符合要求。",
        "当场责令改正，七日内复查。",
        clocks.months_after(today, 1),
    )
    inspector = officer(*INSPECTOR)
    due = selectors.supervised_at_desk(inspector, object_id, today).line.next_on
    services.write_inspection(
        object_id=object_id,
        found=found,
        seen_as=Seen(due, 0),
        by=inspector,
        at=at,
        key=key("inspection:first"),
    )
    progress(f"{granted.shop} has been inspected")

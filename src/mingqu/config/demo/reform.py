"""机构改革 of the demo: an organ that ended, and a new name that waits for the second officer."""

from datetime import timedelta

from mingqu.config.demo.district import REGION, SYSTEM, key
from mingqu.config.demo.together import officer_at
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.organ_types import Change
from mingqu.identity.services import organ_changes
from mingqu.identity.types import NewDepartment, NewPost
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Instant

BASIS = "清委发〔2026〕3号《清禾区机构改革方案》（演示）"


def tell(at: Instant) -> None:
    """Idempotent: what was done once keeps its key."""
    asks, agrees = officer_at("QH-XT", "xitong"), officer_at("QH-AQ", "anquan")
    draft = NewDepartment("QH-ZJS", "清禾区质量技术监督所", REGION, people.department_by_code("QH-ZF").id)
    old = identity.create_department(draft=draft, by=SYSTEM, at=at, key=key("d:QH-ZJS"))
    identity.create_post(
        draft=NewPost("QH-ZJS-01", "质量监督", old, ()), by=SYSTEM, at=at, key=key("p:QH-ZJS-01")
    )
    heir = people.department_by_code("QH-SCJG").id
    ended = organ_changes.ask(
        department_id=old,
        change=Change("close", legal_day(at), BASIS, other=heir, carries_posts=True),
        by=asks,
        at=at,
        key=key("reform:close"),
    )
    organ_changes.agree(change_id=ended, by=agrees, at=at, key=key("reform:agree"))
    organ_changes.ask(
        department_id=people.department_by_code("QH-ZAZ").id,
        change=Change(
            "rename", legal_day(at) + timedelta(days=30), BASIS, name="清禾区建设工程质量安全服务中心"
        ),
        by=asks,
        at=at,
        key=key("reform:rename"),
    )

"""
Two sites of 清禾区 next to homes, which three departments went to look at together (联合踏勘): the shared record of the
one is being written, that of the other is closed, without a department that did not come.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from PIL import Image, ImageDraw

from mingqu.cases import selectors as case_questions
from mingqu.cases import services as cases
from mingqu.cases.bundles import selectors as questions
from mingqu.cases.bundles import services as bundles
from mingqu.cases.bundles.types import Closing, NewFinding, NewProject, RecordOf, VisitAnswer, VisitDate
from mingqu.cases.models import Bundle, BundlePart
from mingqu.cases.types import OfficerSigned, PointFound, VisitParty, VisitRecord
from mingqu.config.demo.district import REGION, key
from mingqu.config.demo.history.ways import days_before
from mingqu.config.demo.together import STAGE, Wanted, citizen_of, file, officer_at
from mingqu.documents import services as documents
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.types import NewFirm
from mingqu.kernel import relay
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant

SITUATION = {"ready": "yes", "special": "no", "basement": "no", "soil": "yes", "waste": "yes", "near": "yes"}
# Part: the post of its visit and who holds it, and who goes along.
OFFICERS = {
    "soil": (("SWJ-SB-01", "shuibao"), ("SWJ-PS-01", "shuiwu")),
    "waste": (("CGJ-JZLJ-01", "zhatu"), ("CGJ-SH", "chengguansh")),
    "quality": (("ZAZ-01", "zhian"), ("ZAZ-02", "zhianhc")),
}
OWNER, OWNER_CODE = "澜州市清禾区示例建设管理中心", str(CreditCode.build("1", "2", "990104", "MB000062"))
FENCE = NewFinding("围挡高度", "临街一侧连续封闭", Decimal("2.5"), "米")
GATE = NewFinding("出入口", "一处，已经硬化，门口有冲洗槽")
DITCH = NewFinding("离最近住宅的距离", "", Decimal("18"), "米")


@dataclass(frozen=True)
class Site:
    """`accepted`: so many working days ago; everybody went there on the next one."""

    project: str
    code: str
    where: str
    handler: str
    phone: str
    order: str
    accepted: int
    closed: bool

    def key(self, what: str) -> CommandKey:
        return key(f"looking:{self.code}:{what}")


SITES = (
    Site(
        "青澜社区卫生服务站改建",
        "2026-990104-84-01-000003",
        "青澜街道示例路35号",
        "舒清河",
        "19900000042",
        "042",
        accepted=2,
        closed=False,
    ),
    Site(
        "禾塘河边泵站",
        "2026-990104-76-01-000004",
        "禾塘镇示例路12号",
        "纪禾声",
        "19900000043",
        "043",
        accepted=3,
        closed=True,
    ),
)


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """Each is filed, accepted and looked at, or nothing of it; those there already are left as they are."""
    for site in SITES:
        with transaction.atomic():
            if _Looking(site, legal_day(at)).tell():
                progress(f"{site.project} (three departments looked at it together)")


class _Looking:
    """One site under way: who acts, and when. Everything happens at hours of working days that are over."""

    def __init__(self, site: Site, today: date) -> None:
        self.site = site
        self.first, self.second = (days_before(today, site.accepted - number) for number in (0, 1))
        self.clerk = officer_at("QH-HALL-03", "chuangkou")
        self.bundle_id = UUID(int=0)

    def tell(self) -> bool:
        """Whether it was new."""
        handler = citizen_of(self.on(9, 20), self.site.handler, self.site.phone, self.site.order)
        if questions.bundles_of(handler.id, limit=1):
            return False
        self.file(handler)
        self.agree()
        self.look()
        if self.site.closed:
            self.close()
        return True

    def on(self, hour: int, minute: int = 0, *, there: bool = False) -> Instant:
        return datetime.combine(self.second if there else self.first, time(hour, minute), BEIJING)

    def file(self, handler: Actor) -> None:
        site, at = self.site, self.on(9, 20)
        owner = identity.create_firm(
            draft=NewFirm(OWNER, OWNER_CODE), by=self.clerk, at=at, key=key(f"firm:{OWNER_CODE}")
        )
        made = bundles.register_project(
            draft=NewProject(site.project, handler.id, REGION, site.code, owner),
            department_id=people.post_by_code("ZJJ-XM").department.id,
            by=self.clerk,
            at=at,
            key=site.key("project"),
        )
        answers = {
            "project_name": site.project,
            "site": site.where,
            "area_m2": 1200,
            "builder": "澜州市示例建设有限公司",
            "contact_name": site.handler,
            "contact_phone": site.phone,
            "drawing": {"designer": "澜州市示例建筑设计有限公司", "height_m": 9},
            "soil": {"land_m2": 2600, "earth_m3": 1800},
            "waste": {"waste_m3": 900, "carrier": "澜州市示例运输有限公司"},
            "quality": {"manager": "梁开"},
            "licence": {"price_wan": 380},
        }
        wanted = Wanted(STAGE, SITUATION, answers, (), made.number, site.project)
        self.bundle_id = file(handler, at, wanted)
        self.told(at)
        bundles.accept_bundle(
            bundle_id=self.bundle_id, by=self.clerk, at=self.on(9, 50), key=site.key("accept")
        )
        self.told(self.on(9, 50))

    def agree(self) -> None:
        """One date for all of them; the last to answer makes it the agreed one."""
        date_ = VisitDate(self.on(14, 30, there=True), self.site.where, "请让施工单位的项目经理在场。")
        bundles.propose_visit(
            bundle_id=self.bundle_id, date=date_, by=self.clerk, at=self.on(10), key=self.site.key("propose")
        )
        for part in OFFICERS:
            bundles.answer_visit(
                bundle_id=self.bundle_id,
                part=part,
                answer=VisitAnswer(True, self.pair(part)),
                by=self.who(part),
                at=self.on(10, 30),
                key=self.site.key(f"answer:{part}"),
            )
        self.told(self.on(10, 30))

    def look(self) -> None:
        """What the first two departments saw; the third has not signed."""
        photo = documents.check_upload(_fence())
        self.found = [
            self.write("quality", FENCE, 40),
            self.write("quality", NewFinding("围挡底部", "砌砖一周，没有缺口", photo=photo), 42),
            self.write("waste", GATE, 45),
            self.write("waste", DITCH, 48),
        ]
        for part in ("quality", "waste") if self.site.closed else ("quality",):
            bundles.sign_findings(
                of=self.of(part),
                signed=self.signed(part),
                by=self.who(part),
                at=self.on(15, 10, there=True),
                key=self.site.key(f"sign:{part}"),
            )

    def write(self, part: str, finding: NewFinding, minute: int) -> UUID:
        done = bundles.write_finding(
            of=self.of(part),
            finding=finding,
            by=self.who(part),
            at=self.on(14, minute, there=True),
            key=self.site.key(finding.subject),
        )
        assert done.finding_id is not None
        return done.finding_id

    def close(self) -> None:
        """水务 did not come; the others close the record and write what they conclude from it."""
        bundles.close_findings(
            of=self.of("quality"),
            closing=Closing(VisitParty(self.site.handler), ("soil",)),
            by=self.who("quality"),
            at=self.on(15, 30, there=True),
            key=self.site.key("close"),
        )
        self.told(self.on(15, 30, there=True))
        for part in ("quality", "waste"):
            self.conclude(part)
        self.told(self.on(16, there=True))

    def conclude(self, part: str) -> None:
        by = self.who(part)
        case = case_questions.case_visible_to_id(by, self.case_of(part))
        (visit,) = case_questions.visits_of(case)
        record = VisitRecord(
            outcome="met",
            points=tuple(PointFound(p.code, "met") for p in case_questions.checklist_of(case, visit).points),
            began_at=self.on(14, 35, there=True),
            party=VisitParty(self.site.handler),
            officers=self.signed(part),
            text="现场与申请材料一致。",
            used_ids=tuple(self.found),
        )
        cases.record_visit(
            case_id=case.pk,
            visit_id=visit.id,
            record=record,
            by=by,
            at=self.on(16, there=True),
            key=self.site.key(f"record:{part}"),
        )

    # --- who, and what follows --------------------------------------------------------------

    def who(self, part: str) -> Actor:
        return officer_at(*OFFICERS[part][0])

    def pair(self, part: str) -> tuple[UUID, ...]:
        return tuple(people.staff_account(username).person_id for _post, username in OFFICERS[part])

    def signed(self, part: str) -> tuple[OfficerSigned, ...]:
        pair = self.pair(part)
        names = people.names_of(pair)
        return tuple(OfficerSigned(one, names[one]) for one in pair)

    def of(self, part: str) -> RecordOf:
        joint = questions.joint_visit(Bundle.objects.get(pk=self.bundle_id))
        assert joint is not None
        return RecordOf(self.bundle_id, joint.id, part)

    def parts(self) -> dict[str, BundlePart]:
        return {one.code: one for one in questions.parts_of(Bundle.objects.get(pk=self.bundle_id))}

    def case_of(self, part: str) -> UUID:
        found = self.parts()[part].case_id
        if found is None:
            raise LookupError(f"{part} is no case yet")
        return found

    def told(self, at: Instant) -> None:
        """What follows in the bundle and its cases, until nothing more does: the next deed rests on it."""
        for _ in range(20):
            roots: Sequence[UUID | None] = [self.bundle_id, *(one.case_id for one in self.parts().values())]
            if not sum(relay.deliver_root(root, at) for root in roots if root):
                return
        raise AssertionError("events never end")


def _fence() -> bytes:
    """A drawn fence on a wall of bricks, seen from the road."""
    image = Image.new("RGB", (640, 420), "#cfe3f2")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 340, 640, 420), fill="#8c8c86")
    draw.rectangle((0, 300, 640, 340), fill="#a4563f")
    for left in range(0, 640, 80):
        draw.rectangle((left, 120, left + 76, 300), fill="#2f6f9f", outline="#1d4866", width=3)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()

"""Help near home in 清禾区: two service points with agents, errands on their way, visits at home."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from mingqu.cases.services import window
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.acting import MOTHER
from mingqu.config.demo.district import SINCE, SYSTEM, key
from mingqu.config.demo.stories import picture
from mingqu.config.demo.walk_ins import WALK_INS, WINDOW, officer
from mingqu.documents import services as documents
from mingqu.forms import services as forms
from mingqu.identity import selectors as people
from mingqu.identity.types import SeenDocument
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.outreach import selectors, services
from mingqu.outreach.models import Errand
from mingqu.outreach.types import NewPoint, NewVisit, PaperAnswer

HOURS = "工作日9:00至12:00、14:00至17:00"
POINTS = (
    NewPoint(
        "qinglan", "青澜社区便民服务点", "990104001001", "望渠路18号", HOURS, "0990-5550118", ("QH-QL-DB",)
    ),
    NewPoint(
        "hetang", "上禾塘村便民服务点", "990104100200", "村委会一楼", HOURS, "0990-5550126", ("QH-HT-DB",)
    ),
)
DELEGATED: tuple[tuple[str, date, date | None], ...] = tuple(
    (code, SINCE, None) for code in ("QH-HWZP", "QH-PSXK", "QH-SPJYXK", "QH-CBDJ")
)
AGENT, OTHER = ("QH-QL-DB", "daiban"), ("QH-HT-DB", "daiban2")
SIGN, DRAIN = WALK_INS[:2]


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """Left as it is where it is there already."""
    if Errand.objects.exists():
        return
    organ = people.department_by_code("QH-ZWZX").id
    for point in POINTS:
        services.keep_point(
            point=point, department_id=organ, by=SYSTEM, at=at, key=key(f"point:{point.code}")
        )
        point_id = selectors.point_of(officer(*(AGENT if point.code == "qinglan" else OTHER))).pk
        services.delegate(
            point_id=point_id, items=list(DELEGATED), by=SYSTEM, at=at, key=key(f"items:{point.code}")
        )
    agent, clerk = officer(*AGENT), officer(*WINDOW)
    agreed, waits = (_errand(agent, item, at) for item in (DRAIN.item, SIGN.item))
    _paper(agreed, agent, at)
    services.answer_paper(
        errand_id=agreed, answer=PaperAnswer(True), by=clerk, at=at, key=key(f"paper-agreed:{agreed}")
    )
    _form(agreed, agent, at)
    _paper(waits, agent, at)
    _filed(officer(*OTHER), clerk, at)
    _visits(clerk, agent, at)
    progress("two service points, three errands of agents, two visits at home")


def _errand(agent: Actor, item: str, at: Instant, story: str = "") -> UUID:
    """For 邱桂芬, whose document was checked."""
    facts = MOTHER[1]
    today = legal_day(at)
    offered = next(
        one for one in selectors.offered_at(selectors.point_of(agent), today) if one.item_code == item
    )
    document = SeenDocument("citizen_number", facts.citizen_number, facts.name)
    return services.open_errand(
        document=document, offered=offered, by=agent, at=at, key=key(f"errand:{story}{item}")
    ).errand_id


def _paper(errand_id: UUID, agent: Actor, at: Instant) -> None:
    photo = documents.check_upload(picture("代办委托书", MOTHER[1].name))
    services.hand_paper(errand_id=errand_id, photo=photo, by=agent, at=at, key=key(f"paper:{errand_id}"))


def _form(errand_id: UUID, agent: Actor, at: Instant) -> None:
    """Filled in, so that handing in is one press away."""
    services.begin_form(
        errand_id=errand_id, answers=dict(DRAIN.situation), by=agent, at=at, key=key(f"form:{errand_id}")
    )
    row = selectors.agents_errand(agent, errand_id)
    assert row.draft_id is not None
    forms.save_draft(
        draft_id=row.draft_id,
        changes=dict(DRAIN.answers),
        base_version=1,
        by=services.as_agent(row, agent),
        at=at,
    )


def _filed(agent: Actor, clerk: Actor, at: Instant) -> None:
    """The other point's agent has handed in; her paper lets him bring what may be asked for afterwards too."""
    errand_id = _errand(agent, DRAIN.item, at, "filed:")
    _paper(errand_id, agent, at)
    services.answer_paper(
        errand_id=errand_id,
        answer=PaperAnswer(True, covers_fixes=True),
        by=clerk,
        at=at,
        key=key(f"paper-agreed:{errand_id}"),
    )
    _form(errand_id, agent, at)
    row = selectors.agents_errand(agent, errand_id)
    by = services.as_agent(row, agent)
    assert row.draft_id is not None
    shown = window.open_draft(draft_id=row.draft_id, by=by, at=at)
    seen = {one.material.code: True for one in shown.provided}
    marked = window.mark_originals(draft_id=row.draft_id, seen=seen, by=by, at=at)
    window.file_at_window(
        draft_id=row.draft_id,
        base_version=marked.version if marked else shown.view.version,
        applicant_id=row.person_id,
        by=by,
        at=at,
        key=key(f"errand-file:{errand_id}"),
    )


def _visits(clerk: Actor, agent: Actor, at: Instant) -> None:
    """One somebody telephoned for, one the agent goes to."""
    calendar, today = clocks.current_calendar(), legal_day(at)
    for place, (name, reason, about) in enumerate(
        (
            ("田桂香", "elderly", "想办排水许可，腿脚不方便，去不了大厅。"),
            ("石大海", "disabled", "问招牌怎么办。"),
        ),
        start=1,
    ):
        day = calendar.add_working_days(today, place + 1)
        words = {"phone": f"1990000009{place}", "address": f"示例路{place}号", "region_code": "990104001000"}
        visit = NewVisit(name=name, about=about, reason=reason, wished_on=day, half="am", **words)
        done = services.ask_visit(
            visit=visit, channel="telephone", by=clerk, at=at, key=key(f"visit:{place}")
        )
        if place == 1:
            services.plan_visit(
                visit_id=selectors.visit_id_of(done.number),
                post=AGENT[0],
                on=day,
                half="am",
                by=clerk,
                at=at,
                key=key(f"visit-plan:{place}"),
            )

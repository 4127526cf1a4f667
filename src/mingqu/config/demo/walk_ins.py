"""
People who came to the window, for services of other departments: received and filed by the clerk as production does it,
so that there is something at the counter and one window is seen to receive for many departments.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from mingqu.cases import selectors as case_questions
from mingqu.cases import services as cases
from mingqu.cases.announcing import selectors as announcing
from mingqu.cases.models import Announcement
from mingqu.cases.services import window
from mingqu.cases.services.discretion import Choice, Setting
from mingqu.cases.types import BY_POST, Addressee, Finding
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.district import key
from mingqu.documents import services as documents
from mingqu.forms import services as forms
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.types import SeenDocument
from mingqu.kernel.commands import command
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks

WINDOW = ("QH-HALL-03", "chuangkou")
# Who reviews, checks and decides, by service.
OFFICERS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "QH-HWZP": {
        "check": ("CGJ-SRHJ-01", "chengguan"),
        "verify": ("CGJ-SH", "chengguansh"),
        "decide": ("CGJ-LEAD", "chengguanju"),
    },
    "QH-PSXK": {},
    "QH-JZLJ": {"check": ("CGJ-JZLJ-01", "zhatu"), "decide": ("CGJ-LEAD", "chengguanju")},
}


@dataclass(frozen=True)
class WalkIn:
    """
    One application at the window: who, for what, how many days ago, and whether it was decided since; `set_to` and
    `why` of an item with a 裁量基准: outside its range it waits for the second person.
    """

    person: str
    phone: str
    item: str
    days_ago: int
    situation: Mapping[str, list[str]]
    answers: Mapping[str, Any] = field(repr=False)
    decided: bool = False
    set_to: int | None = None
    why: str = ""
    to: Addressee | None = None  # asked to have the result sent there
    also: str = ""  # what the second 裁量基准 sets, with two decimals


def _waste(person: str, phone: str, project: str, cubic: int, months: int, why: str = "") -> WalkIn:
    """建筑垃圾处置核准 of a small site, its months as the officer set them."""
    answers = {
        "project_name": project,
        "site": "禾塘镇示例路8号",
        "waste_m3": cubic,
        "carrier": "澜州市示例运输有限公司",
        "contact_name": person,
        "contact_phone": phone,
    }
    return WalkIn(
        person,
        phone,
        "QH-JZLJ",
        4,
        {"waste": ["yes"], "near": ["no"]},
        answers,
        True,
        months,
        why,
        also="7.50",
    )


def _sign(person: str, phone: str, shop: str, house: int) -> WalkIn:
    """户外招牌, decided; its result is asked for by courier."""
    answers = {
        "shop_name": shop,
        "premises": f"禾塘镇示例路{house}号",
        "sign_text": shop,
        "sign_width_m": 6,
        "sign_height_m": 1,
        "contact_name": person,
        "contact_phone": phone,
    }
    situation = {"subject": ["person"], "sign_size": ["large"], "sign_place": ["front"]}
    to = Addressee(person, phone, f"清禾区禾塘镇示例路{house}号二楼")
    return WalkIn(person, phone, "QH-HWZP", 5, situation, answers, True, to=to)


WALK_INS = (
    WalkIn(
        "蒋大满",
        "19900000021",
        "QH-HWZP",
        5,
        {"subject": ["person"], "sign_size": ["large"], "sign_place": ["front"]},
        {
            "shop_name": "大满炒货",
            "premises": "青澜街道示例路21号",
            "sign_text": "大满炒货",
            "sign_width_m": 12,
            "sign_height_m": 1.2,
            "contact_name": "蒋大满",
            "contact_phone": "19900000021",
        },
        decided=True,
    ),
    WalkIn(
        "沈小雪",
        "",
        "QH-PSXK",
        1,
        {"subject": ["person"], "trade": ["catering"], "outlet": ["sewer"]},
        {
            "shop_name": "小雪馄饨",
            "premises": "云澜街道示例路22号",
            "water_m3": 2,
            "outlet_place": "后门左侧2米的污水井",
            "contact_name": "沈小雪",
            "contact_phone": "19900000022",
        },
    ),
    _waste("韩清渠", "19900000023", "禾塘仓库翻建", 1200, 2),
    _waste(
        "杨望山", "19900000024", "青澜影院拆改", 2600, 5, "只能夜间外运，工期排到第五个月，申请人附了施工计划"
    ),
    _sign("彭春田", "19900000025", "春田文具", 31),
    _sign("孟秋实", "19900000026", "秋实钟表", 33),
    _sign("邹冬青", "19900000027", "冬青花店", 35),
)
NOT_FOUND = "蒋大满"  # whose acceptance notice is announced (公告送达)
SENT = tuple(one.person for one in WALK_INS if one.to)


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """Receive, file and handle each; those told before are left as they are."""
    clerk = officer(*WINDOW)
    for place, one in enumerate(WALK_INS, start=1):
        day = at - timedelta(days=one.days_ago)
        birth = legal_day(at).replace(year=1980 + place, month=6, day=place)
        number = str(CitizenNumber.build("990104", birth, f"{200 + place}"))
        document = SeenDocument("citizen_number", number, one.person, one.phone)
        person_id = identity.receive_person(
            document=document, by=clerk, at=day, key=key(f"walk-in:{one.item}:{place}")
        )
        if case_questions.cases_of(person_id, limit=1):
            continue
        case_id = _file(one, person_id, clerk, day)
        if one.decided:
            _decide(one, case_id, clerk, day)
        if one.person == NOT_FOUND:
            _announce(case_id, clerk, day + timedelta(hours=4))
        progress(f"{one.item} at the window")


def officer(code: str, username: str) -> Actor:
    account, post = people.staff_account(username), people.post_by_code(code)
    return Actor("staff", account.person_id, post_id=post.id, user_id=account.id)


def _file(one: WalkIn, person_id: UUID, clerk: Actor, at: Instant) -> UUID:
    by = identity.assisting(clerk, person_id)
    started = window.begin(item_code=one.item, handling="01", answers=one.situation, by=by, at=at)
    saved = forms.save_draft(
        draft_id=started.draft_id, changes=one.answers, base_version=started.version, by=by, at=at
    )
    needed = window.open_draft(draft_id=started.draft_id, by=by, at=at).provided
    marked = window.mark_originals(
        draft_id=started.draft_id, seen={n.material.code: True for n in needed}, by=by, at=at
    )
    version = (marked or saved).version
    if one.to:
        window.choose_delivery(draft_id=started.draft_id, way=BY_POST, by=by, at=at, to=one.to)
        version += 1
    cases.file_at_window(
        draft_id=started.draft_id,
        base_version=version,
        applicant_id=person_id,
        by=clerk,
        at=at,
        key=key(f"window:{started.draft_id}"),
    )
    return started.draft_id


def _decide(one: WalkIn, case_id: UUID, clerk: Actor, at: Instant) -> None:
    """Accepted, reviewed, checked, granted; the result waits at the counter, or the decision for a second person."""
    officers = {step: officer(*who) for step, who in OFFICERS[one.item].items()}
    cases.accept_case(case_id=case_id, by=clerk, at=at, key=key(f"accept:{case_id}"))
    for hours, step in enumerate((one for one in officers if one != "decide"), start=1):
        task = next(t for t in tasks.open_tasks(case_id) if t.step == step)
        cases.complete_step(
            case_id=case_id,
            task_id=task.task_id,
            finding=Finding("met", "符合要求。"),
            by=officers[step],
            at=at + timedelta(hours=hours),
            key=key(f"{step}:{case_id}"),
        )
    more = (Setting(Decimal(one.also)),) if one.also else ()
    cases.decide_with(
        case_id=case_id,
        choice=Choice("granted", "", one.set_to, one.why, more=more),
        by=officers["decide"],
        at=at + timedelta(hours=3),
        key=key(f"grant:{case_id}"),
    )


def _announce(case_id: UUID, clerk: Actor, at: Instant) -> None:
    """公告送达, as `announcing.services.announce` does it once the paper is there: here a job sets it later."""
    case = case_questions.by_id(case_id)
    with command("case.announce", case_id, by=clerk, at=at, key=key(f"announce:{case_id}")) as cmd:
        (asked,) = documents.requests_of(case_id, ("acceptance_notice",))
        row = Announcement(
            root_id=case_id,
            paper_id=asked.id,
            paper=asked.kind,
            document_number=asked.number,
            case_number=case.number,
            item_name=f"{case.item_name}（{case.handling_item}）",
            item_type=case.item_type,
            department_id=case.department_id,
            region_code=case.region_code,
            addressee=mask_name(NOT_FOUND),
            text="请到清禾区政务服务中心综合窗口领取。",
            place="政务服务中心公告栏",
            tried="按留的地址上门，没有这家店铺；留的手机停机，问了邻居也不知道去向。",
            posted_on=legal_day(at),
            deemed_on=announcing.until(legal_day(at), clocks.current_calendar()),
            post_id=clerk.post_id,
            person_id=clerk.id,
            at=at,
        )
        cmd.insert(row)
        cmd.note(paper=asked.kind, document_number=asked.number, due_on=row.deemed_on)
        cmd.done(row.deemed_on.isoformat())

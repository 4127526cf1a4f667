"""
People of 清禾区 and what they have applied for: each case was really filed and handled, at times relative to now,
so that every state can be looked at. Papers, messages and certificates follow when the demo runs.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image, ImageDraw, ImageFont

import mingqu.documents
from mingqu.cases import selectors as case_questions
from mingqu.cases import services as cases
from mingqu.cases.consulting.types import Question
from mingqu.cases.services.files import Holder, Upload, add_draft_files
from mingqu.cases.services.promises import sign_commitment
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.types import (
    Asked,
    CommitmentInput,
    Finding,
    OfficerSigned,
    PointFound,
    VisitParty,
    VisitPlan,
    VisitRecord,
)
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.district import key
from mingqu.evaluation import services as evaluation
from mingqu.forms import selectors as drafts
from mingqu.forms import services as forms
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.kernel.identifiers import CitizenNumber
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import selectors as tasks

ITEM = "QH-SPJYXK"
FONT = Path(mingqu.documents.__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
HOT = {"subject": "person", "open_fire": "no", "above_homes": "no", "foods": ["hot", "drink"]}
COLD = {"subject": "person", "open_fire": "no", "above_homes": "no", "foods": ["cold", "drink"]}
RAW = {"subject": "firm", "open_fire": "no", "above_homes": "no", "foods": ["raw", "cold"]}


OWES = -1  # days ago: so that the time for what follows later ends on the next working day
FOLLOWS_WITHIN = 5  # working days, as the definition says


@dataclass(frozen=True)
class Story:
    """One application: who, what shop, how many days ago, and what happened since."""

    person: str
    phone: str
    shop: str
    days_ago: int
    then: tuple[str, ...]
    situation: Mapping[str, Any] = field(default_factory=lambda: HOT)


# What is decided was decided in the last ten days: papers are made and served when the demo first runs, and an organ
# serves within ten working days (行政许可法 44).
STORIES = (
    Story("张晓禾", "19900000001", "晓禾小馆", 0, ()),
    Story("李青澜", "19900000002", "青澜面馆", 2, ("correct",)),
    # 征求意见 waits for 消防救援大队; who examines the site stands aside (回避), and 局长 decides.
    Story("王云", "19900000003", "云记早餐", 3, ("accept", "ask_others", "stand_aside")),
    Story("阿依努尔·买买提江·艾合买提", "19900000004", "天山味道清真餐厅", 6, ("accept", "check")),
    Story("赵望渠", "19900000005", "望渠寿司", 7, ("accept", "check", "fitness", "plan_visit"), RAW),
    Story("孙禾塘", "19900000006", "禾塘农家饭", 9, ("accept", "check", "fitness")),
    Story("周小满", "19900000007", "小满奶茶", 24, ("accept", "check")),  # overdue: promised days are over
    Story("吴桐", "19900000008", "梧桐简餐", 13, ("accept", "check", "fitness", "grant", "rate_5_qr")),
    Story(
        "郑立夏",
        "19900000009",
        "立夏凉品",
        14,
        ("accept", "check", "fitness", "visit", "grant", "rate_4_screen"),
        COLD,
    ),
    Story(
        "冯谷雨", "19900000010", "谷雨烧烤", 13, ("accept", "check_not_met", "fitness", "refuse", "rate_2")
    ),
    Story("陈霜降", "19900000011", "霜降卤味", 12, ("deem",)),
    Story("褚秋分", "19900000012", "秋分点心", 5, ("accept", "withdraw")),
    Story("卫白露", "19900000013", "白露甜品", 4, ("not_accept",)),
    Story("何立冬", "19900000014", "立冬饺子", 26, ("accept", "claim")),  # overdue: claimed, and not done
    Story("施小雪", "19900000015", "小雪豆花", 6, ("accept", "check", "pause")),  # 特别程序
    Story("曹大寒", "19900000016", "大寒羊汤", OWES, ("accept",)),  # 容缺: the plan is to be there tomorrow
    # 特别程序 whose expected day has passed: nobody ended it, nobody put it off.
    Story("苏夏至", "19900000017", "夏至凉粉", 21, ("accept", "check", "pause_short")),
)
FOLLOWS = "floor-plan"
EXPECTED = {"pause": 12, "pause_short": 3}  # working days a special procedure was to take


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """File and handle every story; those told before are left as they are."""
    staff = _staff()
    for number, story in enumerate(STORIES, start=1):
        filed_at = _working_hour(at - timedelta(days=_days_ago(story, at)), at)
        citizen = _citizen(story, number, filed_at)
        if case_questions.cases_of(citizen.id, limit=1):
            continue
        case_id, last = _file(story, citizen, filed_at), filed_at
        for place, deed in enumerate(story.then, start=1):
            step_at = max(min(filed_at + timedelta(days=place, hours=1), at), last)
            last = _do(deed, case_id, staff, citizen, step_at)
        progress(f"{story.shop} ({', '.join(story.then) or 'received'})")


def _days_ago(story: Story, at: Instant) -> int:
    """Who owes something was accepted so many working days before the next one, the day after filing."""
    if story.days_ago != OWES:
        return story.days_ago
    calendar, today = clocks.current_calendar(), legal_day(at)
    tomorrow, accepted = calendar.next_working_day(today), today
    while calendar.add_working_days(accepted, FOLLOWS_WITHIN) > tomorrow:
        accepted -= timedelta(days=1)
    return (today - accepted).days + 1


def _working_hour(moment: datetime, latest: datetime) -> datetime:
    """Ten in the morning in Beijing of that day, but never later than now."""
    ten = moment.astimezone(BEIJING).replace(hour=10, minute=0, second=0, microsecond=0)
    return min(ten, latest)


def _staff() -> dict[str, Actor]:
    seats = {
        "window": ("QH-HALL-03", "chuangkou"),
        "check": ("SCJG-SPXK-01", "chengban"),
        "visit": ("SCJG-HC", "hecha"),
        "fitness": ("SCJG-QLS", "shichangsuo"),
        "lead": ("SCJG-LEAD", "juzhang"),
    }
    found = {}
    for part, (code, username) in seats.items():
        account = people.staff_account(username)
        post = people.post_by_code(code)
        found[part] = Actor("staff", account.person_id, post_id=post.id, user_id=account.id)
    return found


def birth_of(number: int, at: Instant) -> date:
    return legal_day(at).replace(year=1970 + number, month=3, day=number)


def _citizen(story: Story, number: int, at: Instant) -> Actor:
    user = people.citizen_with_phone(story.phone) or identity.open_account(phone=story.phone, at=at)
    actor = Actor("citizen", user.person_id, user_id=user.id, name=story.person)
    birth = birth_of(number, at)
    identity.declare_identity(
        person_id=user.person_id,
        name=story.person,
        citizen_number=str(CitizenNumber.build("990104", birth, f"{number:03d}")),
        by=actor,
        at=at,
        key=key(f"person:{story.phone}"),
    )
    return actor


def _file(story: Story, citizen: Actor, at: Instant) -> UUID:
    item, definition = catalogue.current_definition(ITEM)
    assert item.current is not None
    started = forms.start_draft(
        about=ITEM,
        form_digest=item.current.digest,
        context={
            "revision_id": str(item.current_id),
            "handling": definition.handling_item.code,
            "situation": dict(story.situation),
            "delivery": "electronic",
        },
        by=citizen,
        at=at,
        answers={
            "shop_name": story.shop,
            "premises": f"青澜街道示例路{len(story.shop)}号",
            "area_m2": 60,
            "seats": 24,
            "manager_name": story.person,
            "manager_phone": story.phone,
        },
    )
    owes = story.days_ago == OWES
    for material in catalogue.situation_of_answers(definition, story.situation).materials:
        if owes and material.code == FOLLOWS:
            continue
        add_draft_files(
            draft_id=started.draft_id,
            material=material.code,
            uploads=[Upload(f"{material.name}.png", picture(material.name, story.shop))],
            holder=Holder(citizen),
            at=at,
        )
    version = started.version
    if owes:
        signed = CommitmentInput("gap", FOLLOWS, story.person, True)
        sign_commitment(draft_id=started.draft_id, commitment=signed, holder=Holder(citizen), at=at)
        version = drafts.draft(started.draft_id, by=citizen, at=at).version
    cases.file_case(
        draft_id=started.draft_id,
        base_version=version,
        by=citizen,
        at=at,
        key=key(f"file:{story.phone}"),
    )
    return started.draft_id


def _rate(
    case_id: UUID, level: str, channel: str = "online", *, citizen: Actor, at: Instant, key: UUID
) -> None:
    """By what came to hand: signed in, by the square code of the receipt, or by key on the screen of the window."""
    answer = evaluation.Answer(int(level), ("guide",) if int(level) < 3 else (), "")
    if channel == "screen":
        evaluation.rate_at_window(
            case_id=case_id, level=answer.level, by=evaluation.SCREEN, at=at, key=key, channel=channel
        )
    elif channel == "online":
        evaluation.rate_case(case_id=case_id, answer=answer, by=citizen, at=at, key=key)
    else:
        evaluation.rate_by_code(case_id=case_id, answer=answer, channel=channel, at=at, key=key)


def _between_officers(deed: str, case_id: UUID, staff: Mapping[str, Actor], at: Instant) -> Instant:
    """征求意见, 认领 and 回避, which the applicant never sees."""
    this = key(f"{deed}:{case_id}")
    if deed == "stand_aside":
        why = StandAside("kin", "申请人是我的表弟。")
        cases.recuse(case_id=case_id, why=why, by=staff["fitness"], at=at, key=this)
        return at
    task = next(t for t in tasks.open_tasks(case_id) if t.step == "check")
    if deed == "claim":
        cases.claim_step(case_id=case_id, task_id=task.task_id, by=staff["check"], at=at, key=this)
        return at
    question = Question("XFJY-JC-01", "后厨只用电磁炉和蒸箱，是否需要办理消防手续？", 5, waits=True)
    cases.consult(
        case_id=case_id, task_id=task.task_id, question=question, by=staff["check"], at=at, key=this
    )
    return at


def _do(deed: str, case_id: UUID, staff: Mapping[str, Actor], citizen: Actor, at: Instant) -> Instant:
    """One deed; when it was over."""
    this = key(f"{deed}:{case_id}")
    if deed in {"ask_others", "stand_aside", "claim"}:
        return _between_officers(deed, case_id, staff, at)
    if deed in {"plan_visit", "visit"}:
        return _visit(case_id, staff, at, recorded=deed == "visit")
    if deed == "accept":
        cases.accept_case(case_id=case_id, by=staff["window"], at=at, key=this)
    elif deed == "deem":
        cases.deem_accepted(case_id=case_id, at=at + timedelta(days=10))
    elif deed == "correct":
        asked = [Asked("floor-plan", "照片太暗，看不清加工区和用餐区的分界。")]
        cases.ask_correction(case_id=case_id, asked=asked, by=staff["window"], at=at, key=this)
    elif deed == "not_accept":
        reason = "您只销售预包装食品，依照食品安全法第三十五条不需要取得许可，办理备案即可。"
        cases.refuse_acceptance(
            case_id=case_id, ground="not_required", reason=reason, by=staff["window"], at=at, key=this
        )
    elif deed.startswith("rate_"):
        _rate(case_id, *deed.split("_")[1:], citizen=citizen, at=at, key=this)
    elif deed in EXPECTED:
        cases.pause_case(
            case_id=case_id,
            ground="inspection",
            expected_until=clocks.current_calendar().add_working_days(legal_day(at), EXPECTED[deed]),
            reason="加工用水送检，等检验报告。",
            by=staff["check"],
            at=at,
            key=this,
        )
    elif deed == "withdraw":
        cases.withdraw_case(case_id=case_id, by=citizen, at=at, key=this)
    elif deed in ("grant", "refuse"):
        outcome, reasons = (
            ("granted", "")
            if deed == "grant"
            else ("refused", "加工区与用餐区没有分开，不符合设备布局的要求。")
        )
        cases.decide_case(
            case_id=case_id, outcome=outcome, reasons=reasons, by=staff["lead"], at=at, key=this
        )
    else:
        step, _, bad = deed.partition("_")
        finding = Finding("not_met", "加工区与用餐区没有分开。") if bad else Finding("met", "符合要求。")
        task = next(t for t in tasks.open_tasks(case_id) if t.step == step)
        cases.complete_step(
            case_id=case_id, task_id=task.task_id, finding=finding, by=staff[step], at=at, key=this
        )
    return at


def _visit(case_id: UUID, staff: Mapping[str, Actor], at: Instant, *, recorded: bool) -> Instant:
    """Two officers agree on the next working day; `recorded`: they were there and wrote the record."""
    case = case_questions.case_visible_to_id(staff["visit"], case_id)
    task = next(t for t in tasks.open_tasks(case_id) if t.step == "visit")
    officers = (staff["visit"].id, staff["fitness"].id)
    day = clocks.current_calendar().next_working_day(legal_day(at))
    plan = VisitPlan(
        planned_for=datetime.combine(day, time(10), BEIJING),
        place=case_questions.address_of(case),
        officers=officers,
        note="请把专间的设备接通水电，备好平面布局图。",
    )
    done = cases.plan_visit(
        case_id=case_id, task_id=task.task_id, plan=plan, by=staff["visit"], at=at, key=key(f"plan:{case_id}")
    )
    if not recorded:
        return at
    visit, there = case_questions.visit_of(case, done.visit_id), plan.planned_for + timedelta(minutes=5)
    photo = Upload("现场照片.png", picture("现场照片", "演示"))
    cases.add_visit_photos(
        case_id=case_id,
        visit_id=visit.id,
        uploads=[photo],
        by=staff["visit"],
        at=there,
        key=key(f"photo:{case_id}"),
    )
    names = people.names_of(officers)
    record = VisitRecord(
        outcome="met",
        points=tuple(PointFound(p.code, "met") for p in case_questions.checklist_of(case, visit).points),
        began_at=there,
        party=VisitParty(case.applicant_name),
        officers=tuple(OfficerSigned(one, names[one]) for one in officers),
        text="现场与申请材料一致。",
    )
    over = there + timedelta(minutes=40)
    cases.record_visit(
        case_id=case_id,
        visit_id=visit.id,
        record=record,
        by=staff["visit"],
        at=over,
        key=key(f"visit:{case_id}"),
    )
    return over


ROOMS = ("加工区 洗手 消毒", "用餐区")


def picture(title: str, shop: str, words: tuple[str, str] | None = None) -> bytes:
    """A drawn sample page: walls, areas (or what else is to be read there), the words 演示样本."""
    image = Image.new("RGB", (900, 640), "white")
    draw = ImageDraw.Draw(image)
    big, small = ImageFont.truetype(str(FONT), 36), ImageFont.truetype(str(FONT), 24)
    draw.text((40, 30), f"{title}（{shop}）", fill="black", font=big)
    draw.rectangle((40, 110, 860, 560), outline="black", width=4)
    draw.line((480, 110, 480, 560), fill="black", width=3)
    for place, said in zip(((120, 300), (560, 300)), words or ROOMS, strict=True):
        draw.text(place, said, fill="black", font=small)
    draw.text((40, 580), "演示样本 无法律效力", fill="#b3261e", font=small)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()

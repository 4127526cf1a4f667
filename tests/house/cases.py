"""A case in every state, with what officers asked, found, promised and failed at."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from mingqu.assist import selectors as assist
from mingqu.assist import services as stuck
from mingqu.assist.types import NewStuck, Outcome
from mingqu.cases import selectors
from mingqu.cases import services as cases
from mingqu.cases.models import Case, MaterialFile, Recusal, Visit
from mingqu.cases.services.files import Upload, add_correction_files, add_owed_files
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import asking, in_bulk, mail, promising, variants
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, PointFound
from mingqu.documents.models import DocumentRequest
from mingqu.evaluation.tests.factories import delivered_case, not_accepted_case, rate, withdrawn_case
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import DeadLetter, OutboxEvent
from mingqu.process import selectors as tasks
from mingqu.regulation.models import Supervised
from mingqu.regulation.tests import factories as supervised
from mingqu.voice.tests import factories as tickets
from tests.house.stage import LONG_SHOP, RARE_NAME, Stage, actor


def made_cases(made: Stage, w: f.World, now: datetime) -> None:
    made_cases: dict[str, Case] = {
        "received": f.received_case(w, at=now),
        "correction": _correction(w, now),
        "accepted": f.accepted_case(w, at=now, situation=f.RAW_FOOD),
        "overdue": f.accepted_case(w, at=now - 40 * f.DAY),
        "reviewed": f.reviewed_case(w, at=now),
        "suspended": _suspended(w, now),
        "returned": _returned(w, now),
        "answered": _answered(w, now),
        "granted": f.decided_case(w, at=now),
        "refused": f.decided_case(w, at=now, outcome="refused"),
        "delivered": delivered_case(w, at=now - 3 * f.DAY),
        "withdrawn": withdrawn_case(w, at=now),
        "not_accepted": not_accepted_case(w, at=now),
        "archived": withdrawn_case(w, at=now),
        "rated": withdrawn_case(w, at=now),
        "unlisted": f.received_case(w, at=now, code="QH-M01"),  # the lists that come later don't have it
    }
    cases.archive_case(case_id=made_cases["archived"].pk, by=w.reviewer, at=now, key=uuid4())
    made_cases["awaiting"] = _awaiting(w, now)
    rate(w, made_cases["rated"], 1, reasons=["speed"], text="等得太久，没有人接电话。", at=now)
    user = made.users["rare"]
    rare = replace(w, citizen=f.Actor("citizen", user.person_id, user_id=user.pk, name=RARE_NAME))
    made_cases["rare"] = f.accepted_case(
        rare, at=now, answers={**f.ANSWERS, "shop_name": LONG_SHOP, "manager_name": RARE_NAME}
    )
    made_cases["visit"] = f.accepted_case(w, at=now, situation=f.RAW_FOOD)
    visit = f.visit_planned(w, made_cases["visit"], at=now)
    made.ids["visit"] = visit.id
    _noted_visit(made, w, now)
    made.users["inspector"] = User.objects.get(pk=w.inspector.user_id)
    made.ids["visit_photo"] = _visit_photo(w, visit, now)
    # Of another person: who stands aside from a holder inspects nothing of hers.
    made_cases["aside"] = f.accepted_case(rare, at=now)
    _stood_aside(made, w, made_cases["aside"], now)
    made_cases["consulted"] = f.accepted_case(w, at=now, situation=f.RAW_FOOD)
    _asked_of_others(made, w, made_cases["consulted"], now)
    _claimed(made, w, made_cases["consulted"], now)
    for name, case in made_cases.items():
        made.cases[name], made.numbers[name] = case.pk, case.number
    steps = {t.step: t.task_id for t in tasks.open_tasks(made.cases["accepted"])}
    made.ids["visit_task"] = steps["visit"]
    made.words["query_code"] = made_cases["accepted"].query_code
    made.ids["supervised"] = supervised.under_supervision(
        w, at=now, case=Case.objects.get(pk=made.cases["delivered"])
    ).pk
    supervised.inspected(
        Supervised.objects.get(pk=made.ids["supervised"]), w.reviewer, at=now, finding="wrong"
    )
    about = tickets.filed(w, case=made_cases["received"], at=now)
    told = tickets.filed(w, kind="consultation", at=now)
    tickets.answered(w, told, tickets.head_of(w), at=now)
    made.numbers["ticket"], made.numbers["ticket_answered"] = about.number, told.number


def _awaiting(w: f.World, now: datetime) -> Case:
    """Its flow is drawn and waits for an experts' report; nothing else is to be done."""
    document, files = mail.drawn()
    document["item"] |= {"code": "QH-LAIJIAN", "name": "食品经营许可（专家评审）"}
    f.catalogue_services.publish_revision(
        document=document, files=f.form_files() | files, by=f.SYSTEM, at=f.people.NOON, key=uuid4()
    )
    case = f.accepted_case(w, at=now, code="QH-LAIJIAN")
    f.review(w, case, "check", at=now)
    return case


def _suspended(w: f.World, now: datetime) -> Case:
    case = f.accepted_case(w, at=now)
    cases.pause_case(
        case_id=case.pk,
        ground="inspection",
        expected_until=legal_day(now + 14 * f.DAY),
        reason="委托检验机构检验后厨用水。",
        by=w.reviewer,
        at=now,
        key=uuid4(),
    )
    case.refresh_from_db()
    return case


def _stood_aside(made: Stage, w: f.World, case: Case, now: datetime) -> None:
    """回避: one officer asked, one was excluded; nobody is left for a step."""
    head = asking.head_of(w)
    made.users["own_head"] = User.objects.get(pk=head.user_id)
    kin = StandAside("kin", "申请人是我表弟。")
    cases.recuse(case_id=case.pk, why=kin, by=w.reviewer, at=now, key=uuid4())
    cases.exclude(case_id=case.pk, person_id=w.station.id, why=kin, by=head, at=now, key=uuid4())
    rows = Recusal.objects.filter(case=case)
    made.ids["recusal"], made.ids["recusal_done"] = rows.get(state="asked").id, rows.get(state="stands").id


def _claimed(made: Stage, w: f.World, case: Case, now: datetime) -> None:
    """认领: two hold the post of the visit, one of them has taken it for herself."""
    made.users["inspector_too"] = f.people.staff_user("同岗", w.posts["SCJG-HC"])
    task = next(t.task_id for t in tasks.open_tasks(case.pk) if t.step == "visit")
    cases.claim_step(case_id=case.pk, task_id=task, by=w.inspector, at=now, key=uuid4())


def _asked_of_others(made: Stage, w: f.World, case: Case, now: datetime) -> None:
    """征求意见: one question waits for another organ, one is answered."""
    other = variants.other_organ()
    made.users["asked"] = User.objects.get(pk=other.user_id)
    file = MaterialFile.objects.filter(root_id=case.pk).first().file_id
    step_of = next(t.post for t in tasks.open_tasks(case.pk) if t.step == "check")
    ask = {"step_of": step_of, "at": now}
    answered = asking.asked(case, w.reviewer, **ask)
    asking.answered(answered, other, at=now, text="符合消防要求。", outcome="noted")
    waiting = asking.asked(case, w.reviewer, **ask, waits=True, files=(file,))
    made.ids.update(consultation=waiting.id, consultation_file=file, consultation_done=answered.id)


def _answered(w: f.World, now: datetime) -> Case:
    """The reviewer has answered and nobody has gone on with it: it can be taken back."""
    case = f.accepted_case(w, at=now - f.DAY)
    task = next(t for t in tasks.open_tasks(case.pk) if t.step == "check")
    cases.complete_step(
        case_id=case.pk, task_id=task.task_id, finding=f.Finding("met"), by=w.reviewer, at=now, key=uuid4()
    )
    return case


def _returned(w: f.World, now: datetime) -> Case:
    case = f.reviewed_case(w, at=now)
    task = next(t for t in tasks.open_tasks(case.pk) if t.step == "decide")
    cases.return_inside(
        case_id=case.pk,
        task_id=task.task_id,
        step="check",
        reason="营业执照的住所没有核对。",
        by=w.leader,
        at=now,
        key=uuid4(),
    )
    case.refresh_from_db()
    return case


def promises(made: Stage, w: f.World, now: datetime) -> None:
    """What is promised in place of a material, what follows later, and the check of a promise."""
    signed = f.draft(w, at=now, files=[promising.LOOKED_UP])
    promising.signed(w, signed.draft_id, at=now)
    promising.signed(w, signed.draft_id, "gap", promising.LATER, at=now)
    made.ids["signed"] = signed.draft_id
    owing = promising.accepted(w, promising.owing_case(w, at=now), at=now)
    uploads = [Upload("图.png", f.PNG)]
    (made.ids["owed_file"],) = add_owed_files(
        case_id=owing.pk, material=promising.LATER, uploads=uploads, by=w.citizen, at=now
    )
    promised = promising.accepted(w, promising.promised_case(w, at=now), at=now)
    while steps := [t.step for t in f.tasks.open_tasks(promised.pk) if t.step != "decide"]:
        f.review(w, promised, steps[0], at=now)
    cases.decide_case(case_id=promised.pk, outcome="granted", reasons="", by=w.leader, at=now, key=uuid4())
    (made.ids["after_check"],) = cases.plan_after_checks(case_id=promised.pk, at=now)
    for name, case in {"owing": owing, "promised": promised}.items():
        made.cases[name], made.numbers[name] = case.pk, case.number


def _noted_visit(made: Stage, w: f.World, now: datetime) -> None:
    """On the spot, half of the list answered: one point not met, with its note."""
    case = f.accepted_case(w, at=now, situation=f.RAW_FOOD)
    visit = f.visit_planned(w, case, at=now)
    codes = [point.code for point in selectors.checklist_of(case, visit).points]
    found = [
        PointFound(codes[0], "met"),
        PointFound(codes[1], "not_met", "离垃圾收集点不到25米，要求移开或者加隔断；" + LONG_SHOP),
        PointFound(codes[2], "na", ""),
    ]
    cases.save_visit(case_id=case.pk, visit_id=visit.id, points=found, by=w.inspector, at=now, key=new_id())
    made.numbers["visit_noted"], made.ids["visit_noted"] = case.number, visit.id


def _visit_photo(w: f.World, visit: Visit, now: datetime) -> UUID:
    uploads = [Upload("现场.png", f.PNG)]
    cases.add_visit_photos(
        case_id=visit.case_id, visit_id=visit.id, uploads=uploads, by=w.inspector, at=now, key=uuid4()
    )
    found: UUID = selectors.photos_of(visit)[0].id
    return found


def _correction(w: f.World, now: datetime) -> Case:
    case = f.received_case(w, at=now)
    asked = [
        Asked("floor-plan", "看不清后厨和用餐区的尺寸，请重新画一张。"),
        Asked("safety-rules", "缺少健康管理。"),
    ]
    fields = [Asked("area_m2", "和平面图上的面积不一样。"), Asked("shop_name", "和营业执照上的字号不一样。")]
    cases.ask_correction(case_id=case.pk, asked=asked, fields=fields, by=w.clerk, at=now, key=uuid4())
    uploads = [Upload("图.png", f.PNG)]
    add_correction_files(case_id=case.pk, material="floor-plan", uploads=uploads, by=w.citizen, at=now)
    return case


def drafts(made: Stage, w: f.World, now: datetime) -> None:
    from mingqu.cases.models import MaterialFile

    whole = f.draft(w, at=now)
    made.ids["draft"] = whole.draft_id
    made.ids["begun"] = f.draft(w, at=now, answers={}, files=[]).draft_id
    made.ids["begun_wrong"] = f.draft(
        w, at=now, answers={}, files=[]
    ).draft_id  # what was answered wrongly is kept
    waiting = MaterialFile.objects.filter(root_id=whole.draft_id, state="pending")
    made.ids["draft_file"] = waiting.first().file_id
    made.ids["case_file"] = MaterialFile.objects.filter(root_id=made.cases["accepted"]).first().file_id
    corrected = MaterialFile.objects.filter(root_id=made.cases["correction"], state="pending")
    made.ids["correction_file"] = corrected.first().file_id


def stuck_ones(made: Stage, w: f.World, now: datetime) -> None:
    """办不成事: one that waits for its owner, one that is answered and waits for its author."""
    case = Case.objects.get(pk=made.cases["accepted"])
    about = assist.about_case(w.citizen, case.number)
    words = NewStuck("交了三次材料，每次都说还缺一样，" * 12)
    for name in ("stuck", "stuck_answered"):
        filed = stuck.file_stuck(stuck=words, about=about, by=w.citizen, at=now, key=new_id())
        made.numbers[name] = filed.number
    head = actor(made.users["own_head"])
    stuck.answer_stuck(
        stuck_id=assist.id_of(filed.number),
        text="已经当面办成。",
        outcome=Outcome(solved=True),
        by=head,
        at=now,
        key=new_id(),
    )


def many_at_once(made: Stage, now: datetime) -> None:
    """批量申报: a table with good rows and wrong ones, one that was handed in, one that is being checked."""
    made.users["bulk"], by = people.citizen("华文批")
    of = in_bulk.Office(by)
    own = {"由谁来经营？": "个体工商户"}
    rows = [in_bulk.row(n, **own) for n in range(1, 6)]
    wrong = [in_bulk.row(6, 经营面积="很大", 店名=""), in_bulk.row(7, 营业执照="没有这个文件.png")]
    checked = in_bulk.worked(in_bulk.uploaded(of, *rows[:3], *wrong, at=now), at=now)
    done = in_bulk.worked(in_bulk.uploaded(of, *rows[3:], *wrong, at=now), at=now)
    in_bulk.worked(in_bulk.pressed(of, done, at=now), at=now)
    made.ids["many_checked"], made.ids["many_filed"] = checked.pk, done.pk
    made.ids["many_checking"] = in_bulk.uploaded(of, *wrong, at=now).pk


def failures(made: Stage, now: datetime) -> None:
    """A paper that could not be made, an event that a subscriber refused."""
    failed = DocumentRequest.objects.filter(root_id=made.cases["received"])
    failed.update(state="failed", reason="seal_unavailable", detail="机关印章没有配置。", ended_at=now)
    made.ids["failed_paper"] = failed.get().id
    event = OutboxEvent.objects.filter(root_id=made.cases["received"]).first()
    DeadLetter.objects.create(
        root_id=event.root_id, event_id=event.event_id, subscriber="cases.tell_received", event_name=event.name,
        error="KeyError", first_at=now, last_at=now,
    )  # fmt: skip

"""
The houses that pages are looked at in: a full one, where everything there is can be shown, and an empty one.

All of it made by the commands of production, at times around now. People are found by a word: `citizen` has a case
in every state, `newcomer` nothing, `rare` a long name with characters few fonts have; staff by their role.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from mingqu.assist import selectors as assist
from mingqu.assist import services as stuck
from mingqu.assist.types import NewStuck, Outcome
from mingqu.cases import selectors
from mingqu.cases import selectors as cases_selectors
from mingqu.cases import services as cases
from mingqu.cases.bundles import services as bundle_services
from mingqu.cases.bundles.services.promises import sign_commitment
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.types import NewProject, VisitAnswer, VisitDate
from mingqu.cases.models import Bundle, Case, MaterialFile, Recusal, Visit
from mingqu.cases.services.certificate import issue_certificate
from mingqu.cases.services.files import Upload, add_correction_files, add_owed_files
from mingqu.cases.services.recusing import StandAside
from mingqu.cases.tests import asking, in_bulk, promising, variants
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Asked, CommitmentInput, PointFound
from mingqu.catalogue import services as catalogue
from mingqu.catalogue.batches.models import BatchChange, BatchChangeRow
from mingqu.catalogue.directory import services as lists
from mingqu.catalogue.directory.models import ListEntry
from mingqu.catalogue.directory.services import duties
from mingqu.catalogue.directory.services.duties import NewDuty
from mingqu.catalogue.directory.services.editing import Listed
from mingqu.catalogue.files import read_document
from mingqu.catalogue.imports import review_services
from mingqu.catalogue.imports import services as import_services
from mingqu.catalogue.imports.models import ImportedItem
from mingqu.catalogue.imports.review_services import Chosen, Order
from mingqu.catalogue.imports.tests import reviewing
from mingqu.catalogue.imports.tests.counting import FILES as ITEM_FILES
from mingqu.catalogue.models import ServiceItem
from mingqu.certificates import rules as certificate_rules
from mingqu.certificates import services as certificate_services
from mingqu.certificates.models import Certificate, CertificateType
from mingqu.certificates.tests import tables
from mingqu.certificates.tests.factories import REVOKED
from mingqu.certificates.types import Grant, Holder, IssuedCertificate
from mingqu.clocks import selectors as clocks
from mingqu.config.demo import district, lists_in_force
from mingqu.documents import selectors as papers
from mingqu.documents import services as documents
from mingqu.documents.models import DocumentRequest
from mingqu.evaluation.tests.factories import delivered_case, not_accepted_case, rate, withdrawn_case
from mingqu.exchange.tests import stage as others
from mingqu.federation.tests import stage as upward
from mingqu.forms.models import Draft
from mingqu.hall import selectors as halls_read
from mingqu.hall import services as hall_services
from mingqu.hall.models import KeptPaper, Slip
from mingqu.hall.tests import factories as halls
from mingqu.hall.types import Counted, NewPaper
from mingqu.identity import selectors as persons
from mingqu.identity import services as identity
from mingqu.identity.models import PostHolding, RoleGrant, User
from mingqu.identity.roles import roles
from mingqu.identity.services import second_factor
from mingqu.identity.services.regions import mark_training
from mingqu.identity.tests import factories as people
from mingqu.identity.tests import stage as organisations
from mingqu.identity.types import Within
from mingqu.insight import services as insight
from mingqu.insight.types import Span
from mingqu.kernel import ledger, relay
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.models import DeadLetter, OutboxEvent
from mingqu.kernel.regions import load_demo_district
from mingqu.kernel.types import Actor
from mingqu.law.services import import_laws, record_change
from mingqu.law.tests.made import TEXTS as LAW_TEXTS
from mingqu.law.types import Change
from mingqu.notifications.models import InboxMessage
from mingqu.outreach.tests import stage as outreach
from mingqu.payments.tests import stage as fees
from mingqu.portal.tests import samples
from mingqu.process import selectors as tasks
from mingqu.voice.tests import factories as tickets
from tests.stage_desk import at_the_desk, outside_the_range

TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RARE_NAME = "阿依努尔·买买提江·艾合买提𬱖䶮"
LONG_SHOP = "清禾区云澜街道老张头私房小碗菜热干面早餐店（青年路二分店）𬱖"
ORGAN = "澜州市清禾区市场监督管理局"
PHONE = "19900009999"  # nobody's yet


@dataclass
class Stage:
    """Who and what there is. `who` "" is somebody who has not signed in."""

    users: dict[str, User] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)  # a case in each state
    cases: dict[str, UUID] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def client(self, who: str) -> Client:
        """A browser in which this person is signed in, staff with both factors."""
        client = Client()
        if who == "half_way":  # password given, no second factor set up yet
            user = self.users[who]
            user.backend = "mingqu.identity.backends.StandingBackend"
            client.force_login(user)
        elif who:
            people.signed_in(client, self.users[who])
        return client


def empty_house() -> Stage:
    """Nothing published, nobody has applied."""
    made = Stage()
    _people(made, None)
    return made


HERE, CITY = "990104000000", "990100000000"  # whose lists the pages show


def full_house() -> Stage:
    """Services, cases in every state, papers, certificates, messages, failures."""
    made, w, now = Stage(), f.world(f.drawn_food_licence()), timezone.now()
    made.users["citizen"] = User.objects.get(pk=w.citizen.user_id)
    made.users["own_reviewer"] = User.objects.get(
        pk=w.reviewer.user_id
    )  # hold the posts the definition names
    made.users["own_leader"] = User.objects.get(pk=w.leader.user_id)
    _people(made, w.bureau)
    documents.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=f.SYSTEM, at=now, key=new_id()
    )
    samples.many(25)
    _cases(made, w, now)
    _drafts(made, w, now)
    _promises(made, w, now)
    _bundles(made, w, now)
    at_the_desk(made, w, now)
    outside_the_range(made, w, now)
    _hall(made, w, now)
    _payments(made, w, now)
    _exchange(made, w, now)
    _failures(made, now)
    _what_follows(made, now)
    _imports(made)
    _many_at_once(made, now)
    _stuck(made, w, now)
    outreach.made(made, w, now)
    _definitions(made, w, now)
    import_laws(LAW_TEXTS, by=f.SYSTEM, at=now)
    _awaited_change(now)
    _reviews(made, now)
    _item_imports(made, now)
    load_demo_district()
    _lists(made, now)
    mark_training(region_code="990104100201", on=True, by=people.SYSTEM, at=now, key=new_id())
    insight.rebuild(now)
    today = legal_day(now)
    insight.make_reports("day", Span(today, today), now)
    made.ids["report"] = insight.report_id("day", today, w.bureau)
    upward.made(now)
    officer = made.users["system_officer"]
    post = officer.holdings.get().post_id
    by = Actor("staff", officer.person_id, post_id=post, user_id=officer.pk)
    made.ids |= organisations.made(by, now)
    return made


def _lists(made: Stage, now: datetime) -> None:
    """Lists in force, one draft with a type that waits and a wrong row, one handed in; people of the whole region."""
    for who, role in {"list_editor": "catalogue_editor", "list_reviewer": "catalogue_reviewer"}.items():
        post = people.post()
        within = Within("990100000000", None)
        identity.grant_role(post_id=post, role=role, within=within, by=f.SYSTEM, at=people.NOON, key=new_id())
        made.users[who] = people.staff_user("叶知秋" if who == "list_editor" else "范定", post)
    for kind, region in (("base", HERE), ("service", HERE), ("negative", HERE), ("power", CITY)):
        lists_in_force.bring_in(kind, now, region)
    _second_edition(now)
    user = made.users["list_editor"]
    by = Actor("staff", user.person_id, post_id=user.holdings.get().post_id, user_id=user.pk)
    rows = [
        {"事项编码": "A", "事项名称": "演示许可", "事项类型": words, "实施机关": "演示局", "设定依据": basis}
        for words, basis in (("核准", "《行政许可法》第十二条"),)
    ]
    rows += [{"事项编码": "B", "事项名称": RARE_NAME}, rows[0] | {"事项编码": "C", "事项类型": "行政许可"}]
    made.ids["edition"] = _list_draft("power", HERE, rows, by, now).edition_id
    made.ids["list_entry"] = ListEntry.objects.get(edition=made.ids["edition"], code="C").pk
    city = json.loads((lists_in_force.LISTS / "power.json").read_bytes())
    sent = _list_draft("power", CITY, [city[0] | {"责任事项": "改过的责任事项。"}, *city[1:]], by, now)
    lists.submit_edition(edition_id=sent.edition_id, version=sent.version, by=by, at=now, key=new_id())
    made.ids["edition_submitted"] = sent.edition_id
    _duties(made, by, now)


def _duties(made: Stage, by: Actor, now: datetime) -> None:
    """责任事项: one that is late and was told of, one that runs and was done once."""
    for word, since in (("duty", 40), ("duty_done", 10)):
        began = now - since * f.DAY
        duty = NewDuty("QH-SCJG", "公布食品安全监督检查情况", "样例摊位管理条例", 2, legal_day(began), 3)
        made.ids[word] = duties.keep_duty(duty=duty, by=by, at=began, key=new_id()).duty_id
    head = made.users["department_head"]
    own = Actor("staff", head.person_id, post_id=head.holdings.get().post_id, user_id=head.pk)
    done = now - 10 * f.DAY
    duties.record_duty(duty_id=made.ids["duty_done"], text="已在网站公布。", by=own, at=done, key=new_id())
    duties.flag_overdue(now)
    relay.deliver_root(made.ids["duty"], now)


def _second_edition(now: datetime) -> None:
    """The negative list once more: one line changed, one new, one gone."""
    first, gone = json.loads((lists_in_force.LISTS / "negative.json").read_bytes())
    words = {"禁止或许可准入措施描述": "演示：改过的措施，要先办许可，再开业。"}
    rows = [first | words, gone | {"编号": "演示-9", "禁止或许可事项": "演示：未获得许可，不得经营热气球"}]
    of = Listed("negative", HERE, lists_in_force.TITLES["negative"], lists_in_force.SOURCE)
    read = lists.import_list(
        of=of, data=json.dumps(rows).encode(), name="清单.json", by=f.SYSTEM, at=now, key=new_id()
    )
    sent = lists.submit_edition(
        edition_id=read.edition_id, version=read.version, by=f.SYSTEM, at=now, key=new_id()
    )
    lists.publish_edition(edition_id=read.edition_id, version=sent.version, by=f.SYSTEM, at=now, key=new_id())


def _list_draft(kind: Any, region: str, rows: list[dict[str, str]], by: Actor, now: datetime) -> Any:
    data = json.dumps(rows).encode()
    of = Listed(kind, region, "权责清单")
    return lists.import_list(of=of, data=data, name="清单.json", by=by, at=now, key=new_id())


def _people(made: Stage, bureau: UUID | None) -> None:
    bureau = bureau or people.department()
    made.ids["organ"] = bureau
    for role in roles():
        post = people.post(bureau, role, name=f"{role}岗")
        made.users[role] = people.staff_user("周敏", post)
        if role == "reviewer":
            made.ids["post"], made.ids["grant"] = post, RoleGrant.objects.get(post_id=post).pk
    made.users["no_post"] = people.staff_user("无岗")
    made.users["half_way"] = people.staff_user("初来", people.post(bureau, "reviewer"))
    made.users["known"] = people.staff_user(
        "吴岚", people.post(bureau, "reviewer"), people.post(bureau, "approver")
    )
    second_factor.seed_totp(
        user_id=made.users["known"].pk, secret=TOTP, by=people.SYSTEM, at=people.NOON, key=new_id()
    )
    made.users["newcomer"] = identity.open_account(phone=people.phone(), at=people.NOON)
    made.users["rare"] = people.citizen(RARE_NAME)[0]


def _cases(made: Stage, w: f.World, now: datetime) -> None:
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
    made_cases["aside"] = f.accepted_case(w, at=now)
    _stood_aside(made, w, made_cases["aside"], now)
    made_cases["consulted"] = f.accepted_case(w, at=now, situation=f.RAW_FOOD)
    _asked_of_others(made, w, made_cases["consulted"], now)
    for name, case in made_cases.items():
        made.cases[name], made.numbers[name] = case.pk, case.number
    steps = {t.step: t.task_id for t in tasks.open_tasks(made.cases["accepted"])}
    made.ids["visit_task"] = steps["visit"]
    made.words["query_code"] = made_cases["accepted"].query_code
    issue_certificate(case_id=made.cases["delivered"], at=now)
    about = tickets.filed(w, case=made_cases["received"], at=now)
    told = tickets.filed(w, kind="consultation", at=now)
    tickets.answered(w, told, tickets.head_of(w), at=now)
    made.numbers["ticket"], made.numbers["ticket_answered"] = about.number, told.number


def _hall(made: Stage, w: f.World, now: datetime) -> None:
    """A hall of the bureau, an appointment that is coming and one the hall cancelled, a place held by the citizen."""
    hall = halls.hall(at=now, department=w.bureau)
    coming, closed = (halls.slots(hall, days=days)[0] for days in (1, 2))
    made.numbers["booking"] = halls.booked(coming, w.citizen, at=now, item="QH-SPJYXK").number
    cancelled = halls.booked(closed, w.citizen, at=now)
    hall_services.cancel(
        booking_id=cancelled.pk, by=Actor.system("hall"), at=now, key=new_id(), reason="停电检修"
    )
    made.numbers["booking_cancelled"] = cancelled.number
    made.ids["slot"] = closed.pk
    made.ids["hold"] = halls.hold(closed, w.citizen, at=now).id
    made.ids["window"], made.ids["line"] = hall.one, hall.a
    made.ids["terminal"] = halls.terminal(hall, at=now)
    for line in (
        hall.b,
        hall.a,
        hall.a,
    ):  # numbers are given on working days alone; the house is looked at on any
        waiting = halls.waiting_number(line, at=now)
    made.ids["queue"], made.ids["queue_number"] = waiting.queue_id, waiting.id
    _paper(made, w, hall, now)


def _paper(made: Stage, w: f.World, hall: halls.Made, now: datetime) -> None:
    """A result that lies at the counter."""
    arrived = f.decided_case(w, at=now, context={"delivery": "window"})
    hall_services.result_arrived(
        case_id=arrived.pk, hall_id=hall.hall_id, place="3号柜2格", by=w.clerk, at=now, key=new_id()
    )
    made.cases["arrived"], made.numbers["arrived"] = arrived.pk, arrived.number
    _originals(made, now)


def _originals(made: Stage, now: datetime) -> None:
    """Papers in the hands of the window, one of them not found by who signed; a slip to sign and one signed."""
    clerk = _actor(made.users["window_clerk"])
    away = people.department("青澜市场监督管理所二", region=HERE)
    for number, name in enumerate(("accepted", "visit")):
        papers = [NewPaper("营业执照", "original", 1), NewPaper(LONG_SHOP, "copy", 3)]
        hall_services.keep_papers(case_id=made.cases[name], papers=papers, by=clerk, at=now, key=new_id())
        chosen = list(KeptPaper.objects.filter(root_id=made.cases[name]).values_list("root_id", "id"))
        to = people.post(away, "reviewer") if number else None
        sent = hall_services.send_papers(
            chosen=chosen[: 2 - number], department_id=away, by=clerk, at=now, key=new_id()
        )
        made.numbers[f"slip_{name}"] = sent
        if to is not None:
            signer = _actor(people.staff_user("孙签收", to))
            slip = Slip.objects.get(number=sent)
            counted = [Counted(line.id, 0, "没有看到") for line in halls_read.lines_of_slip(slip.pk)]
            hall_services.receive_papers(slip_id=slip.pk, counted=counted, by=signer, at=now, key=new_id())
    made.users["signer"] = people.staff_user("钱签收", people.post(away, "reviewer"))


def _payments(made: Stage, w: f.World, now: datetime) -> None:
    """Fees of the citizen in each state, a day with differences, the bank's pages."""
    clerk = _actor(made.users["window_clerk"])
    finance = _actor(made.users["finance_officer"])
    made.words |= fees.made(w.citizen, w.bureau, (w.reviewer, clerk, finance), now)


def _exchange(made: Stage, w: f.World, now: datetime) -> None:
    """Matters in other systems in each standing, a reconciled day with differences."""
    clerk, steward = _actor(made.users["window_clerk"]), _actor(made.users["data_steward"])
    made.words |= others.made(w.bureau, clerk, steward, now)


def _actor(user: User) -> Actor:
    post_id = PostHolding.objects.filter(user=user).values_list("post_id", flat=True)[0]
    return Actor("staff", user.person_id, post_id=post_id, user_id=user.pk, name="周敏")


def _bundles(made: Stage, w: f.World, now: datetime) -> None:
    """A bundle in each state a page shows, a draft of one, a project with a stage."""
    house = b.world(w)
    b.publish(kind="stage", code="QH-STAGE", name="示例阶段")
    outside, asked, running, checking = (b.filed(house, at=now) for _ in range(4))
    at_window = b.filed(house, at=now, context={"delivery": "window"})
    b.settle(now)
    for serial, bundle in enumerate((asked, running, at_window, checking)):
        code = str(b.CreditCode.build("9", "1", "990104", f"MA90000{serial}"))
        b.record(house, bundle, b.granted_licence(credit_code=code), at=now)
    b.settle(now)
    bundle_services.ask_bundle_correction(
        bundle_id=asked.pk,
        asked={"food": [Asked("floor-plan", "看不清"), Asked("form:shop_name", "和营业执照上的不一样")]},
        by=w.clerk,
        at=now,
        key=new_id(),
    )
    b.accept(house, running, at=now)
    bundle_services.say_points(
        bundle_id=checking.pk,
        part="sign",
        points=[Asked("sign-drawing", "没有标出离地高度")],
        by=house.other["CGJ-SRHJ-01"],
        at=now,
        key=new_id(),
    )
    for code in ("food", "sign", "drainage"):
        cases.withdraw_case(case_id=b.part(at_window, code).case_id, by=w.citizen, at=now, key=new_id())
    b.settle(now)
    b.add_file(asked.pk, "food--floor-plan", now)
    for name, bundle in (("outside", outside), ("asked", asked), ("running", running), ("ended", at_window)):
        made.numbers[f"bundle_{name}"] = bundle.number
    made.numbers["bundle_checking"] = checking.number
    made.ids["bundle_file"] = cases_selectors.pending_files(asked.pk)[0].file_id
    started = b.draft(house, at=now)
    made.ids["bundle_draft"] = started.draft_id
    made.ids["bundle_begun"] = b.draft(house, at=now, files=[], answers={}).draft_id
    made.words["bundle_code"] = running.query_code
    made.numbers["bundle_owing"] = _owing_bundle(house, now)
    made.numbers["bundle_visiting"] = _visiting_bundle(house, now)
    made.numbers["bundle_decided"] = _decided_bundle(house, now)
    made.ids["bundle_draft_file"] = cases_selectors.pending_files(started.draft_id)[0].file_id
    project = bundle_services.register_project(
        draft=NewProject("清禾第二小学教学楼", w.citizen.id, people.REGION),
        department_id=w.bureau,
        by=w.clerk,
        at=now,
        key=new_id(),
    )
    bundle_services.open_stage(
        project_id=project.project_id, code="QH-STAGE", by=w.clerk, at=now, key=new_id()
    )
    made.numbers["project"] = project.number
    _stage_under_way(made, house, now)


def _stage_under_way(made: Stage, house: b.World, now: datetime) -> None:
    """A second project, whose stage is under review in two departments and answered in a third."""
    project = bundle_services.register_project(
        draft=NewProject("云澜街道社区食堂改造" + RARE_NAME, house.citizen.id, people.REGION),
        department_id=house.base.bureau,
        by=house.clerk,
        at=now,
        key=new_id(),
    )
    bundle_services.open_stage(
        project_id=project.project_id, code="QH-STAGE", by=house.clerk, at=now, key=new_id()
    )
    started = b.draft(house, at=now, code="QH-STAGE", context={"project": project.number})
    bundle = _licensed(house, b.file(house, started, at=now).bundle_id, 5, now)
    b.accept(house, bundle, at=now)
    b.settle(now)
    b.decide(house, bundle, "drainage", at=now)
    b.settle(now)
    made.numbers["project_under_way"], made.numbers["stage_under_way"] = project.number, bundle.number


def _owing_bundle(house: b.World, now: datetime) -> str:
    """Accepted, with a material that was promised to follow."""
    started = b.draft(house, at=now)
    left = MaterialFile.objects.filter(root_id=started.draft_id, material_code="food--floor-plan")
    left.update(state=MaterialFile.State.REMOVED)
    name = persons.person(house.citizen.id).name
    given = CommitmentInput("gap", "food--floor-plan", name, True)
    sign_commitment(draft_id=started.draft_id, commitment=given, by=house.citizen, at=now)
    version = Draft.objects.get(pk=started.draft_id).version
    bundle = _licensed(house, b.file(house, replace(started, version=version), at=now).bundle_id, 7, now)
    b.accept(house, bundle, at=now)
    b.settle(now)
    return bundle.number


def _visiting_bundle(house: b.World, now: datetime) -> str:
    """Two departments are asked whether they come on one date; one can't."""
    situation = {**b.SITUATION, "foods": ["hot", "cold"], "sign_place": "roof"}
    bundle = _licensed(house, b.filed(house, at=now, situation=situation).pk, 6, now)
    b.accept(house, bundle, at=now)
    b.settle(now)
    day = clocks.current_calendar().next_working_day(legal_day(now))
    date = VisitDate(datetime.combine(day, time(10), BEIJING), "青澜街道望渠路5号", "请把后厨设备接通水电。")
    bundle_services.propose_visit(bundle_id=bundle.pk, date=date, by=house.clerk, at=now, key=new_id())
    bundle_services.answer_visit(
        bundle_id=bundle.pk,
        part="sign",
        answer=VisitAnswer(False, reason="当天全员参加市容整治，第二天可以。"),
        by=house.other["CGJ-SRHJ-01"],
        at=now,
        key=new_id(),
    )
    return bundle.number


def _decided_bundle(house: b.World, now: datetime) -> str:
    """All granted, to be fetched at the window."""
    bundle = _licensed(house, b.filed(house, at=now, context={"delivery": "window"}).pk, 8, now)
    b.accept(house, bundle, at=now)
    b.settle(now)
    for code in ("food", "sign", "drainage"):
        b.decide(house, bundle, code, at=now)
    b.settle(now)
    return bundle.number


def _licensed(house: b.World, bundle_id: UUID, serial: int, now: datetime) -> Bundle:
    bundle = Bundle.objects.get(pk=bundle_id)
    b.settle(now)
    code = str(b.CreditCode.build("9", "1", "990104", f"MA90000{serial}"))
    b.record(house, bundle, b.granted_licence(credit_code=code), at=now)
    b.settle(now)
    return bundle


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


def _promises(made: Stage, w: f.World, now: datetime) -> None:
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


def _drafts(made: Stage, w: f.World, now: datetime) -> None:
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


def _imports(made: Stage) -> None:
    """Two tables of existing certificates: one that waits to be confirmed, one brought in."""
    load_demo_district()
    user = made.users["data_steward"]
    by = f.Actor("staff", user.person_id, post_id=identity_post(user), user_id=user.id, name="周敏")
    rows = [tables.licence_row(n) for n in range(1, 46)]
    rows[3]["证照编号"], rows[7]["有效期自"], rows[9]["持证人名称"] = "", "昨天", RARE_NAME
    made.ids["import_batch"] = tables.checked(by, *rows, headers=tables.LICENCE_HEADERS).pk
    brought = [tables.licence_row(n) for n in range(60, 63)]
    made.ids["imported_batch"] = tables.imported(by, *brought, headers=tables.LICENCE_HEADERS).pk


def _stuck(made: Stage, w: f.World, now: datetime) -> None:
    """办不成事: one that waits for its owner, one that is answered and waits for its author."""
    case = Case.objects.get(pk=made.cases["accepted"])
    about = assist.about_case(w.citizen, case.number)
    words = NewStuck("交了三次材料，每次都说还缺一样，" * 12)
    for name in ("stuck", "stuck_answered"):
        filed = stuck.file_stuck(stuck=words, about=about, by=w.citizen, at=now, key=new_id())
        made.numbers[name] = filed.number
    head = _actor(made.users["own_head"])
    stuck.answer_stuck(
        stuck_id=assist.id_of(filed.number),
        text="已经当面办成。",
        outcome=Outcome(solved=True),
        by=head,
        at=now,
        key=new_id(),
    )


def _many_at_once(made: Stage, now: datetime) -> None:
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


def _definitions(made: Stage, w: f.World, now: datetime) -> None:
    """An item that only leads elsewhere; a draft with findings, and one that waits for its reviewer."""
    enquiry = read_document((district.DEFINITIONS / "progress-query.yaml").read_bytes())
    catalogue.publish_revision(document=enquiry, by=f.SYSTEM, at=now, key=new_id())
    enquiry["item"] |= {"summary": "凭办件编号和查询码查进度。", "aliases": ["查进度", "办到哪了", "查办件"]}
    enquiry["guide"]["windows"][0]["hours"] = "工作日 9:00–17:00，中午不休息"
    catalogue.publish_revision(document=enquiry, by=f.SYSTEM, at=now, key=new_id())
    editor = made.users["catalogue_editor"]
    by = f.Actor("staff", editor.person_id, post_id=identity_post(editor), user_id=editor.id, name="周敏")
    licence = read_document(f.DEFINITION.read_bytes())
    licence["item"]["summary"] = "开饭店、小吃店、食堂，先办这个证。"
    licence["handling"][0]["clocks"]["promised"]["limit"] = 99
    licence["handling"][0]["discretion"] = variants.with_discretion()["handling"][0]["discretion"]
    saved = catalogue.save_draft(document=licence, by=by, at=now, key=new_id())
    made.ids["definition_draft"] = saved.draft_id
    enquiry["item"] |= {
        "code": "QH-NEW",
        "name": "窗口排队情况查询",
        "organ": "QH-SCJG",
        "responsible_post": "SCJG-SPXK-01",
    }
    sent = catalogue.save_draft(document=enquiry, by=by, at=now, key=new_id())
    catalogue.submit_draft(draft_id=sent.draft_id, version=sent.version, by=by, at=now, key=new_id())
    made.ids["definition_submitted"] = sent.draft_id
    change = BatchChange.objects.create(
        field="consult",
        after="0000-12345",
        maker_id=by.id,
        total=1,
        begun_at=now,
        queued_at=now,
        state="made",
    )
    item = ServiceItem.objects.get(code=licence["item"]["code"])
    BatchChangeRow.objects.create(change=change, item=item, state="refused", said="已有一份草稿在编")
    made.ids["batch_change"] = change.pk


def _awaited_change(now: datetime) -> None:
    """A law officer recorded a repeal; another one has not spoken yet."""
    change = Change("repealed", legal_day(now), "由新的规定代替，原来的收费项目不再收取。", "样例令第7号")
    by = people.staff_actor("law_officer", name="乙法制")
    record_change(slug="yang-li-shou-fei-gui-ding", change=change, by=by, at=now, key=new_id())


def _reviews(made: Stage, now: datetime) -> None:
    """Rows of an import in every state, a deed with a row it could not do, and one that is at work."""
    user = made.users["catalogue_reviewer"]
    by = f.Actor("staff", user.person_id, post_id=identity_post(user), user_id=user.id, name="范定")
    author = made.users["catalogue_editor"].person_id
    batch, more = reviewing.batch(author), reviewing.batch(author, name="第二份清单.xlsx")
    made.ids["review_batch"] = batch.pk
    reviewing.row(
        batch, 1, name="城镇污水排入排水管网许可证核发（含临时排水、跨区排水以及延续、变更）" + RARE_NAME
    )
    reviewing.row(batch, 2, code="QH-SPJYXK", applicable=True, kind_confirmed=False, item_type="")
    for line, state in enumerate(("proposed", "accepted", "returned", "failed", "refused"), start=3):
        reviewing.row(
            batch, line, state=state, remark="来源没有写明实施机关。" if state == "returned" else ""
        )
    rows = tuple(ImportedItem.objects.filter(batch=batch, line__gt=3).values_list("pk", "version"))
    given = {"order": Order("accept"), "by": by, "at": now}
    deed = review_services.begin(batch_id=batch.pk, chosen=Chosen(rows=rows), key=new_id(), **given)
    reviewing.finish(deed.deed_id)
    row = reviewing.row(more, 1)
    running = review_services.begin(
        batch_id=more.pk, chosen=Chosen(rows=((row.pk, row.version),)), key=new_id(), **given
    )
    made.ids["review_deed"], made.ids["review_running"] = deed.deed_id, running.deed_id
    waiting = reviewing.batch(author, name="下个月起实施的事项.csv")
    rows = tuple(
        (row.pk, row.version) for row in (reviewing.row(waiting, n, state="accepted") for n in (1, 2))
    )
    later = Order("publish", on=legal_day(now + 30 * f.DAY))
    planned = review_services.begin(
        batch_id=waiting.pk, chosen=Chosen(rows=rows), key=new_id(), **given | {"order": later}
    )
    made.ids["review_planned"], made.ids["review_waiting"] = planned.deed_id, waiting.pk


def _item_imports(made: Stage, now: datetime) -> None:
    """Items of another catalogue: read, being read, and a file that is none."""
    file = ITEM_FILES / "own_items.csv"
    for name, data in (
        ("batch", file.read_bytes()),
        ("failed", b"{"),
        ("reading", file.read_bytes() + b"\n"),
    ):
        asked = import_services.Asked(file.name, data, "own_items", people.REGION)
        by = f.Actor.system("demo")
        taken = import_services.import_items(asked=asked, by=by, at=now, key=new_id(), here=True)
        if name != "reading":
            import_services.read_batch(taken.batch_id, now)
        made.ids[f"items_{name}"] = taken.batch_id


def identity_post(user: User) -> UUID:
    return UUID(str(PostHolding.objects.get(user=user).post_id))


def _failures(made: Stage, now: datetime) -> None:
    """A paper that could not be made, an event that a subscriber refused."""
    failed = DocumentRequest.objects.filter(root_id=made.cases["received"])
    failed.update(state="failed", reason="seal_unavailable", detail="机关印章没有配置。", ended_at=now)
    made.ids["failed_paper"] = failed.get().id
    event = OutboxEvent.objects.filter(root_id=made.cases["received"]).first()
    DeadLetter.objects.create(
        root_id=event.root_id, event_id=event.event_id, subscriber="cases.tell_received", event_name=event.name,
        error="KeyError", first_at=now, last_at=now,
    )  # fmt: skip


def _to_begin(certificate: Certificate, now: datetime) -> None:
    """Collected, and to be begun in time: as 施工许可证 is."""
    rule = certificate_services.BeginRule(3, 2, 3, "中华人民共和国建筑法", 9)
    CertificateType.objects.filter(pk=certificate.type_id).update(begin=certificate_rules.write_begin(rule))
    certificate_services.collected(
        case_id=certificate.case_id, type_code=certificate.type.code, on=legal_day(now), at=now
    )


def _another(like: Certificate, now: datetime) -> IssuedCertificate:
    """Another certificate of the same holder."""
    return certificate_services.issue(
        grant=Grant(new_id(), legal_day(now), like.organ_code, like.region_code, like.item_type),
        type_code=like.type.code,
        holder=Holder("person", like.holder_id, like.holder_name),
        fields=like.fields,
        by=f.SYSTEM,
        at=now,
    )


def _revoked(made: Stage, like: Certificate, now: datetime) -> str:
    """Another one, revoked, with its decision made; its 注销 is proposed."""
    done, user = _another(like, now), made.users["approver"]
    by = f.Actor("staff", user.person_id, post_id=identity_post(user), user_id=user.id, name="罗胜")
    reviewer = made.users["reviewer"]
    officer = f.Actor("staff", reviewer.person_id, post_id=identity_post(reviewer), user_id=reviewer.id)
    certificate_services.propose_revocation(
        certificate_id=done.certificate_id, order=REVOKED, by=officer, at=now, key=new_id()
    )
    certificate_services.revoke(certificate_id=done.certificate_id, by=by, at=now, key=new_id())
    certificate_services.propose_strike_off(
        certificate_id=done.certificate_id,
        proposal=certificate_services.StrikeOffProposal(
            "revoked",
            "已经撤销，决定书已经送达。",
            reconsideration_organ=REVOKED.reconsideration_organ,
            court=REVOKED.court,
        ),
        by=officer,
        at=now,
        key=new_id(),
    )
    for paper in papers.documents_of(done.certificate_id):
        documents.make_document(root_id=done.certificate_id, request_id=paper.id, at=now)
    return done.number


def _to_revoke(made: Stage, like: Certificate, now: datetime) -> str:
    """Another one, its 撤销 proposed."""
    done, user = _another(like, now), made.users["reviewer"]
    by = f.Actor("staff", user.person_id, post_id=identity_post(user), user_id=user.id)
    certificate_services.propose_revocation(
        certificate_id=done.certificate_id, order=REVOKED, by=by, at=now, key=new_id()
    )
    return done.number


def _withheld(made: Stage, like: Certificate, now: datetime) -> str:
    """Another one, withheld by a penalty."""
    done, day, user = _another(like, now), legal_day(now), made.users["approver"]
    order = certificate_services.Suspension(
        "withheld",
        "《中华人民共和国食品安全法》规定的情形",
        "两次监督抽检不合格，" + RARE_NAME + "没有按期整改。",
        "清禾市监罚〔2026〕7号",
        day,
    )
    by = f.Actor("staff", user.person_id, post_id=identity_post(user), user_id=user.id, name="罗胜")
    certificate_services.suspend(certificate_id=done.certificate_id, order=order, by=by, at=now, key=new_id())
    return done.number


def _what_follows(made: Stage, now: datetime) -> None:
    """Papers of some cases, messages, the sealed ledger."""
    certificate = Certificate.objects.get(case_id=made.cases["delivered"])
    for root in (made.cases["accepted"], made.cases["delivered"], certificate.pk):
        for paper in papers.documents_of(root):
            documents.make_document(root_id=root, request_id=paper.id, at=now)
    blocked = DeadLetter.objects.values("root_id")
    waiting = OutboxEvent.objects.filter(done_at=None).exclude(root_id__in=blocked)
    for root in set(waiting.values_list("root_id", flat=True)):
        relay.deliver_root(root, now)
    _to_begin(certificate, now)
    ledger.seal(now)
    certificate.refresh_from_db()
    made.words |= {"certificate": certificate.number, "verification": certificate.verification_code}
    made.words["certificate_suspended"] = _withheld(made, certificate, now)
    made.words["certificate_revoked"] = _revoked(made, certificate, now)
    made.words["certificate_to_revoke"] = _to_revoke(made, certificate, now)
    told = InboxMessage.objects.filter(person_id=made.users["citizen"].person_id)
    made.ids["message"] = told.first().id

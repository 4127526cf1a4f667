"""Every address with somebody else's numbers and ids in it: nobody but who it concerns learns anything."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from mingqu.cases.models import AfterCheck, MaterialFile, Visit, VisitPhoto
from mingqu.cases.tests import factories as f
from mingqu.certificates.models import Certificate
from mingqu.documents.models import DocumentRequest
from mingqu.evaluation.services import Answer, rate_case
from mingqu.exchange.tests import factories as outside
from mingqu.exchange.types import SheetField
from mingqu.hall import services as hall_services
from mingqu.hall.models import KeptPaper
from mingqu.hall.tests import factories as halls
from mingqu.hall.types import NewPaper
from mingqu.identity.models import Department, Person, User
from mingqu.identity.tests import factories as people
from mingqu.kernel.identifiers import CaseNumber
from mingqu.kernel.ids import new_id
from mingqu.kernel.relay import round_once
from mingqu.notifications.models import InboxMessage
from mingqu.process import selectors as tasks
from mingqu.voice.tests import factories as tickets
from tests.security.test_hostile_input import addresses

pytestmark = pytest.mark.django_db
RATING = "这条评价只给部门看"
TICKET = "这件投诉只给答复的人看"
COMING, AT_PHONE = "韦来访", "19900007654"
PAPER = "她父亲的房产证"


@pytest.fixture
def victim():
    """An applicant with a case that went its whole way, a draft, a certificate, a message, a rating, an appointment."""
    w = f.world()
    case = f.decided_case(w)
    at = f.FRIDAY_NOON
    while round_once(timezone.now()):
        pass
    rate_case(case_id=case.pk, answer=Answer(1, text=RATING), by=w.citizen, at=at, key=new_id())
    ticket = tickets.filed(w, case=case, text=TICKET)
    hall = halls.hall()
    free = halls.slots(hall, days=1)
    booking = halls.booked(free[0], w.citizen, name=COMING, phone=AT_PHONE)
    held = halls.hold(free[1], w.citizen)
    taken = halls.waiting_number(free[0].line_id)
    slip = _originals(w, case, at)
    draft = f.draft(w, at=timezone.now(), files=["floor-plan"])
    person = Person.objects.get(pk=w.citizen.id)
    certificate = Certificate.objects.get(case_id=case.pk)
    away = outside.handed(
        root_id=case.pk,
        department_id=case.department_id,
        where="assisted",
        fields=(SheetField("申请人姓名", person.name),),
    )
    return w, {
        "number": [case.number, certificate.number, booking.number, slip],
        "ticket": [ticket.number],
        "slot_id": [str(free[1].pk)],
        "hold_id": [str(held.id)],
        "queue_id": [str(taken.queue_id)],
        "number_id": [str(taken.id)],
        "terminal_id": [str(halls.terminal(hall))],
        "key": ["item_type"],
        "draft_id": [str(draft.draft_id), str(case.pk)],
        "file_id": [str(x) for x in MaterialFile.objects.values_list("file_id", flat=True)],
        "message_id": [str(InboxMessage.objects.filter(person_id=person.id).first().id)],
        "request_id": [str(DocumentRequest.objects.filter(root_id=case.pk).first().id)],
        "root_id": [str(case.pk), str(person.id)],
        "code": ["floor-plan", str(draft.draft_id)],
        "item_code": ["QH-SPJYXK"],
        "page": ["1"],
        "handling": ["01"],
        "material": ["floor-plan"],
        "digest": ["0" * 64],
        "form": ["json"],
        "visit_id": ids(Visit.objects.filter(case=case).values_list("id", flat=True)),
        "photo_id": ids(VisitPhoto.objects.filter(case=case).values_list("id", flat=True)),
        "check_id": ids(AfterCheck.objects.filter(case=case).values_list("id", flat=True)),
        "task_id": [str(task.task_id) for task in tasks.all_tasks(case.pk)],
        "batch_id": [str(case.pk)],
        "user_id": [str(w.citizen.user_id)],
        "post_id": [str(w.posts["SCJG-LEAD"])],
        "department_id": [str(case.department_id)],
        "grant_id": [str(case.pk)],
        "region": ["990104000000"],
        "region_code": ["990104000000"],
        "kind": ["power", "item"],
        "name": ["basics"],
        "slug": ["xing-zheng-xu-ke-fa"],
        "line": ["1"],
        "window": ["1"],
        "provider": ["double"],
        "table": ["affair"],
        "connector": ["double"],
        "paper_id": [str(DocumentRequest.objects.filter(root_id=case.pk).first().id)],
        "channel": ["double"],
        "day": ["2026-09-18"],
        "version": ["1"],
        "token": ["no-such-code"],
        **{name: [str(case.pk)] for name in OTHER_IDS},
        "reference": [str(case.pk), away.reference],
    }, {
        person.name,
        person.citizen_number,
        str(User.objects.get(person_id=person.id).phone),
        case.query_code,
        certificate.verification_code,
        f.ANSWERS["premises"],
        f.ANSWERS["manager_name"],
        RATING,
        TICKET,
        COMING,
        AT_PHONE,
        PAPER,
    }  # fmt: skip


def _originals(w, case, at) -> str:
    """Kept by the reviewer and on their way: the number of the slip."""
    by = {"by": w.reviewer, "at": at}
    papers = [NewPaper(PAPER, "original", 1)]
    hall_services.keep_papers(case_id=case.pk, papers=papers, key=new_id(), **by)
    (paper,) = KeptPaper.objects.filter(root_id=case.pk)
    to = Department.objects.get(code="QH-ZWZX").pk
    return hall_services.send_papers(chosen=[(case.pk, paper.id)], department_id=to, key=new_id(), **by)


OTHER_IDS = (  # of things that are nobody's of these people: looked for under the id of the case
    "app_id", "awaited_id", "booking_id", "capacity_id", "change_id", "comment_id", "consultation_id", "copy_id",
    "deed_id", "duty_id", "edition_id", "entry_id", "finding_id", "firm_id", "joint_id", "follow_up", "import_id",
    "key_id", "link_id", "map_id", "reception_id",
    "notice_id", "notification_id", "outage_id", "point", "recovery_id", "recusal_id", "reference", "report_id",
    "scan_id", "secret", "service_id", "simulation_id", "slip_id", "stop_id", "template_id", "upload_id", "move_id",
    "revision_id", "object_id",
    "register_id", "rest", "consignment_id", "courier", "together_id",
)  # fmt: skip


def ids(found) -> list[str]:
    """As text; where there is none, an id that nobody has."""
    return [str(one) for one in found] or [str(new_id())]


def every_address(known):
    for path in sorted({re.sub(r"<int:\w+>", "1", found) for found in addresses()}):
        names = re.findall(r"<\w+:(\w+)>", path)
        if not names:
            yield "/" + path
        for turn in range(max((len(known[name]) for name in names), default=0)):
            filled = path
            for name in names:
                values = known[name]
                filled = re.sub(rf"<\w+:{name}>", values[turn % len(values)], filled)
            yield "/" + filled


def stranger(who: str, w: f.World) -> Client:
    client = Client()
    if who == "citizen":
        return people.signed_in(client, people.citizen(name="王生人")[0])
    if who == "nobody":
        return client
    # The same roles in a department of another region.
    elsewhere = people.department(f"别区局{who}", region="990105000000")
    return people.signed_in(client, people.staff_user("周敏", people.post(elsewhere, who)))


# Each crawl is more than 2,000 requests. In each run every address is tried by one of these, at each address another:
# that a department of another region is shut out is one rule, whatever the role.
OFFICERS = (
    "window_clerk",
    "approver",
    "catalogue_editor",
    "reviewer",
    "department_head",
    "system_officer",
    "security_officer",
    "audit_officer",
)


@pytest.mark.parametrize(
    "who",
    [
        ("nobody",),
        ("citizen",),
        OFFICERS,
        *(pytest.param((who,), marks=pytest.mark.long) for who in OFFICERS),
    ],
    ids=lambda who: "in turn" if who is OFFICERS else who[0],
)
@pytest.mark.usefixtures("plain_refusals")
def test_no_page_tells_a_stranger_anything(victim, who, settings):
    settings.MINGQU_LIMITS = dict.fromkeys(settings.MINGQU_LIMITS, (10**6, 60))
    w, known, secrets = victim
    clients = [stranger(one, w) for one in who]
    asked = 0
    for turn, address in enumerate(every_address(known)):
        place = turn % len(who)
        for method in ("get", "post"):
            answer = getattr(clients[place], method)(address)
            if address == "/double/sms/":  # the demo's telephone: everybody's messages are its purpose
                continue
            body = b"".join(answer) if answer.streaming else answer.content
            told = {secret for secret in secrets if secret.encode() in body.replace(address.encode(), b"")}
            assert not told, (method, address, answer.status_code, told)
            asked += 1
            if method == "post" and address == "/sign-out/":
                clients[place] = stranger(who[place], w)
    assert asked > 100


@pytest.mark.usefixtures("plain_refusals")
def test_the_applicant_reads_it_all(victim):
    """The crawl above looks in the right places: to whom it belongs, they answer."""
    w, known, secrets = victim
    client = people.signed_in(Client(), User.objects.get(pk=w.citizen.user_id))
    seen = set()
    for address in every_address(known):
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        seen |= {secret for secret in secrets if secret.encode() in body}
    # Telephones and number are masked to themselves; the query code is shown while the case is new.
    assert len(seen) == len(secrets) - 4, secrets - seen


def test_a_number_without_its_query_code_opens_nothing_and_attempts_are_counted(victim):
    _, known, _ = victim
    number = known["number"][0]
    answers = set()
    for given in (number, str(CaseNumber.parse(number[:-5] + "99999"))):
        client = Client()
        page = client.post("/progress/", {"number": given, "code": "23456789"})
        words = page.content.decode().replace(given, "")
        answers.add((page.status_code, re.sub(r"<input[^>]*>", "", words)))
        assert client.get(f"/progress/{number}/").status_code == 302
        assert client.get(f"/progress/{number}/ledger.json").status_code == 404
    assert len(answers) == 1
    client = Client()
    codes = {client.post("/progress/", {"number": number, "code": "23456789"}).status_code for _ in range(40)}
    assert 429 in codes

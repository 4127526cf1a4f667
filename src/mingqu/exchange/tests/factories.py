"""Matters in other systems as they come to be; the double as the other side."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from mingqu.exchange import selectors, services
from mingqu.exchange.connectors import double, registry
from mingqu.exchange.models import DoubleMatter, Handover, OutsideState, StatesFile
from mingqu.exchange.types import Heard, Order, Result, SheetField, Telling
from mingqu.identity.models import Department
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor

AT = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)  # noon in Beijing, a Friday
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SYSTEM, BY_HAND = "省经营主体登记系统", "区历史档案系统"
FIELDS = (
    SheetField("申请人姓名", "李晓禾", "申请人"),
    SheetField("企业名称", "澜州市望渠餐饮有限公司", "申请内容"),
    SheetField("住所", "", "申请内容"),
)
RESULT = Result("990104000000007", "澜州市望渠餐饮有限公司", "91990104MA000007XX")


def department() -> UUID:
    found = Department.objects.filter(code="QH-SCJG").first()
    return found.pk if found else people.department("澜州市清禾区市场监督管理局", code="QH-SCJG")


def order(**more) -> Order:
    given = {
        "root_id": more.get("root_id") or new_id(),
        "part": "licence",
        "where": "handed_over",
        "system": SYSTEM,
        "number": "B99010420260918000001",
        "subject": "开餐饮店一件事：营业执照",
        "department_id": more.get("department_id") or department(),
        "region_code": "990104000000",
        "fields": FIELDS,
        "within": 3,
    }
    return Order(**given | more)


def handed(*, at=AT, **more) -> Handover:
    one = order(**more)
    return Handover.objects.get(root_id=one.root_id, id=services.hand_over(order=one, at=at))


def again(row: Handover) -> Handover:
    return Handover.objects.get(root_id=row.root_id, id=row.id)


def send(row: Handover, *, at=AT) -> str:
    return services.send(root_id=row.root_id, handover_id=row.id, at=at)


def sent(*, at=AT, **more) -> Handover:
    row = handed(at=at, **more)
    assert send(row, at=at) == "taken"
    return again(row)


def states_by_file(actor: Actor, data: bytes | str, *, system=BY_HAND, at=AT, name="s.csv") -> StatesFile:
    """Brought and read to its end, as the job does."""
    given = data.encode() if isinstance(data, str) else data
    file_id = services.take_in(system=system, name=name, data=given, by=actor, at=at, key=new_id())
    while services.read_states(file_id, at):
        pass
    return StatesFile.objects.get(pk=file_id)


def wrong_lines(file: StatesFile) -> list[tuple[int, str]]:
    return [(one.line, one.why) for one in selectors.wrong_lines(file)]


def recall(row: Handover, *, at=AT) -> str:
    return services.recall(root_id=row.root_id, handover_id=row.id, at=at)


def called_off(*, at=AT, **more) -> Handover:
    """Handed over, and taken back by the applicant before it was decided."""
    row = sent(at=at, **more)
    assert services.call_off(root_id=row.root_id, at=at) == 1
    return again(row)


def asking(*, words="住所没有填", at=AT, **more) -> Handover:
    """Handed over; the other side asks for a correction, which it has by itself."""
    row = sent(at=at, **more)
    double.say(row.reference, "correction", at=at, words=words)
    hear(telling(row, "correction", 2, words=words))
    return again(row)


def carried(actor: Actor, *, number="HJ2026000001", at=AT, **more) -> Handover:
    """By hand into the other system, its number typed."""
    row = handed(at=at, where="assisted", system=BY_HAND, **more)
    services.type_number(of=row, number=number, again=number, by=actor, at=at, key=new_id())
    return again(row)


def hear(told: Telling, *, at=AT) -> Heard:
    """By the door of a real system: signed bytes, read and heard."""
    headers, body = double.telling(told, at=at)
    return services.hear(connector="double", told=registry.named("double").read(headers, body, at=at), at=at)


def telling(row: Handover, state: str, seq: int, *, at=None, words="", result=None) -> Telling:
    return Telling(
        row.reference, state, at or AT + seq * MINUTE, seq, row.external_number, words, result or Result()
    )


def course(row: Handover, end="granted") -> list[Telling]:
    """Everything an honest other side tells of one matter."""
    last = telling(row, end, 4, result=RESULT) if end == "granted" else telling(row, end, 4, words="名称重复")
    return [
        telling(row, "received", 1),
        telling(row, "handling", 2),
        telling(row, "handling", 3, words="正在核对名称"),
        last,
    ]


def over_there(row: Handover) -> DoubleMatter:
    return DoubleMatter.objects.get(pk=row.reference)


def kept(row: Handover) -> int:
    return OutsideState.objects.filter(root_id=row.root_id, handover_id=row.id).count()


def officer(role: str = "reviewer", name: str = "李文澜") -> Actor:
    return people.staff_actor(role, department_id=department(), name=name)

"""Matters in other systems for the pages: one in each standing, and the words by which the pages find them."""

from datetime import datetime, timedelta
from uuid import UUID

from mingqu.documents import services as documents
from mingqu.documents.tests.samples import picture
from mingqu.exchange import selectors, services
from mingqu.exchange.connectors import double
from mingqu.exchange.models import Handover
from mingqu.exchange.tests import factories as f
from mingqu.exchange.types import DayLine
from mingqu.exchange.views.double import tell
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor


def made(department: UUID, clerk: Actor, steward: Actor, now: datetime) -> dict[str, str]:
    before = now - timedelta(days=1)

    def handed(at: datetime = before, **more) -> Handover:
        return f.handed(at=at, department_id=department, **more)

    def sent(at: datetime = before) -> Handover:
        return f.sent(at=at, department_id=department)

    stuck, asked, done, odd = handed(), sent(), sent(), sent()
    for row, state, words in ((asked, "correction", "经营场所没有写门牌号"), (done, "granted", "")):
        tell(double.say(row.reference, state, at=now, words=words, result=f.RESULT), now)
    double.set_faults(["contradicts"])
    tell(double.say(odd.reference, "granted", at=now, result=f.RESULT), now)
    double.set_faults(["down"])
    f.send(stuck, at=now)
    double.set_faults([])
    back = sent()
    services.call_off(root_id=back.root_id, at=now)
    double.set_faults(["deaf"])
    f.recall(back, at=now)
    double.set_faults([])
    to_type = handed(where="assisted", system=f.BY_HAND, subject="新生儿出生一件事：出生登记（上户口）")
    typed = handed(where="assisted", system=f.BY_HAND, subject="新生儿出生一件事：出生登记（上户口）")
    services.type_number(
        of=typed, number="HJ2026000001", again="HJ2026000001", by=clerk, at=now, key=new_id()
    )
    states = "编号,状态,时间\nHJ2026000001,办理中,2026-09-18 09:00\nHJ7,在路上,2026-09-18\n"
    file = f.states_by_file(clerk, states, at=now, name="户籍系统状态.csv")
    lines = [
        DayLine(done.reference, f.again(done).external_number, "granted"),
        DayLine(asked.reference, "SDJ0001", "handling"),
        DayLine("f" * 32, "SDJ0002", "received"),
    ]
    day = legal_day(before)
    services.reconcile(connector="double", day=day, lines=lines, source="清单.csv", by=steward, at=now)
    return {
        "ex_waiting": stuck.reference,
        "ex_correction": asked.reference,
        "ex_done": done.reference,
        "ex_odd": odd.reference,
        "ex_to_type": to_type.reference,
        "ex_typed": typed.reference,
        "ex_back": back.reference,
        "ex_file": str(file.pk),
        "ex_day": day.isoformat(),
    }


def her_own(department: UUID, case_id: UUID, number: str, now: datetime) -> dict[str, str]:
    """An applicant's case with a step elsewhere that asks for a correction; a file of hers waits."""
    before = now - timedelta(days=1)
    row = f.sent(at=before, root_id=case_id, number=number, department_id=department)
    tell(double.say(row.reference, "correction", at=before, words="经营场所没有写门牌号"), before)
    services.keep_files(
        root_id=row.root_id,
        handover_id=row.id,
        given=[("门牌号.jpg", documents.check_upload(picture()))],
        at=now,
    )
    (file,) = selectors.waiting_files(row.root_id, row.id)
    return {"ex_mine": row.reference, "ex_her_file": str(file.id)}

"""
批量申报 in 清禾区: a firm's handler uploaded a table of signs, two of ten rows to correct; of a table of building sites
the good rows are handed in and accepted, their fees wait to be paid at once (合并缴款); a matter not got done.
"""

import io
import zipfile
from collections.abc import Callable

from mingqu.assist import selectors
from mingqu.assist import services as stuck
from mingqu.assist.types import NewStuck
from mingqu.cases import charging
from mingqu.cases import services as cases
from mingqu.cases.many import commands, working
from mingqu.cases.many.columns import columns_of
from mingqu.cases.models import Case, ManyFiling, ManyRow
from mingqu.config.demo.acting import FIRM_CODE, HANDLER
from mingqu.config.demo.district import key
from mingqu.config.demo.stories import picture
from mingqu.config.demo.walk_ins import WINDOW, officer
from mingqu.identity import selectors as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor, Instant

SIGNS, NEW = "QH-HWZP", "01"
ROWS = 10
CHOSEN = {"subject": "firm", "sign_size": "large", "sign_place": "front"}
SOIL, SOIL_CHOSEN, PLAN = "QH-SBFA", {"plan": "yes", "near": "no"}, "方案.png"
SITES = (1200, 1500, 2100)  # m² of land, each so much that a fee is due
LICENCE, DRAWING, RIGHT = "营业执照.png", "效果图.png", "租赁合同.png"


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """Left as it is where it is there already."""
    by = _handler(at)
    if by is None:
        return
    if not ManyFiling.objects.filter(pk=key("bulk:sites")).exists():
        _sites(by, at)
        progress("a table of building sites whose fees are paid at once")
    if ManyFiling.objects.filter(pk=key("bulk:signs")).exists():
        return
    table = commands.Table(SIGNS, NEW, "户外招牌10家门店.xlsx", _table(), _packed(LICENCE, DRAWING, RIGHT))
    taken = commands.upload(table=table, by=by, at=at, key=key("bulk:signs"))
    while working.work(taken.batch_id, at):
        pass
    _stuck(at)
    progress("a table of ten applications, a matter that could not be done")


def _sites(by: Actor, at: Instant) -> None:
    """
    One of four rows is wrong, the others are handed in, accepted and charged: three fees of one payer. All of today:
    the handler has her authority since today, and a job acts for nobody before.
    """
    taken = commands.upload(table=_of_sites(), by=by, at=at, key=key("bulk:sites"))
    while working.work(taken.batch_id, at):
        pass
    press = key("bulk:sites:press")
    commands.press(batch_id=taken.batch_id, delivery="electronic", by=by, at=at, key=press)
    while working.work(taken.batch_id, at):
        pass
    clerk = officer(*WINDOW)
    rows = ManyRow.objects.filter(batch=taken.batch_id, state=ManyRow.State.FILED).order_by("line")
    for case_id in filter(None, rows.values_list("draft_id", flat=True)):
        cases.accept_case(case_id=case_id, by=clerk, at=at, key=key(f"accept:{case_id}"))
        charging.charge(case_id, at)


def _of_sites() -> commands.Table:
    definition, schema, _revision = commands.service(SOIL, NEW)
    columns = columns_of(definition, schema)
    words = {one.ask: one.options[SOIL_CHOSEN[one.ask]] for one in definition.situations}
    rows = []
    for number, land in enumerate((*SITES, 0), start=1):
        given = words | {
            "own": f"地块{number:02d}",
            "project_name": f"禾禾中央厨房{number}期",
            "credit_code": FIRM_CODE,
            "site": f"禾塘镇示例路{60 + number}号",
            "land_m2": str(land or "还没有量"),
            "earth_m3": str(land // 2),
            "contact_name": HANDLER[1].name,
            "contact_phone": HANDLER[0],
            "soil-plan": PLAN,
        }
        rows.append([given.get(one.code, "") for one in columns])
    filled = book("水土保持", [one.header for one in columns], rows)
    return commands.Table(SOIL, NEW, "水土保持4个地块.xlsx", filled, _packed(PLAN))


def _handler(at: Instant) -> Actor | None:
    user = people.citizen_with_phone(HANDLER[0])
    if user is None or user.person_id is None:
        return None
    held = people.capacities_of(user.person_id, legal_day(at))
    firm = next((one for one in held if one.for_firm), None)
    return people.citizen_actor(user, HANDLER[1].name, held, str(firm.id))[0] if firm else None


def _table() -> bytes:
    definition, schema, _revision = commands.service(SIGNS, NEW)
    columns = columns_of(definition, schema)
    words = {one.ask: one.options[CHOSEN[one.ask]] for one in definition.situations}
    rows = []
    for number in range(1, ROWS + 1):
        given = words | {
            "own": f"门店{number:02d}",
            "shop_name": f"禾禾小馆{number}店",
            "credit_code": FIRM_CODE,
            "premises": f"青澜街道望渠路{number}号",
            "sign_text": "禾禾小馆",
            "sign_width_m": "很宽" if number == 4 else "6",
            "sign_height_m": "2",
            "contact_name": HANDLER[1].name,
            "contact_phone": HANDLER[0],
            "business-licence": LICENCE,
            "sign-drawing": DRAWING if number != 7 else "效果图7.png",
            "premises-right": RIGHT,
        }
        rows.append([given.get(one.code, "") for one in columns])
    return book("户外招牌", [one.header for one in columns], rows)


def _packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, picture(name.removesuffix(".png"), "禾禾小馆"))
    return out.getvalue()


def _stuck(at: Instant) -> None:
    """One who waits for her case says that she can't get it done."""
    case = Case.objects.filter(status=Case.Status.ACCEPTED, bundle_id=None).order_by("number").first()
    if case is None:
        return
    by = Actor("citizen", case.applicant_id)
    about = selectors.about_code(case.number, case.query_code or "")
    words = NewStuck("打了三次电话，都说再等等，没有人说得清卡在哪里。")
    stuck.file_stuck(stuck=words, about=about, by=by, at=at, key=key("stuck:first"))

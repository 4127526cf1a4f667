"""批量申报 in 清禾区: a firm's handler uploaded a table of signs, two of ten rows to correct; a matter not got done."""

import io
import zipfile
from collections.abc import Callable

from mingqu.assist import selectors
from mingqu.assist import services as stuck
from mingqu.assist.types import NewStuck
from mingqu.cases.many import commands, working
from mingqu.cases.many.columns import columns_of
from mingqu.cases.models import Case, ManyFiling
from mingqu.config.demo.acting import FIRM_CODE, HANDLER
from mingqu.config.demo.district import key
from mingqu.config.demo.stories import picture
from mingqu.identity import selectors as people
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor, Instant

SIGNS, NEW = "QH-HWZP", "01"
ROWS = 10
CHOSEN = {"subject": "firm", "sign_size": "large", "sign_place": "front"}
LICENCE, DRAWING, RIGHT = "营业执照.png", "效果图.png", "租赁合同.png"


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """Left as it is where it is there already."""
    if ManyFiling.objects.filter(pk=key("bulk:signs")).exists():
        return
    by = _handler(at)
    if by is None:
        return
    table = commands.Table(SIGNS, NEW, "户外招牌10家门店.xlsx", _table(), _packed())
    taken = commands.upload(table=table, by=by, at=at, key=key("bulk:signs"))
    while working.work(taken.batch_id, at):
        pass
    _stuck(at)
    progress("a table of ten applications, a matter that could not be done")


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


def _packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in (LICENCE, DRAWING, RIGHT):
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

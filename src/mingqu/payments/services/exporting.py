"""The list of fee notices as a spreadsheet (收费台账); that it was taken stands in the ledger."""

from collections.abc import Iterable
from decimal import Decimal

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_name
from mingqu.kernel.tables import Cell, book
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.payments import selectors
from mingqu.payments.models import FeeNotice

HEAD = (
    "编号", "办件编号", "事项", "收费项目", "收费部门", "缴款人", "金额（元）",
    "状态", "开出", "最晚缴费", "办结", "票据号码",
)  # fmt: skip


def export_notices(*, shown: str, by: Actor, at: Instant, key: CommandKey) -> bytes:
    """Persons masked. Raises NotAuthorised."""
    with command("payment.export", key, by=by, at=at, key=key) as cmd:
        access.require_may(by, "payment.export")
        rows = list(selectors.at_desk(by, shown).select_related("department")[: selectors.MOST])
        cmd.note(rows=len(rows))
        cmd.done(None)
    return book("缴款通知", HEAD, _rows(rows))


def _rows(rows: Iterable[FeeNotice]) -> Iterable[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.case_number,
            row.item_name,
            row.fee_name,
            row.department.name,
            row.payer_name if row.payer_kind == "firm" else mask_name(row.payer_name),
            Decimal(row.amount) / 100,
            str(row.get_state_display()),
            legal_day(row.issued_at).isoformat(),
            row.due_on.isoformat() if row.due_on else "",
            legal_day(row.ended_at).isoformat() if row.ended_at else "",
            row.receipt_number,
        )

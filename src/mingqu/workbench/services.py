"""Commands of whoever runs the platform, and what is written down when lists are taken away or people looked up."""

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.conf import settings

from mingqu.cases.discretion import selectors as uses
from mingqu.documents import selectors as document_list
from mingqu.documents import services as documents
from mingqu.documents.errors import SealReasonMissing
from mingqu.hall.types import PaperView
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.services import access
from mingqu.identity.types import SeenDocument
from mingqu.kernel import operations, second_person
from mingqu.kernel.commands import command
from mingqu.kernel.errors import NotFound
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.masking import mask_phone
from mingqu.kernel.tables import Cell, Share, book, sheets, write_book
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.notifications import services as notifications
from mingqu.notifications.errors import SmsUnavailable
from mingqu.workbench.selectors import ledger_export
from mingqu.workbench.selectors.counter import Lying
from mingqu.workbench.selectors.figures import Figures
from mingqu.workbench.selectors.ledger_export import Asked
from mingqu.workbench.selectors.unserved import Row as Waits
from mingqu.workbench.types import DeskRow

log = logging.getLogger(__name__)
MOST_ROWS = 5000
HEAD = ("办件编号", "事项", "业务办理项", "状态", "标记", "申请人", "环节", "时限", "最后日期", "收到材料")
COUNTER_HEAD = (
    "办件编号",
    "事项",
    "结果",
    "申请人",
    "联系手机",
    "决定日期",
    "送达期限",
    "到了哪里",
    "谁的柜台",
    "架位",
    "到件",
    "放了",
)
UNSERVED_HEAD = ("文书", "文号", "事项", "办件编号", "做好", "最晚告知", "情况")
PAPER_HEAD = ("编号", "材料", "原件或者复印件", "份数", "事项", "收到")
LEDGER_HEAD = ("存证编号", "序号", "时间", "谁", "办了什么", "动作", "记下的内容", "请求编号", "链值")


@dataclass(frozen=True)
class Registered:
    """Who stands at the window; `former`: the contact telephone that was replaced; `told`: a message went to it."""

    person_id: UUID
    former: str = field(default="", repr=False)
    told: bool = False


def retry_events(*, root_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Have the relay try a blocked chain of events again. Raises NotAuthorised."""
    access.require_may(by, "system.retry")
    operations.retry_events(root_id=root_id, by=by, at=at, key=key)


def retry_document(*, root_id: UUID, request_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Have a failed document made again. Raises NotAuthorised, FileNotFound, DocumentNotRetryable."""
    access.require_may(by, "system.retry")
    with command("system.retry", root_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        documents.retry_document(root_id=root_id, request_id=request_id, at=at)
        cmd.note(what="document")
        cmd.done(None)


def ask_seal(*, organ_code: str, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    Ask for an organ's 电子印章, or a new one in place of the one it has; the second says why. The security officer
    agrees. Raises NotAuthorised, DepartmentUnknown, SealReasonMissing, DeedAsked.
    """
    access.require_may(by, "system.manage_seals")
    organ = people.department_by_code(organ_code)
    first = not document_list.has_seal(organ.code)
    if not reason.strip() and not first:
        raise SealReasonMissing(field="reason")
    documents.ask_seal(
        organ_id=organ.id,
        organ_code=organ.code,
        reason=reason.strip() or "还没有电子印章",
        by=by,
        at=at,
        key=CommandKey(key),
    )


def agree_seal(*, organ_code: str, by: Actor, at: Instant, key: UUID) -> None:
    """The security officer has it made. Raises NotAuthorised, DepartmentUnknown, DeedNotAsked, SecondPersonNeeded."""
    access.require_may(by, "system.agree_seals")
    organ = people.department_by_code(organ_code)
    documents.agree_seal(organ_id=organ.id, organ_name=organ.name, by=by, at=at, key=CommandKey(key))


def decline_seal(*, organ_code: str, by: Actor, at: Instant, key: UUID) -> None:
    """Called off by who asked, or refused by the other officer. Raises NotAuthorised or DeedNotAsked."""
    organ = people.department_by_code(organ_code)
    _require_may_decline(documents.MAKE_SEAL, organ.code, by)
    documents.decline_seal(organ_id=organ.id, by=by, at=at, key=CommandKey(key))


def ask_retirement(*, organ_code: str, reason: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    Ask that an organ's 电子印章 be used no more, with none in its place: the organ was dissolved, the key leaked.
    Raises NotAuthorised, DepartmentUnknown, SealReasonMissing, SealUnavailable, DeedAsked.
    """
    access.require_may(by, "system.manage_seals")
    organ = people.department_by_code(organ_code)
    if not reason.strip():
        raise SealReasonMissing(field="reason")
    documents.ask_retirement(organ_code=organ.code, reason=reason.strip(), by=by, at=at, key=CommandKey(key))


def agree_retirement(*, organ_code: str, by: Actor, at: Instant, key: UUID) -> None:
    """
    The security officer ends its use. Raises NotAuthorised, DepartmentUnknown, SealUnavailable, DeedNotAsked,
    SecondPersonNeeded.
    """
    access.require_may(by, "system.agree_seals")
    organ = people.department_by_code(organ_code)
    documents.retire_organ_key(organ_code=organ.code, by=by, at=at, key=CommandKey(key))


def decline_retirement(*, organ_code: str, by: Actor, at: Instant, key: UUID) -> None:
    """Called off by who asked, or refused by the other officer. Raises NotAuthorised, SealUnavailable, DeedNotAsked."""
    organ = people.department_by_code(organ_code)
    _require_may_decline(documents.RETIRE_SEAL, organ.code, by)
    documents.decline_retirement(organ_code=organ.code, by=by, at=at, key=CommandKey(key))


def _require_may_decline(deed: str, organ_code: str, by: Actor) -> None:
    """Who asks for seals calls off what she asked for herself, and refuses nobody else's. Raises NotAuthorised."""
    asked = [one for one in second_person.waiting([deed]) if one.facts.get("organ") == organ_code]
    own = any(one.asked_by == by.id for one in asked)
    access.require_may(by, "system.manage_seals" if own else "system.agree_seals")


def receive_person(*, document: SeenDocument, by: Actor, at: Instant, key: UUID) -> Registered:
    """
    The person whose document the clerk has seen.

    Who is reached under a number learns that it is no longer the one: a contact telephone can bind an account, so
    nobody's is changed silently. Raises what `identity.receive_person` raises; nothing is changed then.
    """
    known = people.person_with_document(document.kind, "".join(document.number.split()).upper())
    person_id = identity.receive_person(document=document, by=by, at=at, key=key)
    now = people.person(person_id).contact_phone
    if known is None or not known.contact_phone or known.contact_phone == now:
        return Registered(person_id)
    told = {"phone": mask_phone(now), "telephone": str(settings.MINGQU_SITE["telephone"])}
    try:
        notifications.send_sms(known.contact_phone, "contact_changed", told, at=at)
    except SmsUnavailable as unavailable:
        log.warning("nobody was told of a changed contact telephone: %s", unavailable.code)
        return Registered(person_id, known.contact_phone)
    return Registered(person_id, known.contact_phone, told=True)


def export_list(*, tab: str, rows: Iterable[DeskRow], by: Actor, at: Instant) -> IO[bytes]:
    """
    A list of cases as a spreadsheet, names masked as on the page; that it was taken, and how long it was, is an
    entry of a chain of its own. Row by row into a file that is gone when it is closed. Raises NotAuthorised.
    """
    access.require_may(by, "case.export")
    file = TemporaryFile()  # noqa: SIM115  closed by the answer that streams it
    number = write_book(file, "办件清单", HEAD, map(_cells, rows))
    file.seek(0)
    taken = new_id()  # not the form's key: whoever sends one form twice takes two files away
    with command("case.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(tab=tab, rows=number)
        cmd.done(None)
    return file


def export_counter(*, tab: str, rows: Iterable[Lying], by: Actor, at: Instant) -> bytes:
    """
    Results that wait to be collected as a spreadsheet, masked as on the page; that it was taken is an entry of a chain
    of its own. Raises NotAuthorised.
    """
    access.require_may(by, "case.deliver")
    shown = list(rows)
    file = book("出件", COUNTER_HEAD, (_counter_cells(row) for row in shown))
    taken = new_id()
    with command("case.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(tab=f"出件：{tab}", rows=len(shown))
        cmd.done(None)
    return file


def export_unserved(*, rows: Sequence[Waits], by: Actor, at: Instant) -> bytes:
    """
    Papers that wait to be served as a spreadsheet, nobody named; an entry of a chain of its own. Raises NotAuthorised.
    """
    access.require_may(by, "case.serve")
    lines = (
        (
            row.title,
            row.document_number,
            row.subject,
            row.number,
            legal_day(row.since).isoformat(),
            row.limit_on.isoformat() if row.limit_on else "",
            "已过期限" if row.late else "",
        )
        for row in rows
    )
    file = book("文书送达", UNSERVED_HEAD, lines)
    taken = new_id()
    with command("case.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(tab="文书送达", rows=len(rows))
        cmd.done(None)
    return file


def export_papers(*, rows: Sequence[PaperView], by: Actor, at: Instant) -> bytes:
    """The originals in somebody's hands as a spreadsheet; an entry of a chain of its own. Raises NotAuthorised."""
    access.require_may(by, "paper.keep")
    lines = (
        (
            row.code,
            row.name,
            row.form_words,
            str(row.copies),
            row.item_name,
            legal_day(row.kept_at).isoformat(),
        )
        for row in rows
    )
    file = book("在我手里的材料", PAPER_HEAD, lines)
    taken = new_id()
    with command("case.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(tab="在我手里的材料", rows=len(rows))
        cmd.done(None)
    return file


def _counter_cells(row: Lying) -> tuple[str, ...]:
    here = row.at_counter
    lies = (
        (here.hall_name, here.counter, here.place, here.arrived_on.isoformat(), f"{here.days}天")
        if here
        else ("", "", "", "", "")
    )
    decided = row.decided_on.isoformat() if row.decided_on else ""
    return (row.number, row.name, row.outcome, row.applicant, row.phone, decided, row.clock.words, *lies)


def note_reads_seen(*, asked: str, shown: int, by: Actor, at: Instant) -> None:
    """Who looked up who read which files stands in the ledger too, each page of it. Raises NotAuthorised."""
    access.require_may(by, "audit.see")
    looked = new_id()
    with command("audit.see_reads", looked, by=by, at=at, key=looked) as cmd:
        cmd.note(about=asked[:80], rows=shown)
        cmd.done(None)


def export_ledger(*, asked: Asked, form: str, by: Actor, at: Instant) -> tuple[IO[bytes], str]:
    """
    Entries of the ledger as JSON lines or a spreadsheet (`form` jsonl, xlsx) and the SHA-256 of the file. That they
    were taken, which, how many and the digest are an entry of the ledger themselves. Raises NotAuthorised, NotFound.
    """
    access.require_may(by, "audit.export")
    which = ledger_export.matching(asked)
    if which is None:
        raise NotFound()
    file = TemporaryFile()  # noqa: SIM115  closed by the answer that streams it
    write = _ledger_book if form == "xlsx" else _ledger_lines
    number = write(file, ledger_export.lines(asked, which))
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    taken = new_id()  # each file that leaves is an entry of its own, also where one form is sent twice
    with command("audit.export", taken, by=by, at=at, key=taken) as cmd:
        cmd.note(what=asked.kind, about=asked.value, rows=number, file=digest)
        cmd.done(None)
    return file, digest


def _ledger_lines(file: IO[bytes], lines: Iterable[dict[str, Any]]) -> int:
    number = 0
    for number, line in enumerate(lines, start=1):  # noqa: B007  the count is written down
        file.write(json.dumps(line, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return number


def _ledger_book(file: IO[bytes], lines: Iterable[dict[str, Any]]) -> int:
    return write_book(file, "办理存证", LEDGER_HEAD, map(_ledger_cells, lines))


def _ledger_cells(line: dict[str, Any]) -> tuple[str, ...]:
    notes = json.dumps(line["notes"], ensure_ascii=False, sort_keys=True)
    said = (line["root_id"], str(line["seq"]), line["at"], line["who"], line["action_words"], line["action"])
    return (*said, notes, line["request_id"], line["link"])


def figures_file(found: Figures, *, by_organ: bool) -> IO[bytes]:
    """跑动和时限 as a spreadsheet, numbers as numbers: counts of cases, nobody's data, so nothing is written down."""
    limits = () if by_organ else ("机关", "法定期限", "承诺期限")
    head = ("机关" if by_organ else "事项", "办件", "到现场", "平均每件", "最多", "一次也没跑", "时限压缩率")
    rows: list[tuple[Cell, ...]] = []
    for row in found.rows:
        own = () if by_organ else (row.organ, row.statutory, row.promised)
        average = Decimal(str(round(row.average, 2)))
        figures = (row.cases, row.visits, average, row.most, row.without, _share(row.rate))
        rows.append((row.name, *figures, *own))
    rows.append(("合计", found.cases, found.came, "", "", found.without, _share(found.rate)))
    return BytesIO(book("跑动和时限", (*head, *limits), rows))


def _share(rate: float | None) -> Cell:
    return "" if rate is None else Share(Decimal(str(round(rate * 100, 1))))


def discretion_file(actor: Actor, wanted: uses.Wanted) -> IO[bytes]:
    """裁量统计 as a spreadsheet: how often, and the decisions behind it; no applicant, so nothing is written down."""
    rows = uses.report(actor, wanted)
    lines, _ = uses.behind(actor, wanted, size=MOST_ROWS)
    counted = [(row.name, row.inside, row.outside, row.percent) for row in rows]
    decided = [
        (
            line.number,
            line.item,
            line.decided_on.isoformat() if line.decided_on else "",
            line.name,
            line.rule,
            line.basis,
            line.range,
            line.chosen,
            line.state_words,
            line.person,
            line.answered,
        )
        for line in lines
    ]
    heads = (
        (uses.BY[wanted.by], "幅度内", "超出幅度", "超出的占比"),
        (
            "办件编号",
            "事项",
            "决定日期",
            "裁量的内容",
            "档次",
            "依据",
            "幅度",
            "决定",
            "是否超出",
            "决定人",
            "复核人",
        ),
    )
    return BytesIO(sheets({"裁量统计": (heads[0], counted), "决定": (heads[1], decided)}))


def _cells(row: DeskRow) -> tuple[str, ...]:
    labels = "、".join(label.words for label in row.labels)
    day = row.clock.day.isoformat() if row.clock.day else ""
    return (
        row.number, row.item, row.handling_item, row.status.words, labels, row.applicant, row.step,
        row.clock.words, day, row.received_on.isoformat(),
    )  # fmt: skip


def note_search(*, citizen_number: str, phone: str, found: int, by: Actor, at: Instant) -> None:
    """That somebody was looked up by a number, and how many cases that showed; the number as a digest only."""
    key = new_id()
    with command("identity.see_people", key, by=by, at=at, key=key) as cmd:
        cmd.note(what="citizen_number" if citizen_number else "phone", found=found)
        cmd.note_digest(number=citizen_number or phone)
        cmd.done(None)

"""Saying what could not be done, answering it, saying whether that helped, telling up what is late."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings

from mingqu.assist import rules, selectors
from mingqu.assist.errors import StuckConcernsYou, StuckNotNow, StuckTooMany, StuckUnknown, StuckUntil
from mingqu.assist.events import StuckAnswered, StuckFiled, StuckOverdue
from mingqu.assist.models import Stuck, StuckAnswer, StuckNumber
from mingqu.assist.types import About, Done, Filed, NewStuck, Outcome, StuckLine, Wanted
from mingqu.cases import services as cases
from mingqu.identity.errors import TooManyAttempts
from mingqu.identity.services import access, limits
from mingqu.kernel.commands import Command, command
from mingqu.kernel.errors import spoken
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.schedule import each_alone
from mingqu.kernel.tables import Cell, book
from mingqu.kernel.types import Actor, Instant
from mingqu.ui.text import zh_day

HEAD = ("编号", "渠道", "事项", "负责", "反映", "最晚答复", "第几次", "超期", "状态")
WATCH = Actor.system("assist-watch")
WITHOUT_ACCOUNT = Actor.system("assist-by-code")
"""Somebody who proved a case with its query code, and has no account."""


def file_stuck(
    *, stuck: NewStuck, about: About | None, by: Actor, at: Instant, key: UUID, author: str = ""
) -> Filed:
    """
    Say what could not be done. `about` was found by who may see it; its owner follows from a rule
    (`selectors.owned`). `author`: the name given at the window, by a clerk who may write it down.

    Raises StuckWords, StuckTooMany, NotAuthorised.
    """
    text = rules.checked_words(stuck.text)
    stuck_id = uuid5(NAMESPACE_URL, f"mingqu:assist:{by.id}:{key}")
    if by.kind == "system":
        key = uuid5(stuck_id, "filed")
    with command("assist.file", stuck_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            first = cmd.first_result(Filed)
            return Filed(first.number, first.due_on, Stuck.objects.get(pk=stuck_id).code or "")
        access.require_may(by, "assist.file_for" if by.kind == "staff" else "assist.file")
        _spend(by, at)
        day = legal_day(at)
        owner = selectors.owned(about, day)
        row = _new(stuck_id, stuck, owner, by, at)
        row.text, row.author = text, author if by.kind == "staff" else ""
        serial = next_number("assist", owner.region_code[:6], f"{day:%Y%m%d}")
        row.number = rules.number_of(owner.region_code, f"{day:%Y%m%d}", serial)
        row.save(force_insert=True)
        StuckNumber.objects.create(number=row.number, stuck_id=stuck_id)
        cmd.note(number=row.number, channel=row.channel, department=owner.organ, due_on=row.due_on)
        cmd.note_digest(text=text)
        cmd.publish(StuckFiled(stuck_id, owner.department_id, row.due_on, 1))
        cmd.done(Filed(row.number, row.due_on))
        return Filed(row.number, row.due_on, row.code or "")


def _new(stuck_id: UUID, stuck: NewStuck, owner: About, by: Actor, at: Instant) -> Stuck:
    day, citizen = legal_day(at), by.kind == "citizen"
    channel = {"citizen": Stuck.Channel.ONLINE, "staff": Stuck.Channel.WINDOW}.get(
        by.kind, Stuck.Channel.CODE
    )
    return Stuck(
        id=stuck_id,
        code="" if citizen else cases.new_query_code(),
        channel=channel,
        party_id=by.id if citizen else None,
        contact=stuck.contact.strip()[:40],
        case_id=owner.case_id,
        case_number=owner.case_number,
        item_code=owner.item_code,
        item_type=owner.item_type,
        department_id=owner.department_id,
        region_code=owner.region_code,
        caught=owner.caught,
        filed_at=at,
        filed_on=day,
        due_on=selectors.due_after(day, 1),
    )


def _spend(by: Actor, at: Instant) -> None:
    if by.kind != "citizen":
        return  # a clerk; and who gives a query code is counted by its address
    try:
        limits.spend("voice_person_day", str(by.id), at=at)
    except TooManyAttempts:
        raise StuckTooMany(most=settings.MINGQU_LIMITS["voice_person_day"][0]) from None


def answer_stuck(*, stuck_id: UUID, text: str, outcome: Outcome, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Its owner answers, the second time a supervisor: what was found, what was done, and whether it is done now; or, once
    in a round, that it goes on (仍在办理中), with what and by when, and is answered again by then.

    Raises StuckWords, StuckUntil, StuckUnknown, StuckConcernsYou, StuckNotNow, NotAuthorised.
    """
    text = rules.checked_words(text)
    with command("assist.answer", stuck_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = selectors.for_update(stuck_id)
        access.require(by, selectors.action_of(row), row)
        if selectors.is_shut_to(by, row):
            raise StuckConcernsYou()
        day = legal_day(at)
        if row.round == 1 and row.in_time is None:
            row.in_time = day <= row.due_on
        _take_outcome(row, outcome, day)
        StuckAnswer.objects.create(
            stuck=row,
            round=row.round,
            solved=row.solved,
            until_on=outcome.until_on if outcome.going else None,
            text=text,
            answered_at=at,
            post_id=by.post_id,
        )
        row.save(update_fields=["state", "solved", "in_time", "due_on", "overdue_on", "put_off"])
        cmd.note(number=row.number, round=row.round, solved=row.solved, going=outcome.going)
        cmd.note_digest(text=text)
        cmd.publish(StuckAnswered(stuck_id, row.department_id, row.round))
        return cmd.done(Done(row.number, day))


def _take_outcome(row: Stuck, outcome: Outcome, day: date) -> None:
    """Raises StuckUntil, StuckNotNow."""
    if not outcome.going:
        row.state, row.solved = _after(row, "answer"), outcome.solved
        return
    row.state, row.solved, row.put_off = _after(row, "go on"), False, True
    latest = selectors.latest_until(day)
    if outcome.until_on is None or not rules.until_allowed(outcome.until_on, day, latest):
        raise StuckUntil(field="until_on", latest=zh_day(latest))
    row.due_on, row.overdue_on = outcome.until_on, None


def _after(row: Stuck, deed: str) -> str:
    after = rules.after(row.state, deed)
    if after is None:
        raise StuckNotNow(state=spoken(str(Stuck.State(row.state).label)))
    return after


def say_stuck(*, stuck_id: UUID, satisfied: bool, by: Actor, at: Instant, key: UUID) -> Done:
    """
    Whether the answer helped. If the first one did not, the matter goes up and is answered once again.

    Who has no account says it as `WITHOUT_ACCOUNT`; the caller has read the code. Raises StuckUnknown, StuckNotNow.
    """
    if by.kind == "system":  # hers, not the system's own: nobody takes a key that the watch will need
        key = uuid5(stuck_id, f"said:{key}")
    with command("assist.say", stuck_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        row = selectors.for_update(stuck_id)
        if not access.allows(by, "assist.say", row):
            raise StuckUnknown()
        day = legal_day(at)
        row.state = _after(row, rules.deed_of(satisfied, row.round))
        if row.state == Stuck.State.AGAIN:
            row.round, row.due_on, row.overdue_on = 2, selectors.due_after(day, 2), None
            row.put_off = False
            cmd.publish(StuckFiled(stuck_id, row.department_id, row.due_on, 2))
        else:
            row.said_on = day
        row.save(update_fields=["state", "round", "due_on", "overdue_on", "put_off", "said_on"])
        _note_said(cmd, row, satisfied)
        return cmd.done(Done(row.number, day))


def _note_said(cmd: Command, row: Stuck, satisfied: bool) -> None:
    cmd.note(number=row.number, settled=satisfied, round=row.round)


def export_matters(*, wanted: Wanted, by: Actor, at: Instant, key: UUID) -> bytes:
    """The list of a post as a spreadsheet (台账), without words and names; that it was taken is written down."""
    with command("assist.export", key, by=by, at=at, key=key) as cmd:
        access.require_may(by, "assist.export")
        lines = selectors.every_matter(by, legal_day(at), wanted)
        cmd.note(rows=len(lines))
        cmd.done(None)
    return book("办不成事反映", HEAD, [_row(line) for line in lines])


def _row(line: StuckLine) -> tuple[Cell, ...]:
    return (
        line.number,
        line.channel,
        "" if line.concerns_reader else line.about,
        line.organ,
        line.filed_on.isoformat(),
        line.due_on.isoformat(),
        f"第{line.round}次",
        "是" if line.late or line.overdue else "",
        line.state_words,
    )


def flag_overdue(at: Instant) -> str:
    """What was not answered by its day is told up, once for each round. Returns what could not be written."""
    late = Stuck.objects.filter(state__in=selectors.OPEN, due_on__lt=legal_day(at), overdue_on=None)
    found = late.order_by("due_on", "id").values_list("pk", flat=True)
    return each_alone(list(found), lambda stuck_id: _flag(stuck_id, at), "overdue matter")


def _flag(stuck_id: UUID, at: Instant) -> None:
    round_, due_on = Stuck.objects.values_list("round", "due_on").get(pk=stuck_id)
    key = uuid5(stuck_id, f"overdue:{round_}:{due_on}")
    with command("assist.flag_overdue", stuck_id, by=WATCH, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = selectors.for_update(stuck_id)
        if row.waits and row.round == round_:
            row.overdue_on = legal_day(at)
            row.save(update_fields=["overdue_on"])
            cmd.note(number=row.number, due_on=row.due_on, round=row.round)
            cmd.publish(StuckOverdue(stuck_id, row.department_id, row.due_on, row.round))
        cmd.done(None)

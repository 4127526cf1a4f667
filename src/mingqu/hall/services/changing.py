"""What a hall is: its name and place, what numbers are taken for, its windows and what they serve."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mingqu.catalogue import selectors as catalogue
from mingqu.hall import selectors
from mingqu.hall.errors import HallIncomplete, HallUnknown, LineItemsUnknown, LineLetterWrong, WindowAtWork
from mingqu.hall.models import Hall, QueueLine, QueueNumber, Window
from mingqu.hall.types import NewLine
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

LETTER = re.compile(r"[A-Z]")
MINUTES = range(1, 121)


@dataclass(frozen=True)
class WindowWish:
    """A window as it is to be: its number stays what it was, `letters` of the lines it serves."""

    number: int
    name: str
    letters: tuple[str, ...]
    in_use: bool = True


def change_hall(
    *, hall_id: UUID, name: str, address: str, hours: str, by: Actor, at: Instant, key: UUID
) -> None:
    """
    Name, place and hours as people are told; the times that can be booked follow their own rules.

    Raises HallUnknown, HallIncomplete or NotAuthorised.
    """
    with command("hall.manage", hall_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        row = _hall_for_update(hall_id, by)
        for field, given, words in (("name", name, "名称"), ("address", address, "地址")):
            if not given.strip():
                raise HallIncomplete(field=field, what=words)
        row.name, row.address, row.hours = name.strip(), address.strip(), hours.strip()
        row.save(update_fields=["name", "address", "hours"])
        cmd.note(hall=row.name, address=row.address, hours=row.hours)
        cmd.done(None)


def keep_line(*, hall_id: UUID, line: NewLine, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    A line of this letter, new or as it is to be from now on; numbers already given out keep their letter.

    Raises HallUnknown, LineLetterWrong, HallIncomplete, LineItemsUnknown or NotAuthorised.
    """
    with command("hall.manage", hall_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(cmd.first_result(str))
        row = _hall_for_update(hall_id, by)
        if not LETTER.fullmatch(line.letter):
            raise LineLetterWrong(field="letter")
        if not line.name.strip() or line.minutes not in MINUTES:
            field, words = ("minutes", "每人大约几分钟") if line.name.strip() else ("name", "类别的名称")
            raise HallIncomplete(field=field, what=words)
        if unknown := sorted(set(line.item_codes) - catalogue.names(line.item_codes).keys()):
            raise LineItemsUnknown(field="item_codes", codes="、".join(unknown))
        kept, _ = QueueLine.objects.update_or_create(
            hall=row,
            letter=line.letter,
            defaults={
                "name": line.name.strip(),
                "minutes": line.minutes,
                "item_codes": list(dict.fromkeys(line.item_codes)),
            },
        )
        selectors.stale()
        cmd.note(line=f"{kept.letter} {kept.name}", minutes=kept.minutes, items=len(kept.item_codes))
        return UUID(cmd.done(str(kept.pk)))


def keep_window(*, hall_id: UUID, window: WindowWish, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    A window of this number, new or as it is to be from now on; one not in use calls nobody.

    Raises HallUnknown, HallIncomplete, WindowAtWork or NotAuthorised.
    """
    with command("hall.manage", hall_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return UUID(cmd.first_result(str))
        row = _hall_for_update(hall_id, by)
        lines = {line.letter: line.pk for line in selectors.lines_of(hall_id)}
        served = [lines[letter] for letter in window.letters if letter in lines]
        _check_window(window, served)
        known = Window.objects.filter(hall_id=hall_id, number=window.number).first()
        if known and not window.in_use and QueueNumber.objects.filter(window=known, state="called").exists():
            raise WindowAtWork(field="in_use")
        kept, _ = Window.objects.update_or_create(
            hall=row,
            number=window.number,
            defaults={"name": window.name.strip(), "line_ids": served, "in_use": window.in_use},
        )
        cmd.note(window=kept.number, name=kept.name, lines="".join(window.letters), active=kept.in_use)
        return UUID(cmd.done(str(kept.pk)))


def _check_window(window: WindowWish, served: Sequence[UUID]) -> None:
    """Raises HallIncomplete."""
    asked = (
        ("number", 1 <= window.number <= 999, "窗口号（1到999）"),
        ("name", bool(window.name.strip()), "窗口的名称"),
        ("letters", bool(served) and len(served) == len(window.letters), "办哪些类别"),
    )
    for field, given, words in asked:
        if not given:
            raise HallIncomplete(field=field, what=words)


def _hall_for_update(hall_id: UUID, by: Actor) -> Hall:
    """Locked, but not against rows that name it. Raises HallUnknown or NotAuthorised."""
    found = Hall.objects.select_for_update(no_key=True).filter(pk=hall_id).first()
    if found is None:
        raise HallUnknown()
    access.require(by, "hall.manage", found)
    return found

"""
来件: an officer notes what came from outside while the drawn flow of a case waited for it, or the system brings it that
the drawing names; the flow goes on.

No clock stops while it waits: what stops one is a special procedure that the definition names (行政许可法 45).
"""

from collections.abc import Sequence
from uuid import UUID

from mingqu.cases import rules, selectors
from mingqu.cases.arriving.errors import (
    ArrivalDayUnfit,
    ArrivalNotAwaited,
    ArrivalNotTheirs,
    ArrivalUnsaid,
)
from mingqu.cases.arriving.types import Noted
from mingqu.cases.errors import NotInReview, TooManyFiles
from mingqu.cases.events import ArrivalCame
from mingqu.cases.models import Arrival, Case
from mingqu.cases.services import discretion
from mingqu.cases.services.open_questions import leave
from mingqu.cases.services.review import void_visits
from mingqu.cases.services.standing_aside import tell_stranded
from mingqu.cases.types import Done
from mingqu.documents import services as documents
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant
from mingqu.process import services as process
from mingqu.process.errors import NotAwaited
from mingqu.process.types import Awaited

FILE_KIND = "arrival"
MOST_FILES = 5


def note_arrival(*, case_id: UUID, noted: Noted, by: Actor, at: Instant, key: UUID) -> Done:
    """
    What the flow waited for has come. What it waited beside, and is not needed any more, goes with what was planned
    and asked for it.

    Raises NotAuthorised, Recused, NotInReview, ArrivalNotAwaited (another noted it first), ArrivalNotTheirs,
    ArrivalUnsaid, ArrivalDayUnfit, TooManyFiles, or what is wrong with a file (documents.errors).
    """
    if len(noted.uploads) > MOST_FILES:
        raise TooManyFiles(field="files", most=MOST_FILES)
    checked = [(one.name, documents.check_upload(one.data)) for one in noted.uploads]
    with command("case.note_arrival", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Done)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.note_arrival", case)
        if case.status not in rules.ALLOWED_IN["case.note_arrival"]:
            raise NotInReview()
        if not noted.text.strip():
            raise ArrivalUnsaid(field="text")
        if not case.received_on <= noted.came_on <= legal_day(at):
            raise ArrivalDayUnfit(field="came_on")
        try:
            awaited, effects = process.receive(root_id=case_id, wait_id=noted.wait_id, by=by, at=at)
        except NotAwaited as late:
            raise ArrivalNotAwaited() from late
        if (by.kind == "system" or noted.system) and not _theirs(by, noted, awaited):
            raise ArrivalNotTheirs()
        if effects.dropped:
            left(case, effects.dropped, at)
        files = [
            documents.store_upload(root_id=case_id, kind=FILE_KIND, name=name, upload=one, at=at).file_id
            for name, one in checked
        ]
        _keep(cmd, case, awaited, noted, files)
        tell_stranded(cmd, case)
        return cmd.done(Done(case.pk, case.status))


def _theirs(by: Actor, noted: Noted, awaited: Awaited) -> bool:
    """Whether it comes from the exchange and is what the drawing says that this system brings."""
    return by.kind == "system" and noted.system != "" and noted.system == awaited.sender


def left(case: Case, task_ids: Sequence[UUID], at: Instant) -> None:
    """What was planned and asked for steps that something from outside took away goes with them."""
    void_visits(case.pk, task_ids)
    leave(case, at, task_ids=task_ids)
    discretion.leave(case, at, task_ids=task_ids)


def _keep(cmd: Command, case: Case, awaited: Awaited, noted: Noted, files: list[UUID]) -> None:
    officer = cmd.by.kind == "staff"
    cmd.insert(
        Arrival(
            case=case,
            node=awaited.node,
            name=(awaited.name or awaited.ref)[:200],
            came_on=noted.came_on,
            text=noted.text.strip(),
            file_ids=files,
            system=noted.system,
            post_id=cmd.by.post_id if officer else None,
            person_id=cmd.by.id if officer else None,
            deputy_for=cmd.by.deputy_for,
            at=cmd.at,
        )
    )
    cmd.note(awaited=awaited.name or awaited.ref, came_on=noted.came_on, files=len(files))
    if noted.system:
        cmd.note(system=noted.system)
    if awaited.sender:
        cmd.publish(
            ArrivalCame(case.pk, case.number, case.item_code, case.applicant_id, wait_id=noted.wait_id)
        )
    cmd.note_digest(text=noted.text.strip())

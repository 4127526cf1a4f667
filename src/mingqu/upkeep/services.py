"""Announcements, planned stops, and what became of backups and drills."""

from uuid import UUID, uuid5

from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant
from mingqu.upkeep import rules, selectors
from mingqu.upkeep.errors import NoticeOver
from mingqu.upkeep.models import Announcement, KeptRun, PlannedStop
from mingqu.upkeep.types import EndedRun, NewAnnouncement, NewStop

OPERATOR = Actor.system("command_line")


def note_run(run: EndedRun, *, at: Instant) -> UUID:
    """That a backup or a drill ended; by the command line alone, which has the machine anyway."""
    run_id, action = new_id(), "system.backup" if run.what == "backup" else "system.drill"
    access.require_may(OPERATOR, action)
    with command(action, run_id, by=OPERATOR, at=at, key=run_id) as cmd:
        KeptRun(
            id=run_id,
            what=run.what,
            ok=run.ok,
            name=run.name,
            reason=run.reason[:400],
            began_at=run.began_at,
            ended_at=at,
            rows=run.rows,
            files=run.files,
            size=run.size,
        ).save(force_insert=True)
        cmd.note(ok=run.ok, name=run.name, rows=run.rows, files=run.files)
        cmd.done(None)
    return run_id


def announce(*, announcement: NewAnnouncement, by: Actor, at: Instant, key: UUID) -> UUID:
    """Words above every page from then until then. Raises WordsMissing, TimesWrong or NotAuthorised."""
    rules.check_announcement(announcement.text, announcement.shown_from, announcement.shown_until, at)
    notice_id = uuid5(by.id, f"announcement:{key}")
    with command("system.announce", notice_id, by=by, at=at, key=key) as cmd:
        access.require_may(by, "system.announce")
        if not cmd.repeated:
            Announcement(
                id=notice_id,
                text=announcement.text.strip(),
                text_en=announcement.text_en.strip(),
                shown_from=announcement.shown_from,
                shown_until=announcement.shown_until,
                written_at=at,
            ).save(force_insert=True)
            cmd.note(text=announcement.text.strip(), until=announcement.shown_until)
            cmd.done(None)
    selectors.forget()
    return notice_id


def withdraw_announcement(*, notice_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """From now on nobody sees it. Raises NoticeOver or NotAuthorised."""
    with command("system.withdraw_announcement", notice_id, by=by, at=at, key=key) as cmd:
        access.require_may(by, "system.withdraw_announcement")
        if not cmd.repeated:
            row = Announcement.objects.select_for_update().filter(pk=notice_id).first()
            if row is None or row.withdrawn_at is not None or row.shown_until <= at:
                raise NoticeOver()
            row.withdrawn_at = at
            row.save(update_fields=["withdrawn_at"])
            cmd.done(None)
    selectors.forget()


def plan_stop(*, stop: NewStop, by: Actor, at: Instant, key: UUID) -> UUID:
    """
    A time in which the site is closed or can be read only; told three days before, or at once. No clock stops for it.

    Raises WordsMissing, TimesWrong, StopTooLong or NotAuthorised.
    """
    rules.check_stop(stop.reason, stop.begins_at, stop.ends_at, at)
    scope = PlannedStop.Scope(stop.scope)
    stop_id = uuid5(by.id, f"stop:{key}")
    with command("system.plan_stop", stop_id, by=by, at=at, key=key) as cmd:
        access.require_may(by, "system.plan_stop")
        if not cmd.repeated:
            PlannedStop(
                id=stop_id,
                scope=scope,
                reason=stop.reason.strip(),
                begins_at=stop.begins_at,
                ends_at=stop.ends_at,
                told_from=stop.begins_at - rules.TOLD_BEFORE,
                written_at=at,
            ).save(force_insert=True)
            cmd.note(scope=scope.value, begins=stop.begins_at, ends=stop.ends_at, reason=stop.reason.strip())
            cmd.done(None)
    selectors.forget()
    return stop_id


def prolong_stop(*, stop_id: UUID, ends_at: Instant, by: Actor, at: Instant, key: UUID) -> None:
    """It lasts longer than was told. Raises NoticeOver, TimesWrong, StopTooLong or NotAuthorised."""
    with command("system.prolong_stop", stop_id, by=by, at=at, key=key) as cmd:
        access.require_may(by, "system.prolong_stop")
        if not cmd.repeated:
            row = _unended(stop_id, at)
            rules.check_stop(row.reason, row.begins_at, ends_at, at)
            row.ends_at = ends_at
            row.save(update_fields=["ends_at"])
            cmd.note(ends=ends_at)
            cmd.done(None)
    selectors.forget()


def end_stop(*, stop_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """Ended before its time, or called off before it began. Raises NoticeOver or NotAuthorised."""
    with command("system.end_stop", stop_id, by=by, at=at, key=key) as cmd:
        access.require_may(by, "system.end_stop")
        if not cmd.repeated:
            row = _unended(stop_id, at)
            row.ended_at = at
            row.save(update_fields=["ended_at"])
            cmd.note(called_off=at < row.begins_at)
            cmd.done(None)
    selectors.forget()


def _unended(stop_id: UUID, at: Instant) -> PlannedStop:
    row = PlannedStop.objects.select_for_update().filter(pk=stop_id).first()
    if row is None or row.ended_at is not None or row.ends_at <= at:
        raise NoticeOver()
    return row

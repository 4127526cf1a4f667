"""
The demo district 澜州市清禾区: fictional, made by the commands of production, loaded into a demo installation only.

`load()` is idempotent; `summary()` says which accounts there are.
"""

import os

from django.conf import settings
from django.utils import timezone

CASES = "20000"


def load(cases: int | None = None) -> None:
    """
    Regions, district, people and their applications, a history of so many cases (0: none; MINGQU_DEMO_CASES when not
    said). Raises RuntimeError outside a demo installation.
    """
    cases = int(os.environ.get("MINGQU_DEMO_CASES", CASES)) if cases is None else cases
    if not settings.MINGQU_DEMO:
        raise RuntimeError("demo data never loads into a real site")
    from mingqu.config.commands.installation import progress
    from mingqu.config.demo import (
        acting,
        applications,
        bulk,
        district,
        figures,
        hall,
        history,
        licences,
        lists_in_force,
        looking,
        moving,
        names_differ,
        near_home,
        neighbour,
        reform,
        stories,
        supervision,
        together,
        walk_ins,
    )
    from mingqu.config.demo.history.making import FOOD
    from mingqu.kernel import regions

    at = timezone.now()
    regions.load_demo_district()
    progress("departments, posts, services")
    district.build(at)
    if cases and history.first_revision(at):
        lists_in_force.build(at)
        history.tell_before(at, progress)
    if moving.first_revision(at):
        lists_in_force.build(at)
        moving.tell_before(at, progress)
    district.publish(at, {FOOD: at - history.REVISED})
    lists_in_force.build(at)
    stories.tell(at, progress)
    supervision.tell(at, progress)
    walk_ins.tell(at, progress)
    licences.tell(at, progress)
    together.tell(at, progress)
    names_differ.tell(at, progress)
    looking.tell(at, progress)
    acting.tell(at, progress)
    applications.tell(at, progress)
    bulk.tell(at, progress)
    near_home.tell(at, progress)
    reform.tell(at)
    hall.build(at, progress)
    neighbour.build(at, progress)
    if cases:
        history.pour(at, cases, progress)
    figures.count(at, progress)


def summary() -> list[str]:
    """Lines for the person who started the demo."""
    from mingqu.config.demo import district, stories

    base = settings.MINGQU_BASE_URL
    lines = [
        "People sign in with a telephone number; the code appears at " + f"{base}/double/sms/",
        *(f"  {story.phone}  {story.person}  {story.shop}" for story in stories.STORIES[:5]),
        "  19900000086  邱晓岚  acts for her mother; 19900000081  沈立行  represents a firm",
        "  19900000082  叶知秋  acts for that firm, with ten applications in one table",
        f"Staff sign in at {base}/staff/sign-in/ with this password: {district.PASSWORD}",
        *(f"  {seat.username:12} {seat.person}  {seat.name}" for seat in district.SEATS),
        f"Their one-time codes are shown at {base}/double/codes/",
        f"In the hall: {base}/display/?hall=QH-HALL (screen), {base}/kiosk/ (self-service), "
        f"{base}/hall/terminal/ (numbers)",
    ]
    return lines

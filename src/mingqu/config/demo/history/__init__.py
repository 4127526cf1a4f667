"""
Eighteen months of the district before today: some twenty thousand cases, relative to the day the demo is made.

Of every way a case may stand one is filed and handled by the commands of production; the others are its copies, written
by COPY: other people, other days, numbers of the same series, a ledger of their own under signed checkpoints. What is
not there of them: messages and papers, which nobody reads any more and which would take hours to typeset, and the keys
of the commands.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from mingqu.catalogue import services as catalogue
from mingqu.catalogue.files import read_document
from mingqu.catalogue.models import ServiceItem
from mingqu.config.demo.district import DEFINITIONS, SYSTEM, form_files, key
from mingqu.config.demo.history import ledger
from mingqu.config.demo.history.cases import Made, Pouring
from mingqu.config.demo.history.making import BEFORE, FOOD, KINDS, Kind
from mingqu.config.demo.history.patterns import read
from mingqu.config.demo.history.ways import Way, days_before, filed, made, person, staff_of, ways_of
from mingqu.kernel.commands import command
from mingqu.kernel.ledger import SEAL_LOCK
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import CommandRecord
from mingqu.kernel.types import Instant

BEGAN = timedelta(days=570)  # the first revision of 食品经营许可
REVISED = timedelta(days=210)  # and the one in force
ROOT = key("history")
PROMISED, VISITS = 15, 2  # of the first revision
COPY_OF_IDENTITY = {
    "code": "id-copy",
    "name": "身份证复印件",
    "explain": "正反面印在一张纸上。",
    "accept": ["pdf", "jpg", "png", "heic"],
    "where": "自己复印。",
    "check": ["与本人一致"],
}


def first_revision(at: Instant) -> bool:
    """食品经营许可 as it was until seven months ago: more days, more paper, two visits. Whether it is new."""
    if ServiceItem.objects.filter(code=FOOD).exists():
        return False
    document = read_document((DEFINITIONS / "food-licence.yaml").read_bytes())
    handling = document["handling"][0]
    handling.pop("scenarios")
    handling["clocks"]["promised"]["limit"] = PROMISED
    handling["visits"] = VISITS
    handling["not_needed"] = [
        one for one in handling["not_needed"] if one["name"] != COPY_OF_IDENTITY["name"]
    ]
    handling["materials"].append(COPY_OF_IDENTITY)
    catalogue.publish_revision(
        document=document, by=SYSTEM, at=at - BEGAN, key=key(f"revision-before:{FOOD}"), files=form_files()
    )
    return True


def tell_before(at: Instant, progress: Callable[[str], None]) -> None:
    """The cases that are copied of the time before the revision in force; while the first one is."""
    day = days_before(legal_day(at - REVISED), 20)
    for way in ways_of(BEFORE):
        made(BEFORE, way, day, person(staff_of(BEFORE)["window"], at))
    progress("history: before the revision of 食品经营许可")


def pour(at: Instant, cases: int, progress: Callable[[str], None]) -> None:
    """All of them, once and for all, in one transaction: a load that was ended begins anew."""
    if CommandRecord.objects.filter(root_id=ROOT).exists():
        return
    with transaction.atomic():
        with connection.cursor() as held:
            held.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
        _patterns(at)
        progress("history: a case of each way")
        with connection.connection.cursor() as cursor:
            patterns: Made = {(kind, way): read(cursor, case) for kind, way, case in _patterns(at)}
            pouring = Pouring(cursor, patterns, days_before(legal_day(at), 1), legal_day(at - REVISED))
            pouring.pour(cases)
            progress(f"history: {cases:,} cases")
            ledger.seal(cursor, pouring.entries, at)
        with command("demo.pour_history", ROOT, by=SYSTEM, at=at, key=ROOT) as cmd:
            cmd.note(cases=cases, entries=len(pouring.entries))
            cmd.done(None)
    progress(f"history: {len(pouring.entries):,} entries of the ledger under checkpoints")


def _patterns(at: Instant) -> list[tuple[Kind, Way, Any]]:
    applicant = person(staff_of(BEFORE)["window"], at)
    return [
        (kind, way, made(kind, way, _first(way, at), applicant))
        for kind in KINDS
        if not kind.before or _was_before()
        for way in ways_of(kind)
    ]


def _was_before() -> bool:
    """Whether there are cases of the first revision: not where the demo is older than this history."""
    first, *_others = ways_of(BEFORE)
    return filed(BEFORE, first) is not None


def _first(way: Way, at: Instant) -> date:
    """So long ago that everything that happened to it is over."""
    return days_before(legal_day(at), way.life + 1)

"""
The services of the demo's history, and one case of them that is really filed and taken on by the commands of
production. All such cases are one person's, who came with the same shop each time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from mingqu.cases import services
from mingqu.cases.models import Case
from mingqu.cases.services import notices, window
from mingqu.cases.services.files import Holder, Upload, add_draft_files
from mingqu.cases.types import Finding, Served
from mingqu.catalogue import selectors as catalogue
from mingqu.clocks import selectors as clocks
from mingqu.config.demo.district import key
from mingqu.config.demo.stories import HOT, picture
from mingqu.config.demo.walk_ins import WALK_INS
from mingqu.documents import services as documents
from mingqu.evaluation import services as evaluation
from mingqu.forms import services as forms
from mingqu.identity import services as identity
from mingqu.kernel import relay
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import BEIJING, legal_day
from mingqu.kernel.types import Actor, CommandKey, Instant
from mingqu.notifications.services.service import record_service
from mingqu.process import selectors as tasks

FOOD, SIGN, DRAIN = "QH-SPJYXK", "QH-HWZP", "QH-PSXK"
PERSON, PHONE, SHOP = "钱满仓", "19900000099", "满仓小馆"
WINDOW = ("QH-HALL-03", "chuangkou")

MORNING = time(9, 20)
UNSERVED = ("accepted", "deciding")  # whose notice nobody has fetched yet
FOOD_ANSWERS = {
    "shop_name": SHOP,
    "premises": "青澜街道示例路18号",
    "area_m2": 48,
    "seats": 18,
    "manager_name": PERSON,
    "manager_phone": "19900000099",
}


@dataclass(frozen=True, eq=False)
class Kind:
    """A service and the hand it comes through. `officers`: who does which step, in order, and decides."""

    code: str
    share: int  # of a hundred cases
    officers: tuple[tuple[str, str, str], ...]
    situation: Mapping[str, Any]
    answers: Mapping[str, Any] = field(repr=False)
    online: bool = False
    decided_after: int = 5  # working days from the receipt
    revised: bool = False  # there are two revisions of it
    before: bool = False  # asked under the first


def _walk_in(code: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """As the one who came to the window, but for the shop and its owner."""
    found = next(one for one in WALK_INS if one.item == code)
    return found.situation, dict(found.answers) | {"shop_name": SHOP, "contact_name": PERSON}


FOOD_OFFICERS = (
    ("check", "SCJG-SPXK-01", "chengban"),
    ("fitness", "SCJG-QLS", "shichangsuo"),
    ("decide", "SCJG-LEAD", "juzhang"),
)
SIGN_OFFICERS = (
    ("check", "CGJ-SRHJ-01", "chengguan"),
    ("verify", "CGJ-SH", "chengguansh"),
    ("decide", "CGJ-LEAD", "chengguanju"),
)
DRAIN_OFFICERS = (
    ("check", "SWJ-PS-01", "shuiwu"),
    ("verify", "SWJ-SH", "shuiwush"),
    ("decide", "SWJ-LEAD", "shuiwuju"),
)
NOW = Kind(FOOD, 45, FOOD_OFFICERS, HOT, FOOD_ANSWERS, online=True, decided_after=4, revised=True)
BEFORE = Kind(
    FOOD,
    45,
    FOOD_OFFICERS,
    {name: value if isinstance(value, list) else [value] for name, value in HOT.items()},
    FOOD_ANSWERS,
    decided_after=11,
    revised=True,
    before=True,
)
KINDS = (
    NOW,
    BEFORE,
    Kind(SIGN, 35, SIGN_OFFICERS, *_walk_in(SIGN), decided_after=3),
    Kind(DRAIN, 20, DRAIN_OFFICERS, *_walk_in(DRAIN), decided_after=3),
)


def key_of(kind: Kind, way: str, what: str) -> CommandKey:
    return key(f"history:{kind.code}:{kind.before}:{way}:{what}")


@dataclass
class Making:
    """One case under way. `first`: the day it is received on."""

    kind: Kind
    way: str
    person_id: UUID
    staff: Mapping[str, Actor]
    first: date
    case_id: UUID = field(default=UUID(int=0))

    def at(self, days: int, hour: int = 0) -> Instant:
        """In the morning, so many working days after the receipt, and so many hours later."""
        day = clocks.current_calendar().add_working_days(self.first, days) if days else self.first
        moment = datetime.combine(day, MORNING, BEIJING)
        return moment.replace(hour=MORNING.hour + hour)

    def key(self, what: str) -> CommandKey:
        return key_of(self.kind, self.way, what)

    @property
    def citizen(self) -> Actor:
        return Actor("citizen", self.person_id)

    # --- deeds ------------------------------------------------------------------------------

    def file(self) -> None:
        self.case_id = self._online() if self.kind.online else self._at_window()
        self.told()

    def accept(self) -> None:
        services.accept_case(
            case_id=self.case_id, by=self.staff["window"], at=self.at(0, 1), key=self.key("accept")
        )
        self.told()
        if not self.kind.online and self.way not in UNSERVED:
            self._hand_over_notice()

    def review(self, steps: int) -> None:
        """The first steps, a day each from the day after the receipt."""
        for days, (step, _post, _user) in enumerate(self.kind.officers[:-1][:steps], start=1):
            task = next(one for one in tasks.open_tasks(self.case_id) if one.step == step)
            services.complete_step(
                case_id=self.case_id,
                task_id=task.task_id,
                finding=Finding("met", "符合要求。"),
                by=self.staff[step],
                at=self.at(days, 2),
                key=self.key(step),
            )

    def decide(self, outcome: str = "granted") -> None:
        services.decide_case(
            case_id=self.case_id,
            outcome=outcome,
            reasons="" if outcome == "granted" else "经营场所与申请材料不一致，不符合规定的条件。",
            by=self.staff["decide"],
            at=self.at(self.kind.decided_after, 3),
            key=self.key("decide"),
        )
        self.told()

    def deliver(self) -> None:
        """Electronically on the same day; at the window two working days later."""
        served, by = Served.electronic(), Actor.system("delivery")
        days, hour = self.kind.decided_after, 4
        if not self.kind.online:
            served, by, days, hour = Served.at_window(PERSON), self.staff["window"], days + 2, 1
        services.deliver_case(
            case_id=self.case_id, served=served, by=by, at=self.at(days, hour), key=self.key("deliver")
        )
        self.told()

    def rate(self, level: int) -> None:
        reasons = ("speed",) if level < 3 else ()
        evaluation.rate_case(
            case_id=self.case_id,
            answer=evaluation.Answer(level, reasons, ""),
            by=self.citizen,
            at=self.at(self.kind.decided_after + 3),
            key=self.key("rate"),
        )
        self.told()

    def archive(self) -> None:
        services.archive_case(
            case_id=self.case_id,
            by=self.staff["check"],
            at=self.at(self.kind.decided_after + 4),
            key=self.key("archive"),
        )

    def told(self) -> None:
        """What follows of it, in its order: without the relay the certificate would be noted after the archiving."""
        case = Case.objects.only("certificate_id").get(pk=self.case_id)
        for root in (self.case_id, case.certificate_id):
            if root:
                relay.deliver_root(root, self.at(0))

    def _hand_over_notice(self) -> None:
        """
        受理通知书, taken along from the window. The paper itself is set by a job, long after all this; of the past it
        is known that it was there.
        """
        at, key = self.at(0, 1), self.key("serve")
        served = Served.at_window(PERSON)
        with command("case.serve", self.case_id, by=self.staff["window"], at=at, key=key) as cmd:
            (asked,) = documents.requests_of(self.case_id, ("acceptance_notice",))
            paper = (self.case_id, asked.id, asked.kind)
            record_service(notices.service_of(*paper, served, legal_day(at), at))
            cmd.note(way=served.way, paper=asked.kind, served_on=legal_day(at))
            cmd.done(None)

    # --- the two ways in --------------------------------------------------------------------

    def _online(self) -> UUID:
        item, definition = catalogue.current_definition(self.kind.code)
        assert item.current is not None
        context = {"revision_id": str(item.current_id), "handling": "01", "delivery": "electronic"}
        started = forms.start_draft(
            about=self.kind.code,
            form_digest=item.current.digest,
            context=context | {"situation": dict(self.kind.situation)},
            by=self.citizen,
            at=self.at(0),
            answers=self.kind.answers,
        )
        for material in catalogue.situation_of_answers(definition, self.kind.situation).materials:
            add_draft_files(
                draft_id=started.draft_id,
                material=material.code,
                uploads=[Upload(f"{material.name}.png", picture(material.name, "样本"))],
                holder=Holder(self.citizen),
                at=self.at(0),
            )
        services.file_case(
            draft_id=started.draft_id,
            base_version=started.version,
            by=self.citizen,
            at=self.at(0),
            key=self.key("file"),
        )
        return started.draft_id

    def _at_window(self) -> UUID:
        clerk, at = self.staff["window"], self.at(0)
        by = identity.assisting(clerk, self.person_id)
        started = window.begin(
            item_code=self.kind.code, handling="01", answers=self.kind.situation, by=by, at=at
        )
        draft_id = started.draft_id
        saved = forms.save_draft(
            draft_id=draft_id, changes=self.kind.answers, base_version=started.version, by=by, at=at
        )
        needed = window.open_draft(draft_id=draft_id, by=by, at=at).provided
        seen = {one.material.code: True for one in needed}
        marked = window.mark_originals(draft_id=draft_id, seen=seen, by=by, at=at)
        services.file_at_window(
            draft_id=draft_id,
            base_version=(marked or saved).version,
            applicant_id=self.person_id,
            by=clerk,
            at=at,
            key=self.key("file"),
        )
        return draft_id

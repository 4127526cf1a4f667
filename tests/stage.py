"""
The houses that pages are looked at in: a full one, where everything there is can be shown, and an empty one.

All of it made by the commands of production, at times around now. People are found by a word: `citizen` has a case
in every state, `newcomer` nothing, `rare` a long name with characters few fonts have; staff by their role.
"""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from mingqu.across.tests import stage as across
from mingqu.cases.tests import factories as f
from mingqu.documents import services as documents
from mingqu.exchange.tests import stage as others
from mingqu.federation.tests import stage as upward
from mingqu.identity import services as identity
from mingqu.identity.models import RoleGrant, User
from mingqu.identity.roles import roles
from mingqu.identity.services import second_factor
from mingqu.identity.services.regions import mark_training
from mingqu.identity.tests import factories as people
from mingqu.identity.tests import stage as organisations
from mingqu.insight import services as insight
from mingqu.insight.types import Span
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.regions import load_demo_district
from mingqu.kernel.types import Actor
from mingqu.law.services import import_laws
from mingqu.law.tests.made import TEXTS as LAW_TEXTS
from mingqu.outreach.tests import stage as outreach
from mingqu.payments.tests import stage as fees
from mingqu.portal.tests import samples
from tests.house.bundles import made_bundles
from tests.house.cases import drafts, failures, made_cases, many_at_once, promises, stuck_ones
from tests.house.certificates import what_follows
from tests.house.definitions import awaited_change, definitions, imports, item_imports, reviews
from tests.house.desk import at_the_desk, outside_the_range
from tests.house.hall import made_hall
from tests.house.lists import made_lists
from tests.house.stage import ORGAN, PHONE, RARE_NAME, TOTP, Stage, actor

__all__ = ["PHONE", "TOTP", "Stage", "empty_house", "full_house"]


def empty_house() -> Stage:
    """Nothing published, nobody has applied."""
    made = Stage()
    _people(made, None)
    return made


def full_house() -> Stage:
    """Services, cases in every state, papers, certificates, messages, failures."""
    made, w, now = Stage(), f.world(f.drawn_food_licence()), timezone.now()
    made.users["citizen"] = User.objects.get(pk=w.citizen.user_id)
    made.users["own_reviewer"] = User.objects.get(
        pk=w.reviewer.user_id
    )  # hold the posts the definition names
    made.users["own_leader"] = User.objects.get(pk=w.leader.user_id)
    _people(made, w.bureau)
    documents.provide_organ_key(
        founding=True, organ_code="QH-SCJG", organ_name=ORGAN, by=f.SYSTEM, at=now, key=new_id()
    )
    samples.many(25)
    made_cases(made, w, now)
    drafts(made, w, now)
    promises(made, w, now)
    made_bundles(made, w, now)
    at_the_desk(made, w, now)
    outside_the_range(made, w, now)
    made_hall(made, w, now)
    _payments(made, w, now)
    _exchange(made, w, now)
    failures(made, now)
    what_follows(made, now)
    imports(made)
    many_at_once(made, now)
    stuck_ones(made, w, now)
    outreach.made(made, w, now)
    across.made(made, w, now)
    definitions(made, w, now)
    import_laws(LAW_TEXTS, by=f.SYSTEM, at=now)
    awaited_change(now)
    reviews(made, now)
    item_imports(made, now)
    load_demo_district()
    made_lists(made, now)
    mark_training(region_code="990104100201", on=True, by=people.SYSTEM, at=now, key=new_id())
    insight.rebuild(now)
    today = legal_day(now)
    insight.make_reports("day", Span(today, today), now)
    made.ids["report"] = insight.report_id("day", today, w.bureau)
    upward.made(now)
    officer = made.users["system_officer"]
    post = officer.holdings.get().post_id
    by = Actor("staff", officer.person_id, post_id=post, user_id=officer.pk)
    made.ids |= organisations.made(by, now)
    return made


def _people(made: Stage, bureau: UUID | None) -> None:
    bureau = bureau or people.department()
    made.ids["organ"] = bureau
    for role in roles():
        post = people.post(bureau, role, name=f"{role}岗")
        made.users[role] = people.staff_user("周敏", post)
        if role == "reviewer":
            made.ids["post"], made.ids["grant"] = post, RoleGrant.objects.get(post_id=post).pk
    made.users["no_post"] = people.staff_user("无岗")
    made.users["half_way"] = people.staff_user("初来", people.post(bureau, "reviewer"))
    made.users["known"] = people.staff_user(
        "吴岚", people.post(bureau, "reviewer"), people.post(bureau, "approver")
    )
    second_factor.seed_totp(
        user_id=made.users["known"].pk, secret=TOTP, by=people.SYSTEM, at=people.NOON, key=new_id()
    )
    made.users["newcomer"] = identity.open_account(phone=people.phone(), at=people.NOON)
    made.users["rare"] = people.citizen(RARE_NAME)[0]


def _payments(made: Stage, w: f.World, now: datetime) -> None:
    """Fees of the citizen in each state, a day with differences, the bank's pages."""
    clerk = actor(made.users["window_clerk"])
    finance = actor(made.users["finance_officer"])
    made.words |= fees.made(w.citizen, w.bureau, (w.reviewer, clerk, finance), now)


def _exchange(made: Stage, w: f.World, now: datetime) -> None:
    """Matters in other systems in each standing, a reconciled day with differences."""
    clerk, steward = actor(made.users["window_clerk"]), actor(made.users["data_steward"])
    made.words |= others.made(w.bureau, clerk, steward, now)
    made.words |= others.her_own(w.bureau, made.cases["accepted"], made.numbers["accepted"], now)
    made.ids |= {"ex_file": UUID(made.words["ex_file"]), "ex_waiting": UUID(made.words["ex_her_file"])}

"""
What several departments handle together in 清禾区: a restaurant that is being opened (一件事) and a project. Filed and
registered as in production; the parts of the bundle follow when the demo runs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mingqu.cases.bundles import selectors as questions
from mingqu.cases.bundles import services as bundles
from mingqu.cases.bundles.services.drafts import open_draft
from mingqu.cases.bundles.services.files import add_draft_files
from mingqu.cases.bundles.services.promises import sign_commitment
from mingqu.cases.bundles.types import NewProject, OutsideResult
from mingqu.cases.services.files import Upload
from mingqu.cases.types import BY_POST, Addressee, CommitmentInput
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.config.demo import licences
from mingqu.config.demo.district import REGION, key
from mingqu.config.demo.stories import picture
from mingqu.forms import services as forms
from mingqu.identity import selectors as people
from mingqu.identity import services as identity
from mingqu.identity.types import NewFirm
from mingqu.kernel.identifiers import CitizenNumber, CreditCode
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant

CODE = "QH-KCYD"
PERSON, PHONE, FIRM = "韩清和", "19900000031", "澜州市清和餐饮有限公司"
SITUATION = {
    "subject": "firm",
    "open_fire": "no",
    "above_homes": "no",
    "foods": ["hot", "cold", "drink"],  # cold dishes and a sign on the roof: two departments come to look
    "fire_area": "small",
    "signboard": "large",
    "sign_place": "roof",
    "discharge": "yes",
    "outlet": "sewer",
}
ANSWERS = {
    "shop_name": FIRM,
    "reserved_name": FIRM,
    "reserved_number": "ZZSB2026031",
    "premises": "青澜街道示例路31号",
    "contact_name": PERSON,
    "contact_phone": PHONE,
    "food": {"area_m2": 120, "seats": 40, "manager_name": PERSON},
    "sign": {"sign_text": "清和小馆", "sign_width_m": 10, "sign_height_m": 1.2},
    "drainage": {"water_m3": 4, "outlet_place": "后门右侧3米的污水井"},
}
HER_DOOR = Addressee(PERSON, PHONE, "清禾区青澜街道示例路31号后门")
# Two that wait in other systems: a licence and a birth registration, both handed over by a connection.
OPENER, OPENER_PHONE, OPENED = "苏望清", "19900000032", "澜州市望清餐饮有限公司"
PARENT, PARENT_PHONE, BORN = "顾云禾", "19900000033", "QH-XSE"
BORN_SITUATION = {
    "certificate": "yes",
    "parents": "both",
    "follows": "mother",
    "peoples": "same",
    "insured": "no",
}
BORN_ANSWERS = {
    "child_name": "顾小禾",
    "guardian_name": PARENT,
    "guardian_phone": PARENT_PHONE,
    "card": {"address": "青澜街道示例路33号"},
}
PROMISED, LATER = "food--safety-rules", "sign--premises-right"
PROJECT, PROJECT_CODE = "清禾第二小学教学楼", "2026-990104-83-01-000002"
STAGE = "QH-SGXKJD"
OWNER = "澜州市清禾区教育发展中心"
OWNER_CODE = str(CreditCode.build("1", "2", "990104", "MB000061"))
HANDLER, HANDLER_PHONE = "陆建明", "19900000041"


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """One bundle with its outside result, one project; those there already are left as they are."""
    filed_at = at - timedelta(days=2)
    citizen = citizen_of(filed_at)
    if not questions.bundles_of(citizen.id, limit=1):
        bundle_id = file(citizen, filed_at, Wanted(CODE, SITUATION, ANSWERS, to=HER_DOOR))
        result = OutsideResult(
            "granted", "990104000000031", str(CreditCode.build("9", "1", "990104", "MA000031")), FIRM
        )
        bundles.record_result(
            bundle_id=bundle_id,
            code="licence",
            result=result,
            by=officer_at("QH-HALL-03", "chuangkou"),
            at=at - timedelta(days=1),
            key=key(f"licence:{bundle_id}"),
        )
        progress("opening a restaurant (business licence entered)")
    _in_other_systems(filed_at, progress)
    _project(filed_at)


def _in_other_systems(at: Instant, progress: Callable[[str], None]) -> None:
    """Filed and left there: the worker hands the one over, the other waits for its sheet to be typed in."""
    opener = citizen_of(at, OPENER, OPENER_PHONE, "032")
    if not questions.bundles_of(opener.id, limit=1):
        own = {"shop_name": OPENED, "reserved_name": OPENED, "reserved_number": "ZZSB2026032"}
        answers = ANSWERS | own | {"contact_name": OPENER, "contact_phone": OPENER_PHONE}
        file(opener, at, Wanted(CODE, SITUATION, answers))
        progress("opening a restaurant (business licence in the provincial system)")
    parent = citizen_of(at, PARENT, PARENT_PHONE, "033")
    if not questions.bundles_of(parent.id, limit=1):
        born_on = legal_day(at - timedelta(days=9)).isoformat()
        file(parent, at, Wanted(BORN, BORN_SITUATION, BORN_ANSWERS | {"born_on": born_on}, ()))
        progress("a child is born (birth registration in the system of the police)")


def _project(at: Instant) -> None:
    """A school is to be built: the owner, its handler and the stage are registered; she files it herself."""
    clerk, post = officer_at("QH-HALL-03", "chuangkou"), people.post_by_code("ZJJ-XM")
    handler = citizen_of(at, HANDLER, HANDLER_PHONE, "041")
    owner = identity.create_firm(
        draft=NewFirm(OWNER, OWNER_CODE), by=clerk, at=at, key=key(f"firm:{OWNER_CODE}")
    )
    made = bundles.register_project(
        draft=NewProject(PROJECT, handler.id, REGION, PROJECT_CODE, owner),
        department_id=post.department.id,
        by=clerk,
        at=at,
        key=key(f"project:{PROJECT}"),
    )
    licences.planning_permit(OWNER, OWNER_CODE, PROJECT, at)
    bundles.open_stage(
        project_id=made.project_id, code=STAGE, by=clerk, at=at, key=key(f"stage:{PROJECT}:{STAGE}")
    )


def officer_at(code: str, username: str) -> Actor:
    account, post = people.staff_account(username), people.post_by_code(code)
    return Actor("staff", account.person_id, post_id=post.id, user_id=account.id)


def citizen_of(at: Instant, name: str = PERSON, phone: str = PHONE, order: str = "031") -> Actor:
    user = people.citizen_with_phone(phone) or identity.open_account(phone=phone, at=at)
    actor = Actor("citizen", user.person_id, user_id=user.id, name=name)
    identity.declare_identity(
        person_id=user.person_id,
        name=name,
        citizen_number=str(CitizenNumber.build("990104", date(1985, 4, 9), order)),
        by=actor,
        at=at,
        key=key(f"person:{phone}"),
    )
    return actor


@dataclass(frozen=True)
class Wanted:
    """What is filed: situation and answers, and what is promised (kind, material)."""

    code: str
    situation: Mapping[str, Any]
    answers: Mapping[str, Any]
    promised: Sequence[tuple[str, str]] = (("promise", PROMISED), ("gap", LATER))
    project: str = ""  # number of the project a stage is asked for under
    sign: str = "清和小馆"  # what is written on the papers handed in
    to: Addressee | None = None  # asked to have all results sent there, in one parcel


def file(citizen: Actor, at: Instant, wanted: Wanted) -> UUID:
    of = catalogue.open_bundle(wanted.code)
    under = {"project": wanted.project} if wanted.project else {}
    started = forms.start_draft(
        about=wanted.code,
        form_digest="",
        context={
            **bundles.context_of(of, wanted.situation),
            **under,
            "delivery": BY_POST if wanted.to else "electronic",
        },
        by=citizen,
        at=at,
        answers=dict(wanted.answers),
    )
    draft_id = started.draft_id
    if wanted.to:
        forms.keep_aside(draft_id=draft_id, aside=wanted.to.words, by=citizen, at=at)
    for kind, code in wanted.promised:
        signed = CommitmentInput(kind, code, citizen.name, True)
        sign_commitment(draft_id=draft_id, commitment=signed, by=citizen, at=at)
    for one in open_draft(draft_id=draft_id, by=citizen, at=at).missing:
        upload = Upload(f"{one.material.name}.png", picture(one.material.name, wanted.sign))
        add_draft_files(draft_id=draft_id, material=one.code, uploads=[upload], by=citizen, at=at)
    bundles.file_bundle(
        draft_id=draft_id,
        base_version=open_draft(draft_id=draft_id, by=citizen, at=at).view.version,
        by=citizen,
        at=at,
        key=key(f"bundle:{draft_id}"),
    )
    return draft_id

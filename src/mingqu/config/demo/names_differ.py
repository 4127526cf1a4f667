"""
A bad day of 清禾区: the licence names one person, the lease another. Filed online for a sign of 城管; it waits at the
window, where the two papers lie beside each other and a correction is asked for.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from mingqu.cases import selectors as case_questions
from mingqu.cases import services as cases
from mingqu.cases.services.files import Holder, Upload, add_draft_files
from mingqu.catalogue import selectors as catalogue
from mingqu.config.demo.district import key
from mingqu.config.demo.stories import picture
from mingqu.config.demo.together import citizen_of
from mingqu.forms import services as forms
from mingqu.kernel.types import Actor, Instant

ITEM = "QH-HWZP"
PERSON, PHONE, SHOP, TENANT = "康慕云", "19900000034", "慕云茶铺", "康慕雨"
SITUATION = {"subject": "person", "sign_size": "large", "sign_place": "front"}
ANSWERS = {
    "shop_name": SHOP,
    "premises": "青澜街道示例路34号",
    "sign_text": SHOP,
    "sign_width_m": 8,
    "sign_height_m": 1.5,
    "contact_name": PERSON,
    "contact_phone": PHONE,
}
# What can be read on the papers, by material.
WRITTEN = {
    "business-licence": (f"经营者：{PERSON}", f"名称：{SHOP}"),
    "premises-right": (f"承租人：{TENANT}", "房屋：示例路34号"),
}


def tell(at: Instant, progress: Callable[[str], None]) -> None:
    """Filed once, the day before."""
    filed_at = at - timedelta(days=1)
    citizen = citizen_of(filed_at, PERSON, PHONE, "034")
    if not case_questions.cases_of(citizen.id, limit=1):
        _file(citizen, filed_at)
        progress(f"{SHOP} (licence and lease name different people)")


def _file(citizen: Actor, at: Instant) -> UUID:
    item, definition = catalogue.current_definition(ITEM)
    assert item.current is not None
    started = forms.start_draft(
        about=ITEM,
        form_digest=item.current.digest,
        context={
            "revision_id": str(item.current_id),
            "handling": definition.handling_item.code,
            "situation": SITUATION,
            "delivery": "electronic",
        },
        by=citizen,
        at=at,
        answers=dict(ANSWERS),
    )
    for material in catalogue.situation_of_answers(definition, SITUATION).materials:
        drawn = picture(material.name, SHOP, WRITTEN.get(material.code))
        add_draft_files(
            draft_id=started.draft_id,
            material=material.code,
            uploads=[Upload(f"{material.name}.png", drawn)],
            holder=Holder(citizen),
            at=at,
        )
    cases.file_case(
        draft_id=started.draft_id, base_version=started.version, by=citizen, at=at, key=key(f"file:{PHONE}")
    )
    return started.draft_id

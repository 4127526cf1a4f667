"""
Bundles for tests: each was really filed, its parts follow through the relay as in production.

`world()` adds the two other departments of 开餐饮店一件事 to the world of cases.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import mingqu.config
from mingqu.cases import selectors
from mingqu.cases import services as cases
from mingqu.cases.bundles import services
from mingqu.cases.bundles.types import OutsideResult
from mingqu.cases.discretion import selectors as discretion
from mingqu.cases.models import Bundle, BundlePart, Case
from mingqu.cases.services.discretion import Choice, Setting
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Finding
from mingqu.catalogue import services as catalogue_services
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.catalogue.bundles import services as bundle_services
from mingqu.documents import services as documents
from mingqu.forms import services as forms
from mingqu.kernel import relay
from mingqu.kernel.identifiers import CreditCode
from mingqu.kernel.ids import new_id
from mingqu.kernel.tests.made_once import made_once
from mingqu.kernel.types import Actor
from mingqu.kernel.yaml_text import read_yaml
from mingqu.process import selectors as tasks

DEMO = Path(mingqu.config.__file__).parent / "demo"
BUNDLE = DEMO / "bundles/open-a-restaurant.yaml"
NOON, DAY = f.FRIDAY_NOON, f.DAY
CODE = "QH-KCYD"
SITUATION = {
    "subject": "firm",
    "open_fire": "no",
    "above_homes": "no",
    "foods": ["hot"],
    "fire_area": "small",
    "signboard": "large",
    "sign_place": "front",
    "discharge": "yes",
    "outlet": "sewer",
}
ANSWERS = {
    "shop_name": "望渠小馆",
    "reserved_name": "澜州市望渠餐饮有限公司",
    "reserved_number": "ZS20260007",
    "premises": "青澜街道望渠路5号",
    "contact_name": "李晓禾",
    "contact_phone": "19900001234",
    "food": {"area_m2": 60, "seats": 20, "manager_name": "李晓禾"},
    "sign": {"sign_text": "望渠小馆", "sign_width_m": 6, "sign_height_m": 2},
    "drainage": {"water_m3": 3, "outlet_place": "后门左侧2米的污水井"},
}
CREDIT_CODE = str(CreditCode.build("9", "1", "990104", "MA000007"))
ROLES = ("reviewer", "checker", "approver")
OTHER_CODE = str(CreditCode.build("9", "1", "990104", "MA000008"))


@dataclass
class World:
    base: f.World
    other: dict[str, Actor] = field(default_factory=dict)

    @property
    def clerk(self) -> Actor:
        return self.base.clerk

    @property
    def citizen(self) -> Actor:
        return self.base.citizen

    def does(self, case: Case, step: str) -> Actor:
        """Who does this step of this case."""
        post = f.cases.definition_of(case).step(step).post
        return (
            self.other.get(post)
            or {
                "SCJG-SPXK-01": self.base.reviewer,
                "SCJG-SPXK-SH": self.base.checker,
                "SCJG-HC": self.base.inspector,
                "SCJG-QLS": self.base.station,
                "SCJG-LEAD": self.base.leader,
            }[post]
        )


def world(base: f.World | None = None, **changes) -> World:
    """The five departments; the bundle as the demo publishes it, with `changes` at its top."""
    return _world_of(base, **changes) if base else _known_world(**changes)


@made_once
def _known_world(**changes) -> World:
    return _world_of(f.world(), **changes)


def _world_of(base: f.World, **changes) -> World:
    made = World(base)
    for code, name, number, posts in (
        ("QH-CGJ", "澜州市清禾区城市管理局", "11990104MB00000354", ("CGJ-SRHJ-01", "CGJ-SH", "CGJ-LEAD")),
        ("QH-SWJ", "澜州市清禾区水务局", "11990104MB0000043Y", ("SWJ-PS-01", "SWJ-SH", "SWJ-LEAD")),
        ("QH-XFJY", "清禾区消防救援大队", "11990104MB00001660", ("XFJY-JC-01", "XFJY-HC", "XFJY-LEAD")),
    ):
        organ = f._department(code, name, None, number)
        for post, role in zip(posts, ROLES, strict=True):
            made.other[post] = f._post(post, post, organ, "reviewer" if post == "XFJY-HC" else role, organ)
    for name in ("fire-check", "outdoor-sign", "drainage"):
        catalogue_services.publish_revision(
            document=_parsed(DEMO / f"definitions/{name}.yaml"), by=f.SYSTEM, at=f.people.NOON, key=uuid4()
        )
    publish(**changes)
    return made


def seal_all() -> None:
    """Keys of the three organs, where a test has papers made."""
    for code in ("QH-SCJG", "QH-CGJ", "QH-SWJ"):
        documents.provide_organ_key(
            founding=True, organ_code=code, organ_name=code, by=f.SYSTEM, at=f.people.NOON, key=new_id()
        )


@cache
def _read(path: Path) -> dict:
    found: dict = read_yaml(path.read_text("utf-8"))
    return found


def _parsed(path: Path) -> dict:
    """To change at will; parsing takes longer than publishing."""
    return deepcopy(_read(path))


def document(**changes):
    return {**_parsed(BUNDLE), **changes}


def publish(**changes):
    return bundle_services.publish_bundle(
        document=document(**changes), by=f.SYSTEM, at=f.people.NOON, key=uuid4()
    )


def draft(
    w: World, *, situation=SITUATION, answers=ANSWERS, files=None, at=NOON, context=None, by=None, code=""
):
    """A complete draft; `files`: the materials handed in (default: all needed)."""
    of = catalogue.open_bundle(code or CODE)
    person = by or w.citizen
    started = forms.start_draft(
        about=code or CODE,
        form_digest="",
        context={**services.context_of(of, situation), "delivery": "electronic", **(context or {})},
        by=person,
        at=at,
        answers=answers,
    )
    wanted = catalogue.needed_of_answers(of, situation)
    needed = [m.code for m in catalogue.merged_materials(of, wanted)]
    f.hand_in(started.draft_id, needed if files is None else files, at)
    return started


def add_file(root_id: UUID, code: str, at=NOON) -> None:
    f.hand_in(root_id, [code], at)


def file(w: World, started, *, at=NOON, key=None, by=None):
    return services.file_bundle(
        draft_id=started.draft_id,
        base_version=started.version,
        by=by or w.citizen,
        at=at,
        key=key or new_id(),
    )


def filed(w: World, *, at=NOON, **given) -> Bundle:
    """Filed; nothing has followed yet."""
    return Bundle.objects.get(pk=file(w, draft(w, at=at, **given), at=at).bundle_id)


def settle(at=NOON) -> None:
    """What follows, until nothing more does: the relay of production."""
    for _ in range(30):
        if not relay.round_once(at + 2 * f.timedelta(hours=1), roots=1000):
            return
    raise AssertionError("events never end")


def granted_licence(**given) -> OutsideResult:
    found = {"number": "990104000012345", "credit_code": CREDIT_CODE, "name": "澜州市望渠餐饮有限公司"}
    return OutsideResult(**{"outcome": "granted", **found, **given})


def record(w: World, bundle: Bundle, result: OutsideResult | None = None, *, at=NOON, by=None, key=None):
    return services.record_result(
        bundle_id=bundle.pk,
        code="licence",
        result=result or granted_licence(),
        by=by or w.clerk,
        at=at,
        key=key or new_id(),
    )


def licensed(w: World, *, at=NOON, **given) -> Bundle:
    """The licence is there, so the three others are received."""
    bundle = filed(w, at=at, **given)
    settle(at)
    record(w, bundle, at=at)
    settle(at)
    bundle.refresh_from_db()
    return bundle


def accept(w: World, bundle: Bundle, *parts: str, at=NOON, by=None, key=None):
    return services.accept_bundle(
        bundle_id=bundle.pk, parts=parts, by=by or w.clerk, at=at, key=key or new_id()
    )


def accepted(w: World, *, at=NOON, **given) -> Bundle:
    bundle = licensed(w, at=at, **given)
    accept(w, bundle, at=at)
    settle(at)
    bundle.refresh_from_db()
    return bundle


def part(bundle: Bundle, code: str) -> BundlePart:
    return BundlePart.objects.get(bundle=bundle, code=code)


def states(bundle: Bundle) -> dict[str, str]:
    return dict(BundlePart.objects.filter(bundle=bundle).values_list("code", "state"))


def case(bundle: Bundle, code: str) -> Case:
    return Case.objects.get(pk=part(bundle, code).case_id)


def decide(w: World, bundle: Bundle, code: str, outcome="granted", *, at=NOON) -> None:
    """Every step of the part's case, then its decision."""
    one = case(bundle, code)
    while steps := [t for t in tasks.open_tasks(one.pk) if t.step != "decide"]:
        task = steps[0]
        second = "赵一凡" if task.people > 1 else ""
        cases.complete_step(
            case_id=one.pk,
            task_id=task.task_id,
            finding=Finding("met", "符合", second_officer=second),
            by=w.other.get(task.post) or w.does(one, task.step),  # 会签: each post its own task
            at=at,
            key=uuid4(),
        )
    found = discretion.applied_to(one, selectors.definition_of(one))  # 裁量: as little as the row allows
    first, *more = [Setting(one.rule.bottom) if one.rule else Setting() for one in found] or [Setting()]
    reasons = "" if outcome == "granted" else "招牌遮挡消防通道"
    cases.decide_with(
        case_id=one.pk,
        choice=Choice(outcome, reasons, first.value, more=tuple(more)),
        by=w.does(one, "decide"),
        at=at,
        key=uuid4(),
    )


def make_papers(at=NOON) -> None:
    """The worker's part: every paper asked for is made, then what follows."""
    from mingqu.documents.models import DocumentRequest

    settle(at)
    while waiting := list(DocumentRequest.objects.filter(state="waiting")):
        for row in waiting:
            documents.make_document(root_id=row.root_id, request_id=row.id, at=at)
        settle(at)

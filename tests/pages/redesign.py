"""Re-engineering: simulations, prerequisites, savings."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.test import Client
from django.utils import timezone

from mingqu.catalogue.revisions import selectors as revisions
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor
from mingqu.redesign import services
from mingqu.redesign.models import FlowMove, FlowMoveCase, PrerequisiteMap, SimulationRun
from mingqu.redesign.types import Asked, Basis
from tests.pages.made import SERVICE, Args, Page, State
from tests.pages.ways import NO_ID, exactly, forbidden, missing
from tests.stage import Stage

EDITOR = "catalogue_editor"
REASONS = {"checked": "核对并入承办", "done": "少跑一次", "moving": "分管领导要求"}
TITLES = {"done": "审核并入承办", "failed": "重放今天的", "waiting": "多派一个人"}


def editor_of(stage: Stage) -> Actor:
    user = stage.users[EDITOR]
    return Actor("staff", user.person_id, post_id=user.holdings.get().post_id, user_id=user.pk, name="周敏")


def simulated(state: str) -> Args:
    """A run that is done, has failed or waits; made when it is first looked at."""

    def args(stage: Stage) -> tuple[Any, ...]:
        by, now = editor_of(stage), timezone.now()
        key = uuid5(by.id, f"page:{state}")
        known = SimulationRun.objects.filter(title=TITLES[state]).values_list("pk", flat=True).first()
        if known is not None:
            return (known,)
        row = revisions.of_item(revisions.item(SERVICE))[0]
        basis, today = Basis(row.digest, number=row.number), legal_day(now)
        asked = Asked(
            SERVICE, "01", basis, basis, today - timedelta(days=30), today, title=TITLES[state], cases=60
        )
        if state == "done":
            asked = Asked(**{**vars(asked), "source": "sampled", "per_day": 40.0})
        if state == "failed":
            asked = Asked(**{**vars(asked), "since": today, "until": today})
        SimulationRun.objects.filter(state="waiting").update(state="stopped", ended_at=now)
        run_id = services.ask(asked=asked, by=by, at=now, key=key)
        if state != "waiting":
            services.run(run_id, now, lambda: now)
        return (run_id,)

    return args


def compared(client: Client, stage: Stage) -> str:
    (run_id,) = simulated("done")(stage)
    return f"/desk/simulation/compare/?a={run_id}&b={run_id}"


def a_map(stage: Stage) -> tuple[Any, ...]:
    known = PrerequisiteMap.objects.filter(title="施工许可").values_list("pk", flat=True).first()
    if known is None:
        rows = [
            ["开工", "施工许可", "1", ""],
            ["施工许可", "用地批准；规划许可", "7", "建筑法"],
            ["规划许可", "用地批准", "20", ""],
        ]
        data = book("前置", ["审批事项", "前置事项", "天数", "依据"], rows)
        by = editor_of(stage)
        key = uuid5(by.id, "page:map")
        known = services.bring_map(title="施工许可", data=data, by=by, at=timezone.now(), key=key)
    return (known,)


def all_made(client: Client, stage: Stage) -> None:
    a_map(stage)
    services.map_again(timezone.now())
    services.measure_again()


def runs_made(client: Client, stage: Stage) -> None:
    simulated("done")(stage)


def in_force(stage: Stage) -> tuple[Any, ...]:
    return SERVICE, "01", revisions.of_item(revisions.item(SERVICE))[0].id


NOTES = [
    "“现场核查”正在进行，里面正在办的环节一起迁移。",
    "“三天没审完提醒”原来2026年11月26日 09:12到时，按新流程2026年11月30日 09:12到时。",
]


def moved(state: str) -> Args:
    """A move as its row says it; the commands are tried where the room's tests are, on two revisions."""

    def args(stage: Stage) -> tuple[Any, ...]:
        known = FlowMove.objects.filter(reason=REASONS[state]).values_list("pk", flat=True).first()
        if known is not None:
            return (known,)
        code, handling, revision = in_force(stage)
        item, by, now = revisions.item(code), editor_of(stage), timezone.now()
        if state == "moving":
            handling = "02"  # of one 业务办理项 one move is unsettled at a time
        row = FlowMove.objects.create(
            item_code=code, item_name=item.name, handling_code=handling, handling_name="新办",
            department_id=item.department_id, region_code=item.region_code, item_type=item.item_type,
            from_revision=revision, from_number=1, to_revision=revision, to_number=2, reason=REASONS[state],
            state=state, asked_by=by.id, asked_at=now, moved_at=now, done=3, total=12,
            decided_by=None if state in FlowMove.UNSETTLED else by.id,
            decided_at=None if state in FlowMove.UNSETTLED else now,
        )  # fmt: skip
        outcomes = [("may", ""), ("cant", "正在办的环节“材料审查”在新流程里没有对应的环节。")]
        for place, (one, reason) in enumerate(outcomes if state == "checked" else [("moved", "")]):
            FlowMoveCase.objects.create(
                root_id=row.pk, case_id=uuid5(row.pk, one), number=f"9901042026110900031{place}",
                now=["材料审查", "现场核查"], then=["材料核对", "现场核查"], state=one, reason=reason,
                notes=[] if reason else NOTES,
            )  # fmt: skip
        return (row.pk,)

    return args


def a_move_made(client: Client, stage: Stage) -> None:
    moved("checked")(stage)


REVIEWER = "catalogue_reviewer"
REDESIGN = (
    Page(
        "redesign:moves",
        states=(
            State("many", EDITOR, way=a_move_made),
            State("empty", EDITOR, house="empty"),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "redesign:move_which",
        states=(State("empty", EDITOR), forbidden("reviewer")),
    ),
    Page(
        "redesign:move_new",
        in_force,
        states=(
            State("one", EDITOR),
            State("error", EDITOR, fields={"reason": ""}, status=400),
            missing(exactly("QH-MEIYOU", "01", UUID(int=1)), EDITOR),
        ),
    ),
    Page(
        "redesign:move",
        moved("checked"),
        states=(
            State("one", EDITOR),
            State("one", REVIEWER),
            State("closed", EDITOR, args=moved("done")),
            State("middle of the way", EDITOR, args=moved("moving")),
            missing(NO_ID, EDITOR),
            forbidden("reviewer"),
        ),
    ),
    Page("redesign:move_approve", moved("checked"), kind="act"),
    Page("redesign:move_decline", moved("checked"), kind="act"),
    Page("redesign:move_undo", moved("checked"), kind="act"),
    Page("redesign:move_export", moved("checked"), kind="file"),
    Page(
        "redesign:runs",
        states=(
            State("many", EDITOR, way=runs_made),
            State("empty", EDITOR, house="empty"),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "redesign:which",
        states=(
            State("many", EDITOR),
            State("empty", EDITOR, query="q=没有这个"),
            forbidden("reviewer"),
        ),
    ),
    Page("redesign:of_item", exactly(SERVICE), kind="leads_on"),
    Page(
        "redesign:new",
        exactly(SERVICE, "01"),
        states=(
            State("one", EDITOR),
            State("error", EDITOR, fields={"title": "", "cases": "0"}, status=400),
            missing(exactly("QH-MEIYOU", "01"), EDITOR),
        ),
    ),
    Page(
        "redesign:run",
        simulated("done"),
        states=(
            State("one", EDITOR),
            State("closed", EDITOR, args=simulated("failed")),
            State("middle of the way", EDITOR, args=simulated("waiting")),
            missing(NO_ID, EDITOR),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "redesign:compare",
        states=(
            State("many", EDITOR, way=compared),
            State("empty", EDITOR),
        ),
    ),
    Page("redesign:stop", simulated("done"), kind="act"),
    Page("redesign:again", simulated("done"), kind="act"),
    Page("redesign:export", simulated("done"), kind="file"),
    Page(
        "redesign:prerequisites",
        states=(
            State("many", EDITOR, way=all_made),
            State("empty", EDITOR, house="empty"),
            forbidden("reviewer"),
        ),
    ),
    Page(
        "redesign:bring_map",
        states=(
            State("one", EDITOR),
            State("error", EDITOR, fields={"title": ""}, status=400),
            forbidden("reviewer"),
        ),
    ),
    Page("redesign:map", a_map, states=(State("one", EDITOR), missing(NO_ID, EDITOR))),
    Page("redesign:map_export", a_map, kind="file"),
    Page(
        "redesign:savings",
        states=(
            State("many", EDITOR, way=all_made),
            State("empty", EDITOR, house="empty"),
            forbidden("reviewer"),
        ),
    ),
    Page("redesign:savings_export", kind="file"),
    Page(
        "redesign:item_savings",
        exactly(SERVICE),
        states=(
            State("one", EDITOR),
            missing(exactly("QH-MEIYOU"), EDITOR),
        ),
    ),
)

"""Re-engineering: simulations, prerequisites, savings."""

from datetime import timedelta
from typing import Any
from uuid import uuid5

from django.test import Client
from django.utils import timezone

from mingqu.catalogue.revisions import selectors as revisions
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.tables import book
from mingqu.kernel.types import Actor
from mingqu.redesign import services
from mingqu.redesign.models import PrerequisiteMap, SimulationRun
from mingqu.redesign.types import Asked, Basis
from tests.pages.made import SERVICE, Args, Page, State
from tests.pages.ways import NO_ID, exactly, forbidden, missing
from tests.stage import Stage

EDITOR = "catalogue_editor"
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


REDESIGN = (
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

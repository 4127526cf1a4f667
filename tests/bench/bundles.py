"""Each command of a bundle and of a project, as those of a case are measured: on a restaurant of five parts."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any
from uuid import uuid4

from mingqu.cases.bundles import services
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.tests import test_at_window as window
from mingqu.cases.bundles.tests import test_corrections as corrections
from mingqu.cases.bundles.tests import test_extending as extending
from mingqu.cases.bundles.tests import test_one_date_for_visits as visits
from mingqu.cases.bundles.tests import test_points as points
from mingqu.cases.bundles.tests import test_projects as projects
from mingqu.cases.models import Bundle
from mingqu.cases.tests import at_window
from mingqu.cases.tests import factories as f
from mingqu.cases.tests.every_command import Deed, as_the_web_has_it
from mingqu.cases.types import Asked, Served
from mingqu.catalogue.bundles import services as published
from mingqu.kernel.identifiers import CreditCode
from tests.bench import world
from tests.bench.commands import measured
from tests.bench.figures import Figure

FIVE = {"situation": visits.SITUATION, "answers": visits.ANSWERS}
EACH = 12  # measured repetitions of the command, and as many bare
ASKED = {"sign": [Asked("sign-drawing", "没有标出离地高度")]}
_firms = count(1)


def bench() -> Iterable[Figure]:
    """In the order of a bundle's life."""
    people = visits.world(world.world())
    people.other = {post: as_the_web_has_it(actor) for post, actor in people.other.items()}
    stage = b.document(kind="stage", code=projects.STAGE, name="示例阶段")
    published.publish_bundle(document=stage, by=f.SYSTEM, at=f.people.NOON, key=uuid4())
    for name, deed in _deeds():
        yield from measured(name, deed, EACH, people)


def _deeds() -> Iterator[tuple[str, Deed]]:
    head: list[Any] = []  # of the government, appointed when the first of them is needed

    def lengthened(w: b.World, bundle: Bundle) -> object:
        head[:] = head or [as_the_web_has_it(extending.head())]
        return extending.extend(bundle, head[0])

    yield "file_bundle", Deed(lambda w: b.draft(w, **FIVE), b.file)
    yield "file_bundle_at_window", Deed(_walk_in, lambda w, it: window.file_it(w, *it))
    yield "record_result", Deed(_filed, _record)
    yield "say_points", Deed(_licensed, points.say)
    yield "ask_bundle_correction", Deed(_licensed, lambda w, it: corrections.ask(w, it, ASKED))
    yield "supplement_bundle", Deed(_supplemented, corrections.supplement)
    yield "accept_bundle", Deed(_licensed, b.accept)
    yield "extend_bundle", Deed(_accepted, lengthened)
    yield "propose_visit", Deed(_accepted, visits.propose)
    yield "answer_visit: the last", Deed(_proposed, lambda w, it: visits.answer(w, it, visits.PARTS[-1]))
    yield "withdraw_bundle", Deed(_accepted, _withdraw)
    yield "deliver_bundle", Deed(_to_deliver, _deliver)
    yield "register_project", Deed(_national_code, lambda w, code: projects.register(w, national_code=code))
    yield "open_stage", Deed(_project, _open_stage)


def _walk_in(w: b.World) -> Any:
    person_id = at_window.walk_in(w)
    return person_id, window.typed(w, person_id)


def _filed(w: b.World, given: dict[str, Any] = FIVE) -> Bundle:
    bundle = b.filed(w, context={"delivery": "window"}, **given)
    b.settle()
    return bundle


def _record(w: b.World, bundle: Bundle) -> object:
    code = str(CreditCode.build("9", "1", "990104", f"MB{next(_firms):06d}"))
    return b.record(w, bundle, b.granted_licence(credit_code=code))


def _licensed(w: b.World, given: dict[str, Any] = FIVE) -> Bundle:
    bundle = _filed(w, given)
    _record(w, bundle)
    b.settle()
    return bundle


def _supplemented(w: b.World) -> Bundle:
    bundle = _licensed(w)
    corrections.ask(w, bundle, ASKED)
    b.settle()
    b.add_file(bundle.pk, "sign--sign-drawing")
    return bundle


def _accepted(w: b.World, given: dict[str, Any] = FIVE) -> Bundle:
    bundle = _licensed(w, given)
    b.accept(w, bundle)
    b.settle()
    return bundle


def _proposed(w: b.World) -> Bundle:
    bundle = _accepted(w)
    visits.propose(w, bundle)
    for part in visits.PARTS[:-1]:
        visits.answer(w, bundle, part)
    return bundle


def _withdraw(w: b.World, bundle: Bundle) -> object:
    return services.withdraw_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=uuid4())


def _to_deliver(w: b.World) -> Bundle:
    """Of four parts: none of them is visited by several departments."""
    bundle = _accepted(w, {})
    parts = list(b.BundlePart.objects.filter(bundle=bundle).exclude(case_id=None))
    for part in parts:
        b.decide(w, bundle, part.code)
    b.settle()
    for part in parts:
        services.paper_ready(bundle_id=bundle.pk, case_id=part.case_id, at=b.NOON)
    return bundle


def _deliver(w: b.World, bundle: Bundle) -> object:
    served = Served.at_window("李晓禾")
    return services.deliver_bundle(bundle_id=bundle.pk, served=served, by=w.clerk, at=b.NOON, key=uuid4())


def _national_code(w: b.World) -> str:
    return f"2026-990104-83-01-{next(_firms):06d}"


def _project(w: b.World) -> Any:
    return projects.register(w, national_code=_national_code(w))


def _open_stage(w: b.World, made: Any) -> object:
    return services.open_stage(
        project_id=made.project_id, code=projects.STAGE, by=w.clerk, at=b.NOON, key=uuid4()
    )

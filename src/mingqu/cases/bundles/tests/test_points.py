"""What departments say before the one notice of correction goes out (行政许可法 32(4))."""

from uuid import uuid4

import pytest

from mingqu.cases import services as cases
from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.errors import PartAskedTooLate, PartNotReceived, PartUnknown
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.errors import MaterialUnknown, NothingAsked
from mingqu.cases.models import MaterialFile
from mingqu.cases.tests.factories import DAY
from mingqu.cases.types import Asked, Mark
from mingqu.identity.errors import NotAuthorised

pytestmark = pytest.mark.django_db
DRAWING = [Asked("sign-drawing", "没有标出离地高度")]


@pytest.fixture
def w():
    return b.world()


def say(w, bundle, part="sign", points=DRAWING, *, by=None, at=b.NOON):
    return services.say_points(
        bundle_id=bundle.pk,
        part=part,
        points=points,
        by=by or w.other["CGJ-SRHJ-01"],
        at=at,
        key=uuid4(),
    )


def known(bundle):
    return {one.part.code: one for one in selectors.points_of(selectors.parts_of(bundle))}


def test_a_department_says_what_its_part_misses_and_who_is_silent_is_known(w):
    """行政许可法 32(4): told at one time within five working days, each part by its own last day."""
    bundle = b.licensed(w)

    say(w, bundle)
    say(w, bundle, "drainage", [], by=w.other["SWJ-PS-01"])

    points = known(bundle)
    assert points["sign"].lines == [("招牌效果图", "没有标出离地高度")]
    assert points["drainage"].said_at and not points["drainage"].lines, "all in order is an answer too"
    assert points["food"].said_at is None
    assert points["food"].until == b.case(bundle, "food").due_on
    assert b.states(bundle)["sign"] == "filed", "nobody outside hears before the window sends"


def test_what_was_said_last_counts(w):
    bundle = b.licensed(w)
    say(w, bundle)

    say(w, bundle, points=[Asked("premises-right", "房东没有签名")])

    assert known(bundle)["sign"].words == {"premises-right": "房东没有签名"}


def test_what_is_marked_in_the_files_flows_into_the_notice(w):
    bundle = b.licensed(w)
    sign = b.case(bundle, "sign")
    file = MaterialFile.objects.get(root_id=sign.pk, material_code="sign-drawing")

    def mark(text, at):
        given = Mark(file.file_id, 0, False, text)
        cases.mark_material(case_id=sign.pk, mark=given, by=w.other["CGJ-SRHJ-01"], at=at, key=uuid4())

    mark("看不清尺寸", b.NOON)
    assert known(bundle)["sign"].words == {"sign-drawing": "看不清尺寸"}
    say(w, bundle, at=b.NOON + DAY)
    assert known(bundle)["sign"].words == {"sign-drawing": "没有标出离地高度"}, "its word includes its marks"
    mark("缺比例尺", b.NOON + 2 * DAY)
    assert known(bundle)["sign"].words == {"sign-drawing": "没有标出离地高度；缺比例尺"}


def test_on_new_materials_a_department_speaks_anew(w):
    bundle = b.licensed(w)
    say(w, bundle)
    services.ask_bundle_correction(
        bundle_id=bundle.pk, asked={"sign": DRAWING}, by=w.clerk, at=b.NOON, key=uuid4()
    )
    b.settle()
    assert "sign" not in known(bundle)
    b.add_file(bundle.pk, "sign--sign-drawing")
    services.supplement_bundle(bundle_id=bundle.pk, by=w.citizen, at=b.NOON, key=uuid4())
    b.settle()

    assert known(bundle)["sign"].said_at is None and not known(bundle)["sign"].lines


def test_a_word_that_can_not_be_taken_leaves_the_part_silent(w):
    bundle = b.licensed(w)

    for given, refusal in (
        ({"part": "food"}, NotAuthorised),
        ({"part": "licence"}, PartNotReceived),
        ({"part": "nothing"}, PartUnknown),
        ({"points": [Asked("sign-drawing", " ")]}, NothingAsked),
        ({"points": [Asked("unknown", "不清楚")]}, MaterialUnknown),
        ({"at": b.NOON + 12 * DAY}, PartAskedTooLate),
    ):
        with pytest.raises(refusal):
            say(w, bundle, **given)

    assert all(one.said_at is None for one in known(bundle).values())

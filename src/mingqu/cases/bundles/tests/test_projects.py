"""A project is registered once; its stages are bundles that hang under it."""

import copy

import pytest

from mingqu.cases.bundles import selectors, services
from mingqu.cases.bundles.errors import (
    ProjectCodeTaken,
    ProjectCodeWrong,
    ProjectNameMissing,
    ProjectUnknown,
    StageOfNoProject,
)
from mingqu.cases.bundles.tests import factories as b
from mingqu.cases.bundles.types import NewProject
from mingqu.cases.models import Bundle
from mingqu.catalogue.bundles import services as catalogue_services
from mingqu.identity import services as identity
from mingqu.identity.errors import NotAuthorised
from mingqu.identity.tests import factories as people
from mingqu.identity.types import NewFirm
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
STAGE = "QH-STAGE"
CODE = "2026-990104-83-01-000007"


@pytest.fixture
def w():
    made = b.world()
    document = copy.deepcopy(b.document(kind="stage", code=STAGE, name="示例阶段"))
    catalogue_services.publish_bundle(document=document, by=b.f.SYSTEM, at=people.NOON, key=b.new_id())
    return made


def register(w, *, by=None, key=None, **given):
    draft = NewProject(
        **{
            "name": "清禾第二小学教学楼",
            "handler_id": w.citizen.id,
            "region_code": people.REGION,
            "national_code": CODE,
            **given,
        }
    )
    return services.register_project(
        draft=draft, department_id=w.base.bureau, by=by or w.clerk, at=b.NOON, key=key or b.new_id()
    )


def test_a_project_is_found_by_its_number_and_by_its_national_code(w):
    key = b.new_id()
    made = register(w, key=key)

    assert register(w, key=key) == made
    for number in (made.number, CODE.lower()):
        assert selectors.project_visible_to(w.clerk, number).pk == made.project_id
    assert AuditEntry.objects.filter(root_id=made.project_id, action="project.register").count() == 1


def test_one_national_code_is_one_project(w):
    first = register(w)

    with pytest.raises(ProjectCodeTaken) as taken:
        register(w, name="另一个")
    assert first.number in taken.value.message


def test_what_can_not_be_registered_says_why(w, settings):
    settings.MINGQU_PROJECT_CODE_PATTERN = r"\d{4}-\d{6}-\d{2}-\d{2}-\d{6}"
    with pytest.raises(ProjectCodeWrong):
        register(w, national_code="ABC")
    with pytest.raises(ProjectNameMissing):
        register(w, name="  ")
    with pytest.raises(NotAuthorised):
        register(w, by=w.citizen)


def test_its_people_and_the_window_see_it_and_nobody_else(w):
    made = register(w)

    assert selectors.projects(w.citizen) == selectors.projects(w.clerk)
    for actor in (people.citizen()[1], w.other["SWJ-LEAD"], None):
        with pytest.raises(ProjectUnknown):
            selectors.project_visible_to(actor, made.number)


def test_a_stage_stands_on_the_board_with_its_bundles_and_their_parts(w):
    made = register(w)
    key = b.new_id()
    for _ in range(2):
        services.open_stage(project_id=made.project_id, code=STAGE, by=w.clerk, at=b.NOON, key=key)
    project = selectors.project_visible_to(w.citizen, made.number)
    assert [(s.stage.name, s.bundles) for s in selectors.board(project)] == [("示例阶段", [])]

    started = stage_draft(w, {"project": made.number})
    filed = b.file(w, started)

    def on_board():
        [stage] = selectors.board(project)
        return [one.number for one in stage.bundles]

    assert on_board() == [filed.number], "at once: a page that said otherwise would ask for it a second time"
    b.settle()

    assert on_board() == [filed.number]
    [stage] = selectors.board(project)
    assert {part.code for part in stage.bundles[0].parts.all()} == {"licence", "food", "sign", "drainage"}


def test_a_stage_without_a_project_or_with_anothers_is_refused(w):
    with pytest.raises(StageOfNoProject):
        b.file(w, stage_draft(w, {}))
    foreign = register(w, handler_id=people.citizen()[1].id)
    with pytest.raises(ProjectUnknown):
        b.file(w, stage_draft(w, {"project": foreign.number}))


def stage_draft(w, context):
    """The same parts, asked for as a stage."""
    original = b.CODE
    b.CODE = STAGE
    try:
        return b.draft(w, context=context)
    finally:
        b.CODE = original


def test_a_stage_stands_in_the_name_of_the_projects_owner(w):
    owner = identity.create_firm(
        draft=NewFirm("澜州市清禾区教育发展中心", b.OTHER_CODE), by=w.clerk, at=b.NOON, key=b.new_id()
    )
    made = register(w, owner_id=owner)

    filed = Bundle.objects.get(pk=b.file(w, stage_draft(w, {"project": made.number})).bundle_id)

    assert (filed.party_id, filed.party_name) == (owner, "澜州市清禾区教育发展中心")
    assert (filed.credit_code, filed.applicant_id) == (b.OTHER_CODE, w.citizen.id)

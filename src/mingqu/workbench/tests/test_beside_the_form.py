"""Materials beside the form: pages, marks that begin the notice, points with how they are known, own phrases."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mingqu.cases import selectors as cases
from mingqu.cases import services
from mingqu.cases.tests import factories as f
from mingqu.cases.types import Mark
from mingqu.workbench.tests.pages import key_in, opinion, text_of, url

pytestmark = pytest.mark.django_db
CASE_BUDGET = (
    29  # statements of a case with a mark and a step others might claim, session and account included
)


def marked(client, case, **given):
    page = client.get(url("case", case))
    file = page.context["page"].preview.file.id
    posted = {"key": key_in(page, url("mark", case)), "file": str(file), "page": "0"} | given
    return client.post(url("mark", case), posted)


def test_what_is_marked_as_wrong_begins_the_correction_notice(w, browse):
    case = f.received_case(w)
    clerk = browse("clerk")

    assert marked(clerk, case, fine="0", text="字号看不清").url.endswith("#materials")
    said = text_of(clerk.get(url("case", case)))
    notice = clerk.get(url("correct", case)).context["form"]

    assert "标注整份：字号看不清" in said
    material = cases.marks_of(case)[0].material_code
    assert notice[f"pick-{material}"].initial is True
    assert notice[f"what-{material}"].initial == "字号看不清"
    marked(clerk, case, fine="1")
    assert clerk.get(url("correct", case)).context["form"][f"pick-{material}"].initial is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fine": "0", "text": ""}, "请写明有什么问题"),
        ({"text": "x"}, "请选择"),
        ({"fine": "1", "page": "9"}, "只有1页"),
    ],
)
def test_a_mark_that_is_refused_says_why_and_keeps_the_page(w, browse, given, said):
    answer = marked(browse("clerk"), f.received_case(w), **given)

    assert answer.status_code == 400
    assert said in text_of(answer)


def test_pages_turn_by_links_that_work_without_javascript(w, browse):
    case = f.received_case(w)
    clerk = browse("clerk")
    first = clerk.get(url("case", case)).context["page"].preview

    second = clerk.get(url("case", case) + first.next).context["page"].preview
    turned = clerk.get(url("case", case) + second.turned)

    assert second.file.id != first.file.id
    assert clerk.get(url("case", case) + second.previous).context["page"].preview.file.id == first.file.id
    assert "mq-doc--t90" in turned.content.decode()
    nonsense = clerk.get(url("case", case) + "?file=x&page=-1&turn=7&zoom=99").context["page"].preview
    assert (nonsense.file.id, nonsense.at.turn, nonsense.at.zoom) == (first.file.id, 0, 1)


def test_how_a_point_is_known_is_shown_to_whoever_comes_next(w, browse):
    case = f.accepted_case(w)
    opinion(browse("reviewer"), case, **{"how-0": "data", "how-1": "nonsense"})
    opinion(browse("reviewer"), case, **{"how-0": "data"})
    f.review(w, case, "fitness")

    decision = text_of(browse("leader").get(url("decide", case)))

    assert "名称、住所与申请表一致：符合（核对数据）" in decision


def test_own_phrases_are_offered_first_and_kept_in_order(w, browse):
    case, reviewer, page = f.accepted_case(w), browse("reviewer"), reverse("workbench:phrases")

    def keep(do, *phrases):
        return reviewer.post(page, {"key": str(uuid4()), "phrase": list(phrases), "do": do})

    keep("keep", "第一条", "第二条", "")
    keep("up:1", "第一条", "第二条", "")
    assert cases.own_phrases(w.reviewer.id) == ["第二条", "第一条"]
    groups = dict(reviewer.get(url("case", case)).context["opinion"]["phrase"].field.choices[1:])
    assert [words for words, _same in groups["我的常用语"]] == ["第二条", "第一条"]
    keep("drop:0", "第二条", "第一条", "")
    assert cases.own_phrases(w.reviewer.id) == ["第一条"]
    refused = keep("keep", "长" * 201)
    assert refused.status_code == 400 and "最多200字" in text_of(refused)


def test_the_case_page_keeps_to_its_statements(w, browse):
    case = f.accepted_case(w)
    f.decided_case(w)
    file = cases.files_of(case)[0].file_id
    services.mark_material(
        case_id=case.pk, mark=Mark(file, 0, False, "不清"), by=w.reviewer, at=f.FRIDAY_NOON, key=uuid4()
    )
    reviewer = browse("reviewer")
    reviewer.get(url("case", case))

    with CaptureQueriesContext(connection) as asked:
        said = text_of(reviewer.get(url("case", case)))

    assert "同一事项最近的决定" in said
    assert len(asked) <= CASE_BUDGET, "\n".join(query["sql"][:150] for query in asked)


def test_from_one_case_to_the_next_without_the_list(w, browse):
    first, second = f.accepted_case(w), f.accepted_case(w)
    reviewer, on = browse("reviewer"), reverse("workbench:next")

    assert reviewer.get(on, {"after": first.number}).url == url("case", second)
    assert reviewer.get(on, {"after": second.number}).url == url("case", first)
    assert reviewer.get(on).url == url("case", first)
    for case in (first, second):
        f.review(w, case, "check")
    waiting = f.received_case(w)
    assert reviewer.get(on, {"after": first.number}).url == url("case", waiting), (
        "then what is to be accepted"
    )
    services.accept_case(case_id=waiting.pk, by=w.clerk, at=f.FRIDAY_NOON, key=uuid4())
    f.review(w, waiting, "check")
    answer = reviewer.get(on, {"after": first.number}, follow=True)
    assert "您的清单里没有别的办件了" in text_of(answer)


def test_the_contents_of_the_file_name_papers_and_materials_in_order(w, browse):
    case = f.accepted_case(w)

    page = browse("reviewer").get(url("dossier", case))

    rows = page.context["rows"]
    assert [row.title for row in rows[-3:]] == [m.name for m in cases.materials_of(case)]
    assert "李晓禾" not in text_of(page) and "李*" in text_of(page)


def test_a_refusal_begins_with_what_was_found_not_met_and_a_grant_does_not(w, browse):
    case = f.accepted_case(w)
    opinion(browse("reviewer"), case, **{"point-0": "not_met", "finding": "not_met", "text": "名称写错"})
    f.review(w, case, "fitness")
    leader = browse("leader")
    page = leader.get(url("decide", case))
    draft = "经审查，不符合：名称、住所与申请表一致；名称写错。"

    assert page.context["form"]["reasons"].initial == draft
    sent = {"key": key_in(page), "stage": "check", "outcome": "granted", "reasons": draft}
    assert leader.post(url("decide", case), sent).context["form"].cleaned_data["reasons"] == ""
    refused = leader.post(url("decide", case), sent | {"outcome": "refused"})
    assert refused.context["form"].cleaned_data["reasons"] == draft


def test_a_material_that_is_to_follow_is_no_notice_yet(w, browse):
    """行政许可法 32(4): the first notice may ask for everything, also beside 容缺 and promises."""
    case = f.received_case(w)
    first, *_ = rows = cases.materials_of(case)
    assert len(rows) > 1
    first.state = first.State.OWED
    first.save(update_fields=["state"])

    notice = browse("clerk").get(url("correct", case)).context["form"]

    assert {m.code for m in notice.materials} == {m.code for m in rows}
    assert notice.questions

"""The frame around every page: brand, links, display choices, refusals."""

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from django.template import Context
from django.template.loader import render_to_string
from django.test import RequestFactory

from mingqu.kernel.errors import DomainError, NotFound
from mingqu.kernel.legal_day import BEIJING
from mingqu.ui import context, menu, views
from mingqu.ui.middleware import LargestRequestMiddleware, RefusalMiddleware, RequestTooLarge
from mingqu.ui.templatetags import mq
from mingqu.ui.tests import gallery

factory = RequestFactory()


def request(path="/accessibility/", **cookies):
    asked = factory.get(path)
    asked.COOKIES.update(cookies)
    return asked


def test_what_the_installation_has_not_set_is_not_in_the_footer(settings, no_links):
    settings.MINGQU_SITE = {"name": "清禾区政务服务网", "organiser": "清禾区人民政府办公室", "icp": ""}
    shown = render_to_string("ui/accessibility.html", request=request())

    assert "清禾区人民政府办公室" in shown
    assert "ICP备案号" not in shown
    assert "公安备案号" not in shown


def test_window_telephone_and_agent_are_on_every_public_page(settings, no_links):
    settings.MINGQU_SITE = {
        "telephone": "0999-12345",
        "hall_address": "清禾路1号",
        "agents": "各村便民服务站",
    }
    for page in ("ui/accessibility.html", "404.html", "403.html", "409.html", "429.html"):
        shown = render_to_string(page, request=request())
        assert "清禾路1号" in shown
        assert 'href="tel:099912345"' in shown
        assert "各村便民服务站" in shown


@pytest.mark.parametrize("page", ["400.html", "403_csrf.html", "413.html", "500.html"])
def test_the_last_error_pages_need_neither_request_nor_context(settings, page):
    settings.MINGQU_SITE = {"name": "清禾区政务服务网", "telephone": "12345"}
    shown = render_to_string(page)

    assert "清禾区政务服务网" in shown
    assert "12345" in shown
    assert "回首页" in shown


def test_a_link_is_shown_only_when_its_page_is_registered(no_links):
    assert "办事指南" not in render_to_string("ui/accessibility.html", request=request())

    menu.register(menu.Entry("main", "办事指南", "ui:accessibility"))

    assert 'aria-current="page">办事指南' in render_to_string("ui/accessibility.html", request=request())


def test_a_link_to_a_place_the_layout_does_not_have_is_refused(no_links):
    with pytest.raises(ValueError, match="no such place"):
        menu.register(menu.Entry("banner", "公告", "ui:accessibility"))


@pytest.mark.parametrize(
    ("actor", "allowed", "shown"), [("", True, 0), ("staff", False, 0), ("staff", True, 1)]
)
def test_a_staff_link_needs_an_actor_whose_post_allows_the_action(
    no_links, monkeypatch, actor, allowed, shown
):
    monkeypatch.setattr(views.accessibility, "access_rule", menu.AccessRule("staff", "case.accept"))
    menu.register(menu.Entry("staff", "我的待办", "ui:accessibility"))
    menu.use_rule(lambda who, action: allowed and action == "case.accept")
    asked = request()
    asked.actor = gallery.PEOPLE.get(actor)

    assert len(menu.Navigation(asked).staff) == shown


@pytest.mark.parametrize("allowed", [True, False])
def test_crumbs_and_next_steps_lead_only_where_the_reader_may_go(no_links, monkeypatch, allowed):
    monkeypatch.setattr(views.accessibility, "access_rule", menu.AccessRule("staff", "case.accept"))
    monkeypatch.setattr(menu, "OF_STAFF", ("/accessibility/",))
    menu.use_rule(lambda who, action: allowed)
    asked = request()
    asked.actor = gallery.PEOPLE["staff"]
    context = Context({"nav": menu.Navigation(asked)})

    crumbs = mq.breadcrumbs(context, "待办", "/accessibility/?tab=all", "首页", "/", "办件")["crumbs"]

    assert [one.url for one in crumbs] == ["/accessibility/?tab=all" if allowed else "", "/", ""]
    assert bool(mq.empty(context, "没有", "", "去看", "/accessibility/")["action_url"]) is allowed
    assert mq.empty(Context(), "没有", "", "去看", "/accessibility/")["action_url"], "where no page is around"


def test_staff_links_stay_hidden_until_identity_has_given_its_rule(no_links, monkeypatch):
    monkeypatch.setattr(views.accessibility, "access_rule", menu.AccessRule("staff", "case.accept"))
    menu.register(menu.Entry("staff", "我的待办", "ui:accessibility"))
    asked = request()
    asked.actor = gallery.PEOPLE["staff"]

    assert menu.Navigation(asked).staff == []


def test_staff_pages_carry_the_name_and_time_of_the_reader(no_links):
    shown = gallery.render("ui/staff_page.html", actor="staff")

    assert shown.count("王𬱖䶮㛃 2026年11月20日 09:12") == 2
    assert "mq-watermark" not in gallery.render("ui/public_page.html", actor="citizen")


def test_a_picture_of_a_staff_page_leads_to_one_account_also_of_two_with_one_name(no_links):
    asked = request()
    asked.at = datetime(2026, 11, 20, 9, 12, tzinfo=BEIJING)
    asked.actor = replace(gallery.PEOPLE["staff"], user_id=UUID("01990000-0000-7000-8000-0000abcdef12"))

    assert "王𬱖䶮㛃 cdef12 2026年11月20日 09:12" in mq.watermark(Context({"request": asked}))["words"]


def test_a_citizens_name_is_masked_in_the_header(sample_links):
    shown = gallery.render("ui/public_page.html", actor="citizen")

    assert gallery.LONG_NAME not in shown.split("<main")[0]


def test_elder_mode_is_kept_in_a_cookie_and_leads_back():
    answer = views.set_elder(factory.post("/display/elder/", {"elder": "on", "next": "/accessibility/?a=1"}))

    assert (answer.status_code, answer["Location"]) == (302, "/accessibility/?a=1")
    assert answer.cookies["mq_elder"].value == "on"
    assert answer.cookies["mq_elder"]["httponly"]
    assert '<html lang="zh-CN" class="elder">' in render_to_string("404.html", request=request(mq_elder="on"))
    assert 'class="elder"' not in render_to_string("404.html", request=request(mq_elder="off"))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_display_choice_never_leads_to_another_site(target):
    assert (
        views.set_elder(factory.post("/display/elder/", {"elder": "on", "next": target}))["Location"] == "/"
    )


@pytest.mark.parametrize(
    ("sent_from", "leads_to"),
    [
        ("http://testserver/voice/new/?about=1", "/voice/new/?about=1"),
        ("https://evil.example/voice/", "/"),
        ("", "/"),
    ],
)
def test_a_switch_on_the_answer_to_something_sent_leads_to_the_page_it_was_sent_from(sent_from, leads_to):
    """After a mistake somebody turns to larger letters or to English: not to the home page."""
    assert context.here(factory.post("/voice/send/", headers={"referer": sent_from})) == leads_to
    assert context.here(factory.get("/voice/new/?about=1")) == "/voice/new/?about=1"


def test_an_unknown_audience_is_a_person():
    answer = views.set_audience(factory.post("/display/audience/", {"audience": "<x>"}))

    assert answer.cookies["mq_audience"].value == "personal"
    shown = render_to_string("404.html", request=request(mq_audience="<x>"))
    assert 'value="personal" aria-pressed="true"' in shown


def test_display_choices_are_changed_by_posting_only():
    assert views.set_elder(factory.get("/display/elder/")).status_code == 405


class Taken(DomainError):
    code = "not_received"
    sentence = "这件申请已由他人处理。"
    status = 409


def refuse(error, **headers):
    middleware = RefusalMiddleware(lambda asked: None)
    return middleware.process_exception(factory.get("/x/", headers=headers), error)


def test_a_refusal_is_a_page_with_its_sentence_code_and_next_step(no_links):
    answer = refuse(Taken())
    shown = answer.content.decode()

    assert answer.status_code == 409
    assert "<h1>这件申请已由他人处理。</h1>" in shown
    assert "not_received" in shown
    assert "刷新后看现在的情况" in shown
    assert refuse(NotFound()).status_code == 404


def test_htmx_is_answered_with_the_sentence_alone():
    answer = refuse(Taken(), **{"HX-Request": "true"})

    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
    assert "这件申请已由他人处理。" in answer.content.decode()


def test_a_program_is_answered_with_the_same_code_as_problem_json():
    answer = RefusalMiddleware(lambda asked: None).process_exception(factory.get("/api/v1/cases/"), Taken())

    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, json.loads(answer.content)["code"]) == (409, "not_received")


def test_a_defect_is_not_dressed_up_as_a_refusal():
    assert refuse(RuntimeError("a bug")) is None


@pytest.mark.parametrize(
    ("path", "kind"), [("/apply/", "text/html"), ("/api/v1/", "application/problem+json")]
)
def test_what_is_larger_than_any_form_is_refused_before_it_is_read(settings, path, kind):
    settings.MINGQU_LARGEST_REQUEST = 2 * 2**20
    large = factory.post(path, CONTENT_LENGTH=str(2**21 + 1))

    answer = LargestRequestMiddleware(lambda asked: pytest.fail("read"))(large)

    assert answer.status_code == RequestTooLarge.status and answer["Content-Type"].startswith(kind)
    assert "最多2MB" in str(RequestTooLarge(megabytes=2).message)


@pytest.mark.parametrize(
    ("chosen", "title"), [("zh-hans", "上传的文件太大"), ("en", "The upload is too large")]
)
def test_who_sends_too_much_is_told_on_a_page_in_the_language_chosen(settings, chosen, title):
    settings.MINGQU_LARGEST_REQUEST = 2**20
    large = factory.post("/apply/", CONTENT_LENGTH=str(2**20 + 1))
    large.COOKIES["mq_language"] = chosen

    shown = LargestRequestMiddleware(lambda asked: pytest.fail("read"))(large).content.decode()

    assert f"<h1>{title}</h1>" in shown and "1" in shown.split("<h1>")[1]
    assert f'<html lang="{"en" if chosen == "en" else "zh-CN"}"' in shown

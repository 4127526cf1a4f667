"""English of the public pages: nothing left out, nothing stale, chosen by hand and by citizens alone."""

import re
from datetime import UTC, datetime

import pytest
from babel.messages.catalog import Message
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tools import messages

from mingqu.identity.tests import factories as people
from mingqu.kernel.commands import command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor
from mingqu.ui import language, text_filters
from mingqu.ui.language import has_chinese
from tests.architecture.house import ROOT
from tests.english import unmarked_chinese, wide_marks, wrongly_marked

ROOMS = messages.rooms()
AT = datetime(2026, 11, 21, 1, 12, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w+}")


def entries(room: str) -> list[Message]:
    return [message for message in messages.read(room) if message.id]


def words(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_of_a_public_page_has_its_english_and_nothing_else_has(room):
    """`make messages`, then the lines left empty."""
    asked = {(thing.context or None, thing.words) for thing in messages.found(room)}
    known = {
        (m.context, m.id[0] if isinstance(m.id, tuple) else m.id)
        for m in entries(room)
        if all(words(m)) and not m.fuzzy
    }

    assert sorted(asked - known, key=str) == []
    assert sorted(known - asked, key=str) == []


def test_english_has_the_placeholders_of_its_chinese():
    wrong = [
        (room, words)
        for room in ROOMS
        for message in entries(room)
        for words in ([message.string] if isinstance(message.string, str) else message.string)
        for source in [message.id if isinstance(message.id, str) else message.id[-1]]
        if sorted(set(PLACEHOLDER.findall(words))) != sorted(set(PLACEHOLDER.findall(source)))
    ]

    assert wrong == []


def test_one_sentence_has_one_english_in_all_rooms():
    """Django joins the rooms' catalogues: of two translations only one would be seen."""
    seen: dict[tuple[object, object], set[object]] = {}
    for room in ROOMS:
        for message in entries(room):
            seen.setdefault((message.context, message.id), set()).add(message.string)

    assert {key: found for key, found in seen.items() if len(found) > 1} == {}


def test_english_sentences_hold_no_chinese():
    left = [(room, m.id) for room in ROOMS for m in entries(room) if has_chinese(" ".join(words(m)))]

    assert left == []


# A word of the Chinese and what its English holds (docs/glossary.md): one thing has one name on all pages.
SAID = {
    "行政许可法第": "Administrative Licensing Law",
    "行政复议法": "Administrative Reconsideration Law",
    "行政诉讼法": "Administrative Litigation Law",
    "个人信息保护法": "Personal Information Protection Law",
    "国务院令第": "State Council Order No.",
    "行政复议": "econsideration",
    "“我的办件”": "“My applications”",
    "“我的证照”": "“My certificates”",
    "“我的消息”": "“My messages”",
    "公民身份号码": "itizen identity number",
    "统一社会信用代码": "nified social credit code",
    "用手机号码登录": "obile number",
    "法定代表人": "egal representative",
    "工作日": "orking day",
    "窗口": "ounter",
    "首页": "(?i)home|start",
}
# Said otherwise: counter, authority, document, organisation or business, home page, article 5, mobile number.
UNSAID = re.compile(
    r"\b(windows?|organs?|materials?|firms?|front page|Articles? \d|License Law|telephone numbers?|My cases)\b"
)


def test_one_thing_has_one_english_name():
    left = [
        (room, message.id, english)
        for room in ROOMS
        for message in entries(room)
        for english in words(message)
        for chinese in [message.id if isinstance(message.id, str) else message.id[0]]
        if UNSAID.search(PLACEHOLDER.sub("", english))
        or any(word in chinese and not re.search(said, english) for word, said in SAID.items())
    ]

    assert left == []


# Never one: limits and days that are set, and the hands of a joint signature.
MANY = {
    *("days", "most", "limit", "limit_mp", "count", "minimum", "minutes", "missed", "tries"),
    "high",  # to 15 minutes
}
COUNTED = re.compile(r"(?:%\((\w+)\)[sd]|{(\w+)}) (?:more |other |working )*([a-z]+s)\b")
NO_NOUN = {
    *("is", "was", "has", "asks", "does", "says", "takes", "needs", "applies", "stops", "answers"),
    *("exercises", "starts"),
}


def test_a_number_that_can_be_one_has_its_singular():
    """`{{ n|period:"日" }}`, {% plural %}, or the number behind its noun: “Documents: 1”."""
    left = [
        (room, message.id)
        for room in ROOMS
        for message in entries(room)
        if isinstance(message.string, str)
        for name, other, noun in COUNTED.findall(message.string)
        if noun not in NO_NOUN and (name or other) not in MANY
    ]

    assert left == []


def test_english_has_the_marks_of_english():
    """One kind of apostrophe and of quotation marks, no full-width mark but those round the name of a law."""
    wrong = re.compile("[A-Za-z]'[A-Za-z]|(?<![=>])\"(?![ >])|[\u3001\u3002\uff01-\uff5e]| {2,}")
    left = [
        (room, english)
        for room in ROOMS
        for message in entries(room)
        for english in words(message)
        if wrong.search(re.sub("<[^>]+>", "", english))
    ]

    assert left == []


@pytest.mark.parametrize("room", [room for room in ROOMS if messages.po_path(room).exists()])
def test_the_compiled_catalogue_is_that_of_its_source(room):
    assert messages.po_path(room).with_suffix(".mo").read_bytes() == messages.compiled(messages.read(room))


def test_chinese_is_found_unless_it_is_marked():
    page = '<p lang="zh-Hans">中文<b>字</b></p><p>a<br>漏<span lang="zh-Hans">了</span>网</p><i aria-label="名"></i>'

    assert unmarked_chinese(page) == ["漏", "网", "aria-label=名"]


def test_english_is_found_where_it_is_marked_as_chinese():
    page = '<p lang="zh-Hans">食品经营许可<b lang="en">Yes</b></p><p lang="zh">网上办 by 2026</p><p>No：</p>'

    assert (wrongly_marked(page), unmarked_chinese(page), wide_marks(page)) == ([], [], ["No："])
    assert wrongly_marked('<p lang="zh-Hans">Served on <i>首页</i></p>') == ["Served on", "首页"]


@pytest.mark.django_db
def test_a_visitor_chooses_english_and_chinese_again_on_the_page_where_they_are():
    client, page = Client(headers={"accept-language": "en-GB,en"}), reverse("ui:accessibility")
    first = client.get(page)
    assert '<html lang="zh-CN"' in first.content.decode()
    assert "Cookie" in first["Vary"]

    answer = client.post(reverse("ui:language"), {"language": "en", "next": page + "?a=1"})
    assert answer["Location"] == page + "?a=1"
    english = client.get(page)
    assert '<html lang="en"' in english.content.decode()
    assert english["Content-Language"] == "en"

    client.post(reverse("ui:language"), {"language": "zh-hans", "next": page})
    assert '<html lang="zh-CN"' in client.get(page).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""]
)
def test_the_switch_never_leads_to_another_site(away):
    answer = Client().post(reverse("ui:language"), {"language": "en", "next": away})

    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_nonsense_in_the_cookie_or_the_switch_is_chinese():
    client = Client()
    client.post(reverse("ui:language"), {"language": "xx", "next": "/"})
    assert client.cookies["mq_language"].value == "zh-hans"
    client.cookies["mq_language"] = "../en"

    assert '<html lang="zh-CN"' in client.get(reverse("ui:accessibility")).content.decode()


@pytest.mark.django_db
def test_staff_pages_and_their_refusals_are_chinese_whatever_the_cookie_says():
    client = Client()
    client.cookies["mq_language"] = "en"
    people.signed_in(client, people.staff_user())

    refused = client.get(reverse("identity:accounts"))
    assert refused.status_code == 403
    assert '<html lang="zh-CN"' in refused.content.decode()
    assert refused["Content-Language"] == "zh-CN"
    assert '<html lang="zh-CN"' in client.get(reverse("identity:posts")).content.decode()


@pytest.mark.django_db
def test_what_a_command_keeps_is_chinese_on_an_english_page():
    with translation.override("en"):
        with command("test.kept", new_id(), by=Actor.system("tests"), at=AT, key=new_id()):
            inside = translation.get_language()
        after = translation.get_language()

    assert (inside, after) == ("zh-hans", "en")


def test_days_sums_and_periods_follow_the_page():
    assert (language.day(AT), text_filters.period(5, "个工作日")) == ("2026年11月21日", "5个工作日")
    with translation.override("en"):
        assert language.moment(AT) == "Saturday 21 November 2026, 09:12"
        assert language.day_short(AT) == "21 November"
        assert language.money(1280) == "CNY 1,280.00"
        assert [text_filters.period(n, "个工作日") for n in (1, 5)] == ["1 working day", "5 working days"]
        assert [text_filters.period(n, "次") for n in (1, 2)] == ["1 time", "2 times"]


# Only on pages of staff, who have no English.
STAFF_SCRIPTS = (
    "workbench/static/", "catalogue/static/", "outreach/static/", "identity/static/identity/passkey.js",
)  # fmt: skip
WRITTEN = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")


def test_scripts_take_their_words_from_the_page_in_its_language():
    """A lost line or a refused step of an English page is told in English."""
    scripts = [
        path
        for path in sorted((ROOT / "src/mingqu").glob("*/static/**/*.js"))
        if "vendor" not in path.parts and not any(one in path.as_posix() for one in STAFF_SCRIPTS)
    ]
    lines = [
        (path.name, number, line)
        for path in scripts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if not line.lstrip().startswith("//")
    ]

    assert len(scripts) > 5
    assert [one for one in lines if any(has_chinese(said) for said in WRITTEN.findall(one[2]))] == []


def test_what_is_said_of_a_lost_line_is_english_on_an_english_page():
    with translation.override("en"):
        shown = render_to_string("ui/_messages.html", {})

    said = re.findall(r'data-mq-(?:failed|offline)="([^"]+)"', shown)
    assert len(said) == 2 and not has_chinese(" ".join(said))

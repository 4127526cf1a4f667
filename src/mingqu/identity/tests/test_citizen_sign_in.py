"""A citizen signs in with a telephone number and a code; the first time opens the account."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from mingqu.identity import selectors
from mingqu.identity.models import Person, User
from mingqu.identity.services import accounts, codes
from mingqu.identity.sessions import SessionStore
from mingqu.identity.tests import factories
from mingqu.kernel.ids import new_id
from mingqu.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db

SIGN_IN, CODE = "/sign-in/", "/sign-in/code/"


@pytest.fixture
def phones(monkeypatch):
    """What each telephone received, newest last."""
    received: dict[str, list[str]] = {}

    def send(*, phone, code, minutes, at):
        received.setdefault(phone, []).append(code)

    monkeypatch.setattr(codes, "_sender", [send])
    return received


def ask(client, phone, **more):
    return client.post(SIGN_IN, {"phone": phone} | more)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def sign_in(client, phone, phones, **more):
    ask(client, phone, **more)
    return client.post(CODE, {"code": phones[phone][-1]})


def shift(client, seconds):
    """Let that many seconds pass for the code in this session."""
    session = client.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= seconds
    session.save()


def test_the_first_sign_in_opens_the_account_and_asks_who_it_is(client, phones):
    phone = factories.phone()

    answer = sign_in(client, phone, phones, next="/my/cases/")

    user = User.objects.get()
    assert user.kind == "citizen"
    assert user.phone == phone
    assert not user.has_usable_password()
    assert answer.url == f"{reverse('identity:declare')}?next=%2Fmy%2Fcases%2F"
    assert re.fullmatch(r"\d{6}", phones[phone][-1])


def test_the_next_sign_in_goes_where_the_person_wanted(client, phones):
    user, _ = factories.citizen()

    assert sign_in(client, user.phone, phones, next="/my/cases/").url == "/my/cases/"
    assert User.objects.count() == 1
    entry = AuditEntry.objects.get(root_id=user.id, action="identity.sign_in")
    assert entry.notes == {"method": "code"}
    assert entry.actor_id == user.person_id


def test_a_number_is_understood_however_it_is_written(client, phones):
    ask(client, "＋86 199-0000 7654")

    assert list(phones) == ["19900007654"]


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"]
)
def test_nobody_is_sent_to_another_site(client, phones, target):
    user, _ = factories.citizen()

    assert sign_in(client, user.phone, phones, next=target).url == "/"


def test_known_and_unknown_numbers_get_the_same_answer(client, phones):
    known, _ = factories.citizen()
    answers = []
    for phone in (known.phone, factories.phone()):
        fresh = Client()
        asked = ask(fresh, phone)
        page = fresh.get(CODE)
        refused = fresh.post(CODE, {"code": wrong(phones[phone][-1])})
        bodies = [re.sub(r'value="[^"]*"|199\*+\d+', "", r.content.decode()) for r in (page, refused)]
        answers.append((asked.status_code, asked.url, page.status_code, refused.status_code, *bodies))

    assert answers[0] == answers[1]
    assert {len(sent) for sent in phones.values()} == {1}


def test_a_wrong_code_is_refused_and_the_sixth_attempt_too_even_if_right(client, phones):
    phone = factories.phone()
    ask(client, phone)
    assert {client.post(CODE, {"code": wrong(phones[phone][0])}).status_code for _ in range(5)} == {400}
    assert client.post(CODE, {"code": phones[phone][0]}).url == SIGN_IN
    assert not User.objects.exists()


def test_parallel_guesses_are_counted_together(client, phones):
    """Each request carries the session as it was before the others: the count is not in the session."""
    phone = factories.phone()
    ask(client, phone)
    before = dict(client.session.items())
    for _ in range(5):
        client.post(CODE, {"code": wrong(phones[phone][0])})
        session = client.session
        session.update(before)
        session.save()

    assert client.post(CODE, {"code": phones[phone][0]}).url == SIGN_IN
    assert not User.objects.exists()


def test_a_code_is_good_for_five_minutes(client, phones):
    phone = factories.phone()
    ask(client, phone)
    shift(client, 5 * 60 - 2)
    assert client.get(CODE).status_code == 200

    shift(client, 4)
    assert client.post(CODE, {"code": phones[phone][0]}).url == SIGN_IN
    assert not User.objects.exists()


def test_a_code_belongs_to_the_browser_that_asked_for_it(client, phones):
    phone = factories.phone()
    ask(client, phone)

    assert Client().post(CODE, {"code": phones[phone][0]}).url == SIGN_IN


def test_a_code_works_once(client, phones):
    phone = factories.phone()
    sign_in(client, phone, phones)
    client.post("/sign-out/")

    assert client.post(CODE, {"code": phones[phone][0]}).url == SIGN_IN


def test_one_number_gets_one_code_a_minute(client, phones):
    phone = factories.phone()
    ask(client, phone)

    answer = ask(Client(), phone)

    assert answer.status_code == 429
    assert "请过1分钟再试" in answer.content.decode()
    assert len(phones[phone]) == 1


def test_one_address_can_not_ask_for_codes_of_all_the_town(client, phones, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"code_address_hour": (3, 3600)}

    assert [ask(Client(), factories.phone()).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert ask(Client(REMOTE_ADDR="10.1.2.3"), factories.phone()).status_code == 302


def test_sending_again_makes_the_first_code_void(client, phones, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"code_phone_pause": (9, 60)}
    phone = factories.phone()
    ask(client, phone)
    client.post(CODE, {"again": "1"})
    first, second = phones[phone]

    assert first == second or client.post(CODE, {"code": first}).status_code == 400
    assert client.post(CODE, {"code": second}).status_code == 302
    assert User.objects.count() == 1


def test_without_a_sender_nobody_gets_in_and_the_page_says_what_to_do(client, monkeypatch):
    monkeypatch.setattr(codes, "_sender", [])

    answer = ask(client, factories.phone())

    assert answer.status_code == 503
    assert "服务大厅窗口" in answer.content.decode()


def test_a_wrong_number_is_refused_at_its_field(client, phones):
    answer = ask(client, "12345")

    assert answer.status_code == 400
    assert 'href="#id_phone"' in answer.content.decode()
    assert phones == {}


def test_the_session_gets_a_new_key_when_someone_signs_in(client, phones):
    phone = factories.phone()
    ask(client, phone)
    before = client.session.session_key
    client.post(CODE, {"code": phones[phone][0]})

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_form_without_token_is_refused(phones):
    strict = Client(enforce_csrf_checks=True)

    assert ask(strict, factories.phone()).status_code == 403
    assert phones == {}


def test_a_stopped_account_gets_a_code_like_any_and_then_stays_out(client, phones):
    user, _ = factories.citizen()
    accounts.lock_user(user_id=user.id, reason="试", by=factories.SYSTEM, at=factories.NOON, key=new_id())

    assert sign_in(client, user.phone, phones).url == reverse("identity:closed")
    assert client.get("/my/profile/").status_code == 302


def test_locking_an_account_ends_its_session(client, phones):
    user, _ = factories.citizen()
    sign_in(client, user.phone, phones)
    assert client.get("/my/profile/").status_code == 200

    accounts.lock_user(user_id=user.id, reason="试", by=factories.SYSTEM, at=factories.NOON, key=new_id())
    assert client.get("/my/profile/").status_code == 302


def test_a_session_row_shows_neither_number_nor_code(client, phones):
    phone = factories.phone()
    ask(client, phone)

    row = Session.objects.get().session_data
    assert SessionStore().decode(row)["account_login"]["phone"] == phone
    assert SessionStore().decode(row[:-8] + "AAAAAAA=") == {}
    import base64

    assert phone.encode() not in base64.b64decode(row)


def test_name_and_number_are_told_once_and_shown_masked(client, phones):
    phone, number = factories.phone(), factories.citizen_number()
    sign_in(client, phone, phones)

    page = client.get(reverse("identity:declare"))
    key = page.context["form"].initial["key"]
    given = {"name": "李晓禾", "citizen_number": number, "key": str(key), "next": "/my/profile/"}
    assert client.post(reverse("identity:declare"), given).url == "/my/profile/"

    shown = client.get("/my/profile/").content.decode()
    assert "李*" in shown
    assert "李晓禾" not in shown
    assert number not in shown
    assert phone not in shown
    assert selectors.people_with_number(number)[0].assurance == 1


def test_a_wrong_number_of_a_person_is_told_at_its_field_and_nothing_is_kept(client, phones):
    sign_in(client, factories.phone(), phones)
    given = {"name": "李晓禾", "citizen_number": "990104198002290000", "key": str(new_id())}

    answer = client.post(reverse("identity:declare"), given)

    assert answer.status_code == 400
    assert 'href="#id_citizen_number"' in answer.content.decode()
    assert Person.objects.get().name is None


def test_a_telephone_is_changed_by_a_code_to_the_new_one(client, phones):
    user, _ = factories.citizen()
    sign_in(client, user.phone, phones)
    new = factories.phone()

    client.post("/my/profile/phone/", {"phone": new})
    assert client.post("/my/profile/phone/code/", {"code": wrong(phones[new][0])}).status_code == 400
    assert client.post("/my/profile/phone/code/", {"code": phones[new][0]}).url == "/my/profile/"

    assert selectors.citizen_with_phone(new).pk == user.pk
    assert selectors.citizen_with_phone(user.phone) is None


def test_signing_out_ends_the_session_and_needs_a_post(client, phones):
    user, _ = factories.citizen()
    sign_in(client, user.phone, phones)

    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/"
    assert client.get("/my/profile/").status_code == 302
    assert AuditEntry.objects.filter(root_id=user.id, action="identity.sign_out").exists()


def test_a_session_unused_for_an_hour_ends(client, phones):
    user, _ = factories.citizen()
    sign_in(client, user.phone, phones)
    session = client.session
    session["seen"] -= 3601
    session.save()

    assert client.get("/my/profile/").status_code == 302


@pytest.mark.parametrize("path", ["/my/profile/", "/my/profile/identity/", "/my/profile/phone/"])
def test_own_pages_ask_to_sign_in_and_come_back(client, path):
    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.url == f"/sign-in/?next={path.replace('/', '%2F')}"


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/"]
)
def test_no_page_of_the_library_is_reachable(client, path):
    assert client.get(path).status_code == 404


def test_a_page_that_polls_by_itself_does_not_keep_a_session_open(client, phones):
    """An open progress page asks every half minute; that is nobody's use."""
    user, _ = factories.citizen()
    signed_in = factories.signed_in(client, user)
    signed_in.get("/my/profile/")
    session = signed_in.session
    session["seen"] = before = session["seen"] - 600
    session.save()

    signed_in.get("/my/profile/", headers={"X-Poll": "1"})
    assert signed_in.session["seen"] == before

    signed_in.get("/my/profile/")
    assert signed_in.session["seen"] > before

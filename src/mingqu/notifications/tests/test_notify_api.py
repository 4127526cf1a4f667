"""Programs of other departments send through us; the public client of GOV.UK Notify works against this installation."""

import base64
import json
import time
from datetime import timedelta
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from django.urls import reverse
from django.utils import timezone
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from mingqu.identity.errors import NotAuthorised
from mingqu.identity.models import User
from mingqu.identity.tests import factories as people
from mingqu.kernel.ids import new_id
from mingqu.notifications.errors import ServiceNamed, ServiceUnknown, TemplateWrong
from mingqu.notifications.models import NotifyKey, NotifyTemplate, Outgoing
from mingqu.notifications.services import notify, sending

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


def department() -> str:
    """Its code."""
    code = f"D{people.number()}"
    people.department(code=code)
    return code


@pytest.fixture
def officer():
    return people.staff_actor("system_officer")


@pytest.fixture
def service(officer):
    code = department()
    return notify.make_service(
        name="不动产登记系统", department_code=code, by=officer, at=timezone.now(), key=new_id()
    )


def template(
    service, officer, kind="sms", body="您的登记((number))已办好。", template_id=None, subject="办好了"
):
    draft = notify.Draft(kind, "办好通知", subject, body, template_id)
    notify.write_template(service_id=service, draft=draft, by=officer, at=timezone.now(), key=new_id())
    return NotifyTemplate.objects.latest("made_at").template_id


def key_of(service, officer, name="window") -> str:
    return notify.make_key(service_id=service, name=name, by=officer, at=timezone.now(), key=new_id())


@pytest.fixture
def program(service, officer, client):
    """The public client; only what carries its requests is ours."""
    made = NotificationsAPIClient(key_of(service, officer), base_url=SITE)

    def carried(method, url, headers, timeout, data=None, params=None):
        address = urlsplit(requests.Request(method, url, params=params).prepare().url)
        answer = client.generic(
            method,
            address.path + (f"?{address.query}" if address.query else ""),
            data or "",
            content_type="application/json",
            headers={"Authorization": headers["Authorization"]},
        )
        found = requests.Response()
        found.status_code, found._content = answer.status_code, answer.content
        return found

    made.request_session.request = carried
    return made


def test_the_public_client_sends_a_text_message_and_follows_it(program, service, officer):
    of = template(service, officer)
    sent = program.send_sms_notification("19900000001", str(of), {"number": "登〔2026〕7号"}, reference="a-1")
    assert sent["content"]["body"].endswith("】您的登记登〔2026〕7号已办好。") and sent["reference"] == "a-1"
    assert program.get_notification_by_id(sent["id"])["status"] == "created"
    while sending.send_batch(at=timezone.now()):
        pass

    told = program.get_notification_by_id(sent["id"])
    assert (told["status"], told["type"], told["phone_number"]) == ("delivered", "sms", "19900000001")
    assert told["template"]["id"] == str(of) and told["completed_at"]


def test_the_public_client_sends_e_mail_and_lists_what_it_sent(program, service, officer):
    of = template(service, officer, "email")
    for number in range(3):
        program.send_email_notification(
            "li@example.cn", str(of), {"number": str(number)}, reference=f"r-{number}"
        )

    assert [one["reference"] for one in program.get_all_notifications()["notifications"]] == [
        "r-2",
        "r-1",
        "r-0",
    ]
    assert len(program.get_all_notifications(template_type="sms")["notifications"]) == 0
    assert len(program.get_all_notifications(status="created", reference="r-1")["notifications"]) == 1
    assert len(list(program.get_all_notifications_iterator())) == 3


def test_the_public_client_reads_templates_versions_and_previews(program, service, officer):
    of = template(service, officer)
    template(service, officer, body="新的((number))。", template_id=of)

    assert [(one["version"], one["body"]) for one in program.get_all_templates()["templates"]] == [
        (2, "新的((number))。")
    ]
    assert program.get_template(str(of))["version"] == 2
    assert program.get_template_version(str(of), 1)["body"] == "您的登记((number))已办好。"
    assert program.post_template_preview(str(of), {"number": "7"})["body"].endswith("新的7。")


@pytest.mark.parametrize(
    ("to", "given", "message"),
    [
        ("123", {"number": "1"}, "Not a valid phone number"),
        ("19900000001", {}, "Missing personalisation: number"),
        ("19900000001", {"number": "长" * 1001}, "cannot be longer"),
    ],
)
def test_what_can_not_be_sent_is_refused_as_the_client_expects(program, service, officer, to, given, message):
    of = template(service, officer)
    with pytest.raises(HTTPError) as refused:
        program.send_sms_notification(to, str(of), given)

    assert refused.value.status_code == 400 and message in str(refused.value.message)
    assert not Outgoing.objects.exists()


def test_a_template_of_another_kind_or_service_is_refused(program, service, officer):
    of = template(service, officer, "email")
    for asked, status in ((str(of), 400), (str(new_id()), 404)):
        with pytest.raises(HTTPError) as refused:
            program.send_sms_notification("19900000001", asked, {"number": "1"})
        assert refused.value.status_code == status


def test_messages_of_another_service_are_not_there(program, service, officer, client):
    sent = program.send_sms_notification("19900000001", str(template(service, officer)), {"number": "1"})
    code = department()
    other = notify.make_service(
        name="别的系统", department_code=code, by=officer, at=timezone.now(), key=new_id()
    )
    answer = ask(client, key_of(other, officer), f"/v2/notifications/{sent['id']}")
    assert answer.status_code == 404


def ask(client, key, path, *, secret=None, issued=None, algorithm="HS256", body=None):
    claims = {"iss": key[-73:-37], "iat": issued or int(time.time())}
    token = jwt.encode(claims, secret or key[-36:], algorithm=algorithm)
    headers = {"Authorization": f"Bearer {token}"}
    if body is not None:
        return client.post(path, body, content_type="application/json", headers=headers)
    return client.get(path, headers=headers)


@pytest.mark.parametrize("root", ["", "/notify"])
def test_both_addresses_answer(service, officer, client, root):
    assert ask(client, key_of(service, officer), f"{root}/v2/templates").json() == {"templates": []}


@pytest.mark.parametrize(
    "wrong",
    [{"secret": "0" * 36}, {"issued": 1}, {"issued": int(time.time()) + 3600}, {"algorithm": "HS512"}],
    ids=["another secret", "long ago", "to come", "another algorithm"],
)
def test_what_is_not_signed_rightly_is_not_heard(service, officer, client, wrong):
    if wrong.get("algorithm") == "HS512":
        wrong = wrong | {"secret": None}
    answer = ask(client, key_of(service, officer), "/v2/templates", **wrong)

    assert answer.status_code == 403 and answer.json()["errors"][0]["error"] == "AuthError"


@pytest.mark.parametrize(
    "header", ["", "Bearer x", "Bearer a.b.c", "Basic abc", "Bearer ..", "Bearer e30.e30.e30"]
)
def test_a_request_without_a_token_is_refused_in_the_shape_of_clients(client, header):
    answer = client.get("/v2/templates", headers={"Authorization": header})

    assert answer.status_code == answer.json()["status_code"] == 403


def test_an_unsigned_token_of_algorithm_none_is_refused(service, officer, client):
    key = key_of(service, officer)
    token = jwt.encode({"iss": key[-73:-37], "iat": int(time.time())}, None, algorithm="none")
    answer = client.get("/v2/templates", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 403


def test_an_ended_key_is_heard_no_more(service, officer, client):
    key = key_of(service, officer)
    row = NotifyKey.objects.get()
    notify.end_key(key_id=row.pk, by=officer, at=timezone.now(), key=new_id())

    assert ask(client, key, "/v2/templates").status_code == 403
    with pytest.raises(ServiceUnknown):
        notify.end_key(key_id=new_id(), by=officer, at=timezone.now(), key=new_id())


def test_the_secret_is_shown_once_and_is_not_readable_in_the_table(service, officer):
    from django.db import connection

    again = new_id()
    made = notify.make_key(service_id=service, name="a", by=officer, at=timezone.now(), key=again)
    assert notify.make_key(service_id=service, name="a", by=officer, at=timezone.now(), key=again) == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT k::text FROM notifications_notifykey k")
        (row,) = cursor.fetchone()
    assert made[-36:] not in row


def test_services_have_names_of_their_own_and_templates_their_words(service, officer):
    with pytest.raises(ServiceNamed):
        notify.make_service(
            name="不动产登记系统",
            department_code=department(),
            by=officer,
            at=timezone.now(),
            key=new_id(),
        )
    with pytest.raises(TemplateWrong):
        template(service, officer, "email", subject="")


def test_who_is_no_system_officer_makes_no_keys(service):
    with pytest.raises(NotAuthorised):
        key_of(service, people.staff_actor("window_clerk"))


def test_a_program_that_asks_too_often_is_told_so(program, service, officer, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"notify_service_minute": (1, 60)}
    of = str(template(service, officer))
    program.send_sms_notification("19900000001", of, {"number": "1"})
    with pytest.raises(HTTPError) as refused:
        program.send_sms_notification("19900000001", of, {"number": "1"})
    assert refused.value.status_code == 429


def test_what_programs_send_spends_the_quota_but_knows_its_own_hours(program, service, officer, settings):
    of = str(template(service, officer))
    program.send_sms_notification("19900000001", of, {"number": "1"})
    settings.MINGQU_SMS_QUOTA = 0
    sending.send_batch(at=timezone.now() + timedelta(seconds=1))

    assert Outgoing.objects.get().state == Outgoing.State.QUEUED


def test_the_officer_s_pages_make_a_service_a_key_and_a_template(client, officer):
    people.signed_in(client, User.objects.get(pk=officer.user_id))
    page, code = reverse("notifications:programs"), department()
    assert "还没有接入的系统" in client.get(page).text
    assert client.post(page, {"name": "", "department": code, "key": str(new_id())}).status_code == 400
    made = client.post(page, {"name": "婚姻登记系统", "department": code, "key": str(new_id())})
    one = made.url
    service_id = one.rstrip("/").rpartition("/")[2]
    key = {"name": "k1", "key": str(new_id())}
    shown = client.post(reverse("notifications:make_key", args=[service_id]), key).text
    assert "只显示这一次" in shown and f"k1-{service_id}-" in shown
    assert f"k1-{service_id}-" not in client.get(one).text
    client.post(
        reverse("notifications:write_template", args=[service_id]),
        {"kind": "sms", "name": "办好", "body": "办好了((a))。", "key": str(new_id())},
    )
    end = reverse("notifications:end_key", args=[service_id, NotifyKey.objects.get().pk])
    client.post(end, {"key": str(new_id())})

    shown = client.get(one).text
    assert "办好了((a))。" in shown and "停用" in shown and NotifyKey.objects.get().ended_at


def test_what_is_no_json_is_refused(service, officer, client):
    key = key_of(service, officer)
    token = jwt.encode({"iss": key[-73:-37], "iat": int(time.time())}, key[-36:], algorithm="HS256")
    for body in ("x", "[]", "{}", json.dumps({"phone_number": 1, "template_id": "x"})):
        answer = client.post(
            "/v2/notifications/sms",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 400


def _token(head: str, claims: str) -> str:
    parts = (base64.urlsafe_b64encode(one.encode()).decode().rstrip("=") for one in (head, claims, "x"))
    return ".".join(parts)


@pytest.mark.parametrize(
    "claims",
    [
        '{{"iss": "{0}", "iat": Infinity}}',
        '{{"iss": "{0}", "iat": NaN}}',
        '{{"iss": "{0}", "iat": 1{1}}}',
        "[" * 3000,
    ],
)
def test_a_token_made_to_break_the_reader_is_refused_as_any_other(client, service, claims):
    given = claims.format(service, "0" * 400) if "{" in claims else claims
    token = _token('{"alg": "HS256"}', given)

    answer = client.get("/v2/notifications", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 403


def test_what_a_program_fills_in_makes_no_second_header(program, service, officer, settings):
    settings.MINGQU_DEMO = True
    made = template(service, officer, kind="email", subject="((name))办好了")

    sent = program.send_email_notification(
        "somebody@example.com",
        str(made),
        personalisation={"name": "A\r\nBcc: b@example.com\r", "number": "1"},
    )

    assert sent["content"]["subject"] == "A Bcc: b@example.com 办好了"


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
def test_what_can_not_be_kept_is_refused_and_nothing_is_queued(service, officer, client, text):
    key = key_of(service, officer)
    body = (
        f'{{"phone_number": "13800000000", "reference": "{text}", "personalisation": {{"name": "{text}"}}}}'
    )

    answer = ask(client, key, "/v2/notifications/sms", body=body)

    assert answer.status_code == 400 and answer.json()["errors"][0]["error"] == "BadRequestError"
    assert not Outgoing.objects.exists()

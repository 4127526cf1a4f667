"""A staff register keeps accounts in step: by the checker others use, and by what it must never do."""

from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone

from mingqu.identity import selectors
from mingqu.identity.errors import UnknownDepartment
from mingqu.identity.models import PostHolding, RegisterEntry, StaffRegister, User
from mingqu.identity.scim import selectors as selectors_of_scim
from mingqu.identity.scim import services
from mingqu.identity.scim.errors import AccountVersionOld, ExternalIdTaken, OfficerKept, RegisterUnknown
from mingqu.identity.scim.types import Wanted
from mingqu.identity.services import accounts
from mingqu.identity.tests import factories as f
from mingqu.identity.tests.applications import registrar
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import AuditEntry
from mingqu.kernel.types import Actor

pytestmark = pytest.mark.django_db
USERS = "/scim/v2/Users"
JSON = "application/scim+json"
WANG = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "wangli",
    "displayName": "王丽",
    "externalId": "E-1001",
}


class Program:
    """The staff register's own program."""

    def __init__(self, name: str = "人事管理系统", department=None) -> None:
        self.id, key = None, new_id()
        self.id = services.enter_register(
            name=name,
            operator="清禾区人力资源和社会保障局",
            department=department,
            by=registrar(),
            at=f.NOON,
            key=key,
        )
        self.token = services.token_of(key, key)
        self.http = Client(headers={"Authorization": f"Bearer {self.token}"})

    def sends(self, method: str, address: str, body=None, **headers):
        return getattr(self.http, method)(address, body, content_type=JSON, headers=headers)

    def adds(self, **changed):
        return self.sends("post", USERS, WANG | changed)

    def changes(self, user_id, *operations, **headers):
        body = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": path, "value": value} for path, value in operations],
        }
        return self.sends("patch", f"{USERS}/{user_id}", body, **headers)


@pytest.fixture
def program(settings):
    settings.ALLOWED_HOSTS = ["*"]
    return Program()


@pytest.fixture
def one_connection():
    """A request through WSGI ends with its connection closed, and with it the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
def test_the_checker_of_the_protocol_finds_nothing_wrong(program, settings, monkeypatch):
    """Its made-up texts are sign-in names as they are here: 36 signs with a digit first are refused, and rightly."""
    # Loading these takes more than a second: for who runs this test, not for who collects it.
    from scim2_client.engines.wsgi import WSGISCIMClient
    from scim2_tester import Status, check_server, filling

    monkeypatch.setattr(filling.uuid, "uuid4", lambda: f"u{new_id().hex[-20:]}")
    settings.MINGQU_BASE_URL = "http://testserver"
    client = WSGISCIMClient(
        get_wsgi_application(),
        base_url="http://testserver/scim/v2",
        headers={"Authorization": f"Bearer {program.token}"},
    )
    results = check_server(client)

    wrong = [
        f"{one.title}: {one.reason}" for one in results if one.status not in {Status.SUCCESS, Status.SKIPPED}
    ]
    # An account is open or stopped: taking "active" away leaves it open and said (RFC 7643 2.5 has no third).
    assert wrong == ["check_remove_attribute: PATCH modify() did not remove attribute 'active'"]
    assert sum(one.status == Status.SUCCESS for one in results) > 20


def test_who_comes_has_an_account_that_can_do_nothing_yet(program):
    answer = program.adds()
    made = answer.json()
    user = User.objects.get(pk=made["id"])

    assert (answer.status_code, made["userName"], made["displayName"]) == (201, "wangli", "王丽")
    assert answer["Location"].endswith(f"{USERS}/{user.pk}") and answer["ETag"] == 'W/"1"'
    assert not user.has_usable_password() and user.must_change_password
    assert selectors.roles_held(user.pk) == []
    row = RegisterEntry.objects.get(pk=user.pk)
    assert row.external_id == "E-1001"


def test_one_sign_in_name_and_one_number_belong_to_one_account(program):
    program.adds()
    for changed in ({"externalId": "E-2"}, {"userName": "wangli2"}):
        answer = program.adds(**changed)
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness"), answer.json()
    assert User.objects.filter(kind="staff", username__startswith="wangli").count() == 1
    assert Program("另一个系统").adds(userName="wangli2").status_code == 201  # its own numbers


def test_who_leaves_is_out_at_once_and_holds_no_post_from_tomorrow_on(program):
    post = f.post(f.department(), "window_clerk")
    user = f.staff_user("王丽", post)
    PostHolding.objects.create(
        user=user,
        post_id=f.post(f.department(), "reviewer"),
        from_on=legal_day(timezone.now()) + timedelta(days=9),
    )
    browser = f.signed_in(Client(), user)
    assert browser.get("/desk/").status_code == 200

    answer = program.changes(user.pk, ("active", False))

    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert browser.get("/desk/").status_code == 302
    assert PostHolding.objects.get(user=user).until_on == legal_day(timezone.now())
    assert User.objects.get(pk=user.pk).locked_because == services.LEFT
    entry = AuditEntry.objects.get(root_id=user.pk, action="identity.change_account")
    assert len(entry.notes["posts"]) == 1

    again = program.changes(user.pk, ("active", True), ("displayName", "王丽丽"))
    assert (again.json()["active"], again.json()["displayName"]) == (True, "王丽丽")
    assert selectors.holders_on(post, legal_day(timezone.now()) + timedelta(days=1)) == []


def test_what_an_officer_stopped_no_register_opens(program):
    user = f.staff_user("王丽", f.post(f.department(), "window_clerk"))
    accounts.lock_user(user_id=user.pk, reason="被人冒用", by=Actor.system("demo"), at=f.NOON, key=new_id())

    answer = program.changes(user.pk, ("active", True))

    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert User.objects.get(pk=user.pk).locked_because == "被人冒用"


@pytest.mark.parametrize("opened_between", [False, True])
def test_what_an_officer_stopped_after_the_register_did_no_register_opens(program, opened_between):
    user = f.staff_user("王丽", f.post(f.department(), "window_clerk"))
    program.changes(user.pk, ("active", False))
    officer = {"by": Actor.system("demo"), "at": f.NOON}
    if opened_between:
        accounts.unlock_user(user_id=user.pk, key=new_id(), **officer)
    accounts.lock_user(user_id=user.pk, reason="被人冒用", key=new_id(), **officer)

    for _twice in range(2):
        assert program.changes(user.pk, ("active", True)).json()["active"] is False
    found = User.objects.get(pk=user.pk)
    assert (found.is_active, found.locked_because) == (False, "被人冒用")


@pytest.mark.parametrize("role", ["system_officer", "security_officer", "audit_officer"])
def test_the_three_officers_are_out_of_its_reach(program, role):
    user = f.staff_user("王丽", f.post(f.department(), role))

    for answer in (
        program.changes(user.pk, ("active", False)),
        program.sends("delete", f"{USERS}/{user.pk}"),
    ):
        assert answer.status_code == 403 and "管理员" in answer.json()["detail"]
    assert User.objects.get(pk=user.pk).is_active


def test_a_change_of_what_was_changed_meanwhile_is_refused(program):
    made = program.adds().json()
    first = program.changes(made["id"], ("displayName", "王莉"), **{"If-Match": 'W/"1"'})
    late = program.changes(made["id"], ("displayName", "王立"), **{"If-Match": 'W/"1"'})

    assert (first.status_code, first["ETag"], late.status_code) == (200, 'W/"2"', 412)
    assert program.http.get(f"{USERS}/{made['id']}").json()["displayName"] == "王莉"


def test_it_finds_by_name_number_and_state_and_by_nothing_kept_in_secret(program):
    made = program.adds().json()

    def found(text):
        answer = program.http.get(USERS, {"filter": text})
        return (
            [one["id"] for one in answer.json()["Resources"]] if answer.status_code == 200 else answer.json()
        )

    for text in (
        'userName eq "WANGLI"',
        'externalId eq "E-1001" and active eq true',
        f'not (id ne "{made["id"]}")',
    ):
        assert found(text) == [made["id"]], text
    assert found('externalId eq "E-9"') == []
    for text in ('displayName eq "王丽"', 'userName co "wang"', "x eq", "(" * 400):
        assert found(text)["scimType"] == "invalidFilter", text


def test_a_list_goes_on_by_its_index(program):
    for number in range(3):
        program.adds(userName=f"page{number}", externalId=f"P{number}")
    many = User.objects.filter(kind="staff").count()
    second = program.http.get(USERS, {"startIndex": 2, "count": 1, "attributes": "userName"}).json()

    assert (second["totalResults"], second["itemsPerPage"], second["startIndex"]) == (many, 1, 2)
    assert [set(one) for one in second["Resources"]] == [{"schemas", "id", "userName"}]
    assert program.http.get(USERS, {"count": 0}).json()["totalResults"] == many


def test_what_is_taken_out_is_seen_no_more_and_its_deeds_stay(program):
    made = program.adds().json()
    assert program.sends("delete", f"{USERS}/{made['id']}").status_code == 204

    assert program.http.get(f"{USERS}/{made['id']}").status_code == 404
    user = User.objects.get(pk=made["id"])
    assert not user.is_active and AuditEntry.objects.filter(root_id=user.pk).count() == 2


def test_without_a_live_token_nothing_is_told(program):
    user = f.staff_user("王丽", f.post(f.department(), "window_clerk"))
    for given in ("", "Bearer", "Bearer x", f"Bearer {program.id.hex}{'0' * 64}", f"Basic {program.token}"):
        answer = Client().get(f"{USERS}/{user.pk}", headers={"Authorization": given})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="scim"'), given
    services.end_register(register_id=program.id, by=registrar(), at=f.NOON, key=new_id())
    assert program.http.get(USERS).status_code == 401
    assert StaffRegister.objects.get().token_digest not in program.token


def test_a_citizens_account_is_none_of_its_business(program):
    citizen, _actor = f.citizen()

    assert program.http.get(f"{USERS}/{citizen.pk}").status_code == 404
    assert program.changes(citizen.pk, ("active", False)).status_code == 404
    assert str(citizen.pk) not in program.http.get(USERS).content.decode()


@pytest.mark.parametrize(
    "body", ["", "[", "[]", "null", "[" * 100_000, '{"userName": 5}', '{"userName": "a b"}']
)
def test_what_is_no_account_is_refused_and_nothing_is_kept(program, body):
    before = User.objects.count()
    answer = program.sends("post", USERS, body)

    assert answer.status_code == 400 and answer["Content-Type"] == JSON
    assert User.objects.count() == before


def test_the_token_is_shown_once_to_the_system_officer_and_an_end_is_at_once():
    officer = f.signed_in(Client(), f.staff_user("系统", f.post(f.department(), "system_officer")))
    key = str(new_id())
    given = {"key": key, "name": "人事管理系统", "operator": "清禾区人社局", "stage": "do"}
    shown = officer.post("/staff/registers/new/", given).content.decode()
    row = StaffRegister.objects.get()
    token = services.token_of(row.pk, row.pk)

    assert token in shown and token not in officer.get("/staff/registers/").content.decode()
    http = Client(headers={"Authorization": f"Bearer {token}"})
    assert http.get(USERS).status_code == 200
    officer.post(f"/staff/registers/{row.pk}/end/", {"key": str(new_id()), "stage": "do"})
    assert http.get(USERS).status_code == 401


def test_the_register_of_an_organ_reaches_its_own_people_alone(program):
    bureau = f.department("演示局")
    below, other = f.department("演示所", parent=bureau), f.department("别的局")
    own, under = (f.staff_user(name, f.post(of)) for name, of in (("甲", bureau), ("乙", below)))
    strange, both = f.staff_user("丙", f.post(other)), f.staff_user("丁", f.post(bureau), f.post(other))
    of_organ = Program("演示局人事系统", bureau)
    entered = of_organ.adds().json()["id"]

    listed = {one["id"] for one in of_organ.sends("get", USERS).json()["Resources"]}
    assert listed == {str(own.pk), str(under.pk), entered}
    for user in (strange, both):
        assert of_organ.sends("get", f"{USERS}/{user.pk}").status_code == 404
        assert of_organ.changes(user.pk, ("active", False)).status_code == 404
        assert of_organ.sends("delete", f"{USERS}/{user.pk}").status_code == 404
        user.refresh_from_db()
        assert user.is_active
    assert of_organ.changes(own.pk, ("active", False)).status_code == 200
    assert program.sends("get", f"{USERS}/{strange.pk}").status_code == 200
    with pytest.raises(UnknownDepartment):
        Program("没有这个单位", new_id())


def test_each_refusal_has_its_code_and_changes_nothing(program):
    of = selectors_of_scim.register(program.id)
    officer = f.staff_user("王丽", f.post(f.department(), "audit_officer"))
    known, free = (program.adds(userName=name, externalId=name).json()["id"] for name in ("known", "free"))
    given = {"of": of, "at": f.NOON}

    with pytest.raises(OfficerKept):
        services.remove_account(user_id=officer.pk, version=None, key=new_id(), **given)
    with pytest.raises(AccountVersionOld):
        services.remove_account(user_id=known, version=7, key=new_id(), **given)
    with pytest.raises(ExternalIdTaken):
        services.change_account(
            user_id=free, wanted=Wanted("free", "王丽", True, "known"), version=None, key=new_id(), **given
        )
    with pytest.raises(RegisterUnknown):
        services.end_register(register_id=new_id(), by=registrar(), at=f.NOON, key=new_id())
    assert User.objects.filter(pk__in=[known, free], is_active=True).count() == 2
    assert RegisterEntry.objects.get(pk=free).external_id == "free"


def test_what_is_longer_than_a_name_or_a_number_is_not_kept(program):
    for changed in ({"displayName": "王" * 101}, {"externalId": "E" * 201}):
        answer = program.adds(**changed)
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue"), changed.keys()
    made = program.adds().json()["id"]
    assert program.changes(made, ("displayName", "王" * 100_000)).status_code == 400
    assert program.changes(made, ("externalId", "E" * 100_000)).status_code == 400
    assert User.objects.filter(username="wangli").count() == 1

"""The pages of the report upwards: what was rejected, by whom it is put right, and what is pressed."""

import io
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mingqu.cases.tests import factories as f
from mingqu.federation import services
from mingqu.federation.above.double import DoubleAbove
from mingqu.federation.errors import NobodyAbove, TableUnknown
from mingqu.federation.models import UpwardEntry, UpwardFeed
from mingqu.identity.models import Department, User
from mingqu.identity.tests import factories as people

pytestmark = pytest.mark.django_db
TABLE = reverse("federation:table", args=["affair"])


def client_of(role):
    return people.signed_in(Client(), User.objects.get(pk=people.staff_actor(role).user_id))


@pytest.fixture
def rejected():
    """A case whose organ has no credit code."""
    w = f.world()
    Department.objects.filter(pk=w.bureau).update(credit_code="")
    case = f.received_case(w)
    now = timezone.now()
    services.look_through("affair", now)
    services.gather("affair", now)
    (batch_id,) = services.due(now)
    services.go_on(batch_id, DoubleAbove(), now)
    return case


def test_what_was_rejected_stands_with_its_field_and_leads_nobody_where_she_may_not_go(rejected):
    page = client_of("data_steward").get(TABLE).content.decode()

    assert rejected.number in page and "实施主体编码：没有填写" in page
    assert reverse("workbench:case", args=[rejected.number]) not in page, "she may see no case"
    assert "affair-00000001" in page


def test_pressed_again_it_waits_and_pressed_twice_it_is_one_deed(rejected):
    client, key = client_of("data_steward"), str(uuid4())
    address = reverse("federation:again", args=["affair"])

    first = client.post(address, {"key": key})
    second = client.post(address, {"key": key})

    assert first.status_code == second.status_code == 302
    assert UpwardEntry.objects.get(table="affair").state == "waiting"
    assert client.post(address, {"key": str(uuid4())}).status_code == 409
    assert client.post(address, {"key": "x"}).status_code == 400


def test_a_table_is_looked_through_from_its_beginning(rejected):
    client = client_of("data_steward")

    assert client.post(reverse("federation:look", args=["affair"]), {"key": str(uuid4())}).status_code == 302
    assert UpwardFeed.objects.get(table="affair").mark == ""
    assert client.post(reverse("federation:look", args=["none"]), {"key": str(uuid4())}).status_code == 404
    with pytest.raises(TableUnknown):
        services.resend_all(
            table="none", by=people.staff_actor("data_steward"), at=timezone.now(), key=uuid4()
        )


def test_who_may_only_see_presses_nothing(rejected):
    client = client_of("system_officer")

    assert "重新报送" not in client.get(TABLE).content.decode()
    assert client.post(reverse("federation:again", args=["affair"]), {"key": str(uuid4())}).status_code == 403


def test_the_table_taken_away_says_the_same_with_numbers(rejected):
    answer = client_of("data_steward").get(reverse("federation:export", args=["affair"]))
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))

    assert rows[1][3] == 1 and rows[-1][:4] == (rejected.number, "实施主体编码", "没有填写", 1)


def test_without_a_platform_above_the_page_says_so_and_nothing_is_sent(rejected, settings):
    settings.MINGQU_DEMO = False
    client = client_of("data_steward")

    assert "还没有接通上级平台" in client.get(TABLE).content.decode()
    assert client.post(reverse("federation:again", args=["affair"]), {"key": str(uuid4())}).status_code == 409
    with pytest.raises(NobodyAbove):
        services.rescan(table="affair", by=people.staff_actor("data_steward"), at=timezone.now(), key=uuid4())


def test_the_page_of_all_tables_costs_few_statements(rejected, django_assert_max_num_queries):
    client = client_of("data_steward")
    with django_assert_max_num_queries(22):
        page = client.get(reverse("federation:tables")).content.decode()

    assert "1条" in page

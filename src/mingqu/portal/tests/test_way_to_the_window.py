"""PRT-07: where to go: unit, address, hours, and on a phone its own map; no outside host is asked."""

from urllib.parse import quote

import pytest

from mingqu.cases.tests import factories as f
from mingqu.ui.context import KIOSK_COOKIE


@pytest.mark.django_db
def test_the_address_opens_the_phones_map_and_a_terminal_has_no_way_out(client):
    f.world()
    window = f.food_licence()["guide"]["windows"][0]
    link = f'href="geo:0,0?q={quote(window["address"], safe="")}"'

    guide = client.get("/services/QH-SPJYXK/").content.decode()
    for words in (window["name"], window["address"], link):
        assert words in guide

    client.cookies[KIOSK_COOKIE] = "on"
    terminal = client.get("/services/QH-SPJYXK/").content.decode()
    assert window["address"] in terminal
    assert "geo:" not in terminal

"""手机拍照传到窗口: into exactly one material, for minutes, nothing back; the clerk takes it or does not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from mingqu.cases import errors, selectors
from mingqu.cases.models import PhoneFile, PhoneSlot
from mingqu.cases.services import phone
from mingqu.cases.services.files import Upload
from mingqu.cases.tests import at_window
from mingqu.cases.tests import factories as f
from mingqu.documents.errors import UploadRefused
from mingqu.forms.errors import DraftNotFound
from mingqu.forms.models import Draft

pytestmark = pytest.mark.django_db
NOW = f.FRIDAY_NOON
PLAN, RULES = "floor-plan", "safety-rules"


@pytest.fixture
def w():
    return f.world()


def standing(w, at):
    """One material of a draft at the window."""
    person = at_window.walk_in(w, at=at)
    draft_id, _version = at_window.window_draft(w, person, originals=(), at=at)
    return {"draft_id": draft_id, "material": PLAN, "by": at_window.assisting(w, person), "at": at}


@pytest.fixture
def here(w):
    return standing(w, NOW)


def photo(name="图纸.png", data=f.PNG):
    return Upload(name, data)


def sent(here, at=NOW, **given):
    slot = phone.open_slot(**here)
    phone.send(token=slot.token, upload=photo(**given), at=at)
    return slot


def test_a_picture_waits_for_the_clerk_and_goes_into_this_material_only(here):
    sent(here)
    (one,) = phone.arrived(**here)
    assert selectors.waiting_uploads(here["draft_id"]) == {}
    assert phone.arrived(**{**here, "material": RULES}) == []

    phone.take(file_id=one.id, **here)

    found = selectors.waiting_uploads(here["draft_id"])
    assert ([*found], len(found[PLAN]), phone.arrived(**here)) == ([PLAN], 1, [])
    with pytest.raises(errors.PhoneFileUnknown):  # taken once
        phone.take(file_id=one.id, **here)


def test_what_the_clerk_does_not_want_never_gets_in(here):
    sent(here)
    phone.discard(file_id=phone.arrived(**here)[0].id, **here)

    assert phone.arrived(**here) == []
    assert selectors.waiting_uploads(here["draft_id"]) == {}
    assert PhoneFile.objects.get().state == "discarded"


def test_a_code_runs_out_is_closed_and_is_the_same_while_it_runs(here):
    slot = phone.open_slot(**here)
    assert phone.open_slot(**here).token == slot.token == phone.token_of(slot.code, NOW)
    later = NOW + f.DAY
    for refused in (lambda: phone.token_of(slot.code, later), lambda: phone.slot_page(slot.token, later)):
        with pytest.raises(errors.PhoneSlotUnknown):
            refused()
    phone.close_slots(**here)
    with pytest.raises(errors.PhoneSlotUnknown):
        phone.send(token=slot.token, upload=photo(), at=NOW)
    assert phone.open_slot(**here).token != slot.token


def test_what_was_handed_in_takes_nothing_more_and_a_look_keeps_no_code_alive(here):
    assert phone.running_slot(**here) is None
    slot = sent(here)
    assert phone.running_slot(**here) == slot
    assert phone.running_slot(**{**here, "at": slot.expires_at}) is None

    Draft.objects.filter(pk=here["draft_id"]).update(filed_at=NOW)
    for refused in (
        lambda: phone.token_of(slot.code, NOW),
        lambda: phone.slot_page(slot.token, NOW),
        lambda: phone.send(token=slot.token, upload=photo(), at=NOW),
    ):
        with pytest.raises(errors.PhoneSlotUnknown):
            refused()
    assert PhoneFile.objects.count() == 1


def test_ten_pictures_and_no_hostile_file(here, monkeypatch):
    monkeypatch.setattr(phone, "MOST", 2)
    slot = sent(here)
    with pytest.raises(UploadRefused):
        phone.send(token=slot.token, upload=photo("a.exe", b"MZ" + b"0" * 200), at=NOW)
    sent(here)
    with pytest.raises(errors.PhoneSlotFull):
        sent(here)
    assert PhoneFile.objects.count() == 2


def test_another_window_sees_nothing_of_it(w, here):
    sent(here)
    other = at_window.assisting(w, at_window.walk_in(w, name="王大力"))
    for deed in (phone.arrived, phone.open_slot, phone.close_slots):
        with pytest.raises(DraftNotFound):
            deed(**{**here, "by": other})
    with pytest.raises(DraftNotFound):
        phone.take(file_id=phone.arrived(**here)[0].id, **{**here, "by": other})
    with pytest.raises(errors.MaterialUnknown):
        phone.open_slot(**{**here, "material": "no-such"})


def test_a_phone_types_six_digits_sends_and_reads_nothing_back(client, w):
    slot = phone.open_slot(**standing(w, timezone.now()))
    assert client.post("/phone/", {"code": "12"}).status_code == 400
    to = client.post("/phone/", {"code": f"{slot.code[:3]} {slot.code[3:]}"})
    assert to.headers["Location"] == reverse("cases:phone_send", args=[slot.token])

    file = SimpleUploadedFile("身份证.png", f.PNG, content_type="image/png")
    assert client.post(to.headers["Location"], {"photos": [file]}).status_code == 302
    page = client.get(to.headers["Location"]).content.decode()
    assert "已发1张" in page
    for secret in ("身份证", "禾小满", slot.code):
        assert secret not in page
    assert PhoneFile.objects.get().name == "身份证.png"
    assert client.post(to.headers["Location"], {}).status_code == 400


def test_who_guesses_codes_is_stopped(client, here, settings):
    settings.MINGQU_LIMITS = settings.MINGQU_LIMITS | {"phone_code_address": (3, 600)}
    for _ in range(3):
        assert client.post("/phone/", {"code": "000000"}).status_code == 404
    assert client.post("/phone/", {"code": "000000"}).status_code == 429
    assert PhoneSlot.objects.count() == 0

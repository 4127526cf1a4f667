"""
设备: what a window has, pairing with the program on its computer, and what a device said. Nothing here is needed to
serve anybody: each of it has a way by keyboard.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.core import signing

from mingqu.cases import selectors as cases
from mingqu.evaluation import services as evaluation
from mingqu.hall.bridge import answers
from mingqu.hall.bridge.answers import Answered, Asked
from mingqu.hall.errors import (
    BridgeMissing,
    DeviceAnswerStale,
    DeviceAnswerWrong,
    DeviceUnknown,
    PairingCodeWrong,
    WindowUnknown,
)
from mingqu.hall.models import DeviceBridge, Window
from mingqu.hall.models.devices import CODE_PURPOSE
from mingqu.hall.types import DEVICES, CardRead, Paired
from mingqu.identity.services import access, checked_number
from mingqu.identity.types import SeenDocument
from mingqu.kernel.commands import command
from mingqu.kernel.fields import blind_index
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

PAIRING = Actor.system("hall-bridge")
CODE_DIGITS = 8
CODE_LASTS = timedelta(minutes=10)
PORTS = range(1024, 65536)
SALT = "hall.device"


def set_devices(
    *, window_id: UUID, devices: Sequence[str], by: Actor, at: Instant, key: UUID
) -> tuple[str, ...]:
    """Which devices a window has from now on. Raises DeviceUnknown, WindowUnknown or NotAuthorised."""
    with command("hall.manage", window_id, by=by, at=at, key=key) as cmd:
        window = _window_for_update(window_id, by)
        if unknown := set(devices) - DEVICES.keys():
            raise DeviceUnknown(field="devices", what="、".join(sorted(unknown)))
        chosen = tuple(code for code in DEVICES if code in devices)
        if not cmd.repeated:
            DeviceBridge.objects.update_or_create(window=window, defaults={"devices": list(chosen)})
            cmd.note(window=window.number, devices="、".join(DEVICES[code] for code in chosen) or "没有")
            cmd.done(None)
    return chosen


def make_pairing_code(*, window_id: UUID, by: Actor, at: Instant, key: UUID) -> str:
    """
    A code of CODE_DIGITS digits for the program on the window's computer, for CODE_LASTS, used once; one made before is
    worth nothing any more. It follows from `key`, so that it need not be kept. Raises WindowUnknown or NotAuthorised.
    """
    drawn = int.from_bytes(blind_index("hall.pairing_drawn", f"{window_id}:{key}")[:8], "big")
    code = str(drawn % 10**CODE_DIGITS).zfill(CODE_DIGITS)
    with command("hall.manage", window_id, by=by, at=at, key=key) as cmd:
        window = _window_for_update(window_id, by)
        if not cmd.repeated:
            DeviceBridge.objects.update_or_create(
                window=window,
                defaults={"code_digest": blind_index(CODE_PURPOSE, code), "code_until": at + CODE_LASTS},
            )
            cmd.note(window=window.number, pairing="生成了配对码")
            cmd.done(None)
    return code


def end_pairing(*, window_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """The program of this window is believed nothing from now on. Raises WindowUnknown or NotAuthorised."""
    with command("hall.manage", window_id, by=by, at=at, key=key) as cmd:
        window = _window_for_update(window_id, by)
        if cmd.repeated:
            return
        DeviceBridge.objects.filter(window=window).update(
            secret="", port=None, paired_at=None, code_digest=None, code_until=None
        )
        cmd.note(window=window.number, pairing="解除了")
        cmd.done(None)


def pair(*, code: str, port: int, at: Instant) -> Paired:
    """
    The program on a window's computer brings the code its manager was shown. Its secret is new each time and told here
    alone. Raises PairingCodeWrong.
    """
    found = _of_code(code, at)
    if found is None or port not in PORTS:
        raise PairingCodeWrong()
    with command("device.pair", found.window_id, by=PAIRING, at=at, key=new_id()) as cmd:
        row = DeviceBridge.objects.select_for_update().select_related("window__hall").get(pk=found.pk)
        if row.code_digest is None or bytes(row.code_digest) != blind_index(CODE_PURPOSE, code):
            raise PairingCodeWrong()  # another program was first
        access.require(PAIRING, "device.pair", row.window.hall)
        row.secret, row.port, row.paired_at = secrets.token_urlsafe(32), port, at
        row.code_digest, row.code_until = None, None
        row.save(update_fields=["secret", "port", "paired_at", "code_digest", "code_until"])
        cmd.note(window=row.window.number, hall=row.window.hall.name, port=port)
        cmd.done(None)
    address = urlsplit(settings.MINGQU_BASE_URL)
    shown = f"{row.window.hall.name} {row.window.number}号窗口"
    return Paired(row.secret, f"{address.scheme}://{address.netloc}", shown, tuple(row.devices))


def ask_device(
    *, window_id: UUID, device: str, by: Actor, at: Instant, key: UUID, case_number: str = ""
) -> str:
    """
    The question a page takes to the program: signed by us, for this window, device and person, answered once.

    Raises BridgeMissing, DeviceUnknown, CaseUnknown, what rating refuses, or NotAuthorised.
    """
    with command("device.use", window_id, by=by, at=at, key=key) as cmd:
        row = _bridge(window_id)
        access.require(by, "device.use", row.window.hall)
        if device not in row.devices:
            raise DeviceUnknown(field="device")
        about = _to_rate(by, case_number) if device == "rating" else ""
        if not cmd.repeated:
            cmd.note(window=row.window.number, device=DEVICES[device])
            cmd.done(None)
    asked = Asked(key, window_id, device, by.doer_id, at, about)
    return signing.Signer(salt=SALT).sign_object(asked.plain())


def read_card(*, window_id: UUID, answer: str, by: Actor, at: Instant) -> CardRead:
    """
    What the ID reader of this window read for this clerk a moment ago, once. Nothing of it is kept but a digest of the
    number in the ledger.

    Raises DeviceAnswerWrong, DeviceAnswerStale, CardUnreadable, BridgeMissing or NotAuthorised.
    """
    told = _believed(answer, "id_reader", at)
    if told.asked.window_id != window_id or told.asked.person_id != by.doer_id:
        raise DeviceAnswerWrong()
    with command("device.read", window_id, by=by, at=at, key=uuid5(told.asked.id, "read")) as cmd:
        if cmd.repeated:
            raise DeviceAnswerStale()
        row = _bridge(window_id)
        access.require(by, "device.read", row.window.hall)
        found = answers.card(told.result, _number)
        cmd.note(window=row.window.number, device=DEVICES["id_reader"])
        cmd.note_digest(number=found.number)
        cmd.done(None)
    return found


def hear_rating(*, answer: str, at: Instant) -> None:
    """
    What the applicant pressed on the rating device, told by the program itself: the clerk's page never has it.

    Raises DeviceAnswerWrong, DeviceAnswerStale, BridgeMissing, or what rating refuses.
    """
    told = _believed(answer, "rating", at)
    evaluation.rate_at_window(
        case_id=UUID(told.asked.about),
        level=answers.level(told.result),
        by=PAIRING,
        at=at,
        key=uuid5(told.asked.id, "rate"),
    )


def _to_rate(by: Actor, case_number: str) -> str:
    """Raises CaseUnknown, or why this case is not rated now."""
    case = cases.case_visible_to(by, case_number)
    evaluation.require_rateable_at_window(case.pk, case.status, case.item_type)
    return str(case.pk)


def _believed(answer: str, device: str, at: Instant) -> Answered:
    return answers.believed(
        answer,
        device=device,
        at=at,
        asked_by_us=_asked_by_us,
        secret_of=lambda window_id: _bridge(window_id).secret,
    )


def _asked_by_us(nonce: str) -> Asked:
    try:
        return Asked.of(signing.Signer(salt=SALT).unsign_object(nonce))
    except signing.BadSignature as forged:
        raise DeviceAnswerWrong() from forged


def _number(kind: str, number: str) -> str:
    return checked_number(SeenDocument(kind, number))


def _bridge(window_id: UUID) -> DeviceBridge:
    """Raises BridgeMissing."""
    row = (
        DeviceBridge.objects.filter(window_id=window_id, paired_at__isnull=False)
        .select_related("window__hall")
        .first()
    )
    if row is None or not row.secret:
        raise BridgeMissing()
    return row


def _of_code(code: str, at: Instant) -> DeviceBridge | None:
    if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
        return None
    return DeviceBridge.objects.filter(code_digest=blind_index(CODE_PURPOSE, code), code_until__gt=at).first()


def _window_for_update(window_id: UUID, by: Actor) -> Window:
    """Raises WindowUnknown or NotAuthorised."""
    found = (
        Window.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=window_id)
        .select_related("hall")
        .first()
    )
    if found is None:
        raise WindowUnknown()
    access.require(by, "hall.manage", found.hall)
    return found

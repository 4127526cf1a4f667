"""
Phone to desk (手机拍照传到窗口): the clerk shows six digits and a square code for one material of the draft before her;
the applicant's phone sends pictures to exactly this material, without an account, and can read nothing back. The clerk
takes each or does not; what she takes goes the way of every upload.

No commands: nothing of a draft has effect before it is handed in.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from mingqu.cases.errors import MaterialUnknown, PhoneFileUnknown, PhoneSlotFull, PhoneSlotUnknown
from mingqu.cases.models import PhoneFile, PhoneSlot
from mingqu.cases.services.files import Holder, Upload, add_draft_files
from mingqu.cases.services.filing import definition_of_draft
from mingqu.documents import services as documents
from mingqu.forms import selectors as drafts
from mingqu.identity.types import AssistingActor
from mingqu.kernel.crypto import blind_index
from mingqu.kernel.types import Instant

MOST = 10  # pictures through one code
KIND = "phone_photo"
State = PhoneFile.State


@dataclass(frozen=True)
class OpenSlot:
    """What the clerk's page shows: the code large, the link as a square code, until when."""

    id: UUID
    code: str = field(repr=False)
    token: str = field(repr=False)
    material: str
    expires_at: datetime


@dataclass(frozen=True)
class SlotPage:
    """What a stranger's phone is told: for which material of which service, and how many it may still send."""

    id: UUID
    item: str
    material: str
    sent: int
    left: int


@dataclass(frozen=True)
class Arrived:
    id: UUID
    slot_id: UUID
    file_id: UUID
    name: str = field(repr=False)
    size: int
    arrived_at: datetime


def open_slot(*, draft_id: UUID, material: str, by: AssistingActor, at: Instant) -> OpenSlot:
    """
    The running code of this material at this post, or a new one. Raises DraftNotFound, DraftAlreadyFiled,
    MaterialUnknown.
    """
    definition = definition_of_draft(drafts.draft(draft_id, by=by, at=at))
    name = next((m.name for m in definition.materials if m.code == material), None)
    if name is None or by.post_id is None:
        raise MaterialUnknown()
    if (slot := _running(draft_id, material, by, at)) is None:
        token, code = secrets.token_urlsafe(24), _free_code(at)
        slot = PhoneSlot.objects.create(
            draft_id=draft_id,
            material_code=material,
            material_name=name,
            item_name=f"{definition.item.name}（{definition.handling_item.name}）",
            code=code,
            code_index=blind_index("phone_code", code),
            token=token,
            token_index=blind_index("phone_token", token),
            post_id=by.post_id,
            made_by=by.doer_id,
            made_at=at,
            expires_at=at + timedelta(minutes=settings.MINGQU_DESK["phone_minutes"]),
        )
    return _shown(slot)


def running_slot(*, draft_id: UUID, material: str, by: AssistingActor, at: Instant) -> OpenSlot | None:
    """The code while it runs, never a new one: for a page that looks by itself. Raises as `open_slot`."""
    drafts.draft(draft_id, by=by, at=at)
    slot = _running(draft_id, material, by, at)
    return _shown(slot) if slot else None


def _running(draft_id: UUID, material: str, by: AssistingActor, at: Instant) -> PhoneSlot | None:
    found = PhoneSlot.objects.filter(
        draft_id=draft_id, material_code=material, post_id=by.post_id, expires_at__gt=at
    )
    return found.order_by("-made_at").first()


def _shown(slot: PhoneSlot) -> OpenSlot:
    return OpenSlot(slot.pk, slot.code or "", slot.token or "", slot.material_name, slot.expires_at)


def close_slots(*, draft_id: UUID, material: str, by: AssistingActor, at: Instant) -> None:
    """The code of this material is good no more. Raises DraftNotFound."""
    drafts.draft(draft_id, by=by, at=at)
    found = PhoneSlot.objects.filter(draft_id=draft_id, material_code=material, expires_at__gt=at)
    found.update(expires_at=at)


def token_of(code: str, at: Instant) -> str:
    """From the six digits to the page. The caller limits attempts. Raises PhoneSlotUnknown."""
    index = blind_index("phone_code", "".join(code.split()))
    slot = PhoneSlot.objects.filter(code_index=index, expires_at__gt=at).first()
    if slot is None or not drafts.is_open(slot.draft_id, at=at):
        raise PhoneSlotUnknown(field="code")
    return slot.token or ""


def slot_page(token: str, at: Instant) -> SlotPage:
    """Raises PhoneSlotUnknown."""
    slot = _slot(token, at)
    sent = slot.files.count()
    return SlotPage(slot.pk, slot.item_name, slot.material_name, sent, max(0, MOST - sent))


def send(*, token: str, upload: Upload, at: Instant) -> None:
    """One picture from a phone: hostile until checked. Raises PhoneSlotUnknown, PhoneSlotFull, UploadRefused."""
    checked = documents.check_upload(upload.data)
    with transaction.atomic():
        slot = PhoneSlot.objects.select_for_update().get(pk=_slot(token, at).pk)
        if slot.files.count() >= MOST:
            raise PhoneSlotFull(most=MOST)
        ref = documents.store_upload(root_id=slot.pk, kind=KIND, name=upload.name, upload=checked, at=at)
        PhoneFile.objects.create(
            slot=slot, file_id=ref.file_id, name=upload.name[:120], size=len(checked.data), arrived_at=at
        )


def arrived(*, draft_id: UUID, material: str, by: AssistingActor, at: Instant) -> list[Arrived]:
    """What came for this material and waits for the clerk, first come first. Raises DraftNotFound."""
    drafts.draft(draft_id, by=by, at=at)
    rows = PhoneFile.objects.filter(
        slot__draft_id=draft_id, slot__material_code=material, state=State.ARRIVED
    ).order_by("arrived_at", "id")
    return [
        Arrived(row.id, row.slot_id, row.file_id, row.name or "", row.size, row.arrived_at) for row in rows
    ]


def take(*, draft_id: UUID, material: str, file_id: UUID, by: AssistingActor, at: Instant) -> None:
    """Into the draft with it, checked once more. Raises PhoneFileUnknown, or what `add_draft_files` does."""
    with transaction.atomic():
        row = _waiting(draft_id, material, file_id, by, at)
        data = documents.read_file(row.slot_id, row.file_id)
        upload = Upload(row.name or "照片.jpg", data)
        add_draft_files(draft_id=draft_id, material=material, uploads=[upload], holder=Holder(by), at=at)
        _settle(row, State.TAKEN)


def discard(*, draft_id: UUID, material: str, file_id: UUID, by: AssistingActor, at: Instant) -> None:
    """Not wanted: it never gets into the draft. Raises PhoneFileUnknown."""
    with transaction.atomic():
        _settle(_waiting(draft_id, material, file_id, by, at), State.DISCARDED)


def _waiting(draft_id: UUID, material: str, file_id: UUID, by: AssistingActor, at: Instant) -> PhoneFile:
    drafts.draft(draft_id, by=by, at=at)
    rows = PhoneFile.objects.select_for_update(of=("self",)).filter(
        id=file_id, slot__draft_id=draft_id, slot__material_code=material, state=State.ARRIVED
    )
    row = rows.first()
    if row is None:
        raise PhoneFileUnknown()
    return row


def _settle(row: PhoneFile, state: str) -> None:
    PhoneFile.objects.filter(slot_id=row.slot_id, id=row.id).update(state=state)


def _slot(token: str, at: Instant) -> PhoneSlot:
    index = blind_index("phone_token", token)
    slot = PhoneSlot.objects.filter(token_index=index, expires_at__gt=at).first()
    # What was handed in takes nothing more: pictures sent now would lie where nobody looks.
    if slot is None or not drafts.is_open(slot.draft_id, at=at):
        raise PhoneSlotUnknown()
    return slot


def _free_code(at: Instant) -> str:
    """Six digits that no other running code has."""
    while True:
        code = f"{secrets.randbelow(1_000_000):06d}"
        index = blind_index("phone_code", code)
        if not PhoneSlot.objects.filter(code_index=index, expires_at__gt=at).exists():
            return code

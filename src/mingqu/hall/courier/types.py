"""What we tell a courier, and what it tells us."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

# What may be told of a parcel. `failed`: nobody was there, it is tried again; `returned`: it is back at the counter.
KINDS: Final = {
    "collected": _("快递员已取件"),
    "moving": _("运送中"),
    "delivering": _("正在派送"),
    "failed": _("没有送到，再送一次"),
    "signed": _("已签收"),
    "returned": _("退回窗口"),
}


@dataclass(frozen=True)
class Parcel:
    """`reference` is ours, and the same one again means the same parcel."""

    reference: str
    receiver: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    sender: str = ""
    sender_address: str = ""


@dataclass(frozen=True)
class Told:
    """One thing that happened, with an id of the courier's. `signer`: who took it, where it was signed for."""

    event: UUID
    kind: str
    reference: str
    waybill: str
    happened_at: datetime
    words: str = field(default="", repr=False)
    signer: str = field(default="", repr=False)

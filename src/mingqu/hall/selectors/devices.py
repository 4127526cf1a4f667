"""Questions about the devices of windows."""

from uuid import UUID

from mingqu.hall.bridge.signing import page_token
from mingqu.hall.errors import WindowUnknown
from mingqu.hall.models import DeviceBridge, Hall, Window
from mingqu.hall.types import BridgeView
from mingqu.identity.services import access
from mingqu.kernel.types import Actor


def window_of(hall: Hall, number: int) -> Window:
    """Of a hall the caller may manage. Raises WindowUnknown."""
    found = Window.objects.filter(hall=hall, number=number).select_related("hall").first()
    if found is None:
        raise WindowUnknown()
    return found


def devices_of(window: Window) -> BridgeView:
    """For who furnishes the window; without the token of its pages."""
    row = DeviceBridge.objects.filter(window=window).first()
    if row is None:
        return BridgeView(window.pk, window.number, window.name, window.hall.name, ())
    return BridgeView(
        window.pk,
        window.number,
        window.name,
        window.hall.name,
        tuple(row.devices),
        row.port,
        "",
        row.paired_at,
        row.code_until,
    )


def devices_by_window(hall_id: UUID) -> dict[int, BridgeView]:
    """Of the windows of a hall that have any, by the window's number."""
    rows = DeviceBridge.objects.filter(window__hall=hall_id).select_related("window__hall")
    return {
        row.window.number: BridgeView(
            row.window_id,
            row.window.number,
            row.window.name,
            row.window.hall.name,
            tuple(row.devices),
            row.port,
            "",
            row.paired_at,
        )
        for row in rows
    }


def devices_at(actor: Actor, window_id: UUID) -> BridgeView | None:
    """
    For the pages of who sits at this window: with the token to show. None where no program is paired, or the acting
    post may not use it.
    """
    row = (
        DeviceBridge.objects.filter(window_id=window_id, paired_at__isnull=False)
        .select_related("window__hall")
        .first()
    )
    if row is None or not row.secret or not access.allows(actor, "device.use", row.window.hall):
        return None
    return BridgeView(
        row.window_id,
        row.window.number,
        row.window.name,
        row.window.hall.name,
        tuple(row.devices),
        row.port,
        page_token(row.secret),
        row.paired_at,
    )

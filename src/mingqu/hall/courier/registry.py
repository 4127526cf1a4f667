"""
The couriers an installation can name in MINGQU_COURIER, and the one it uses. A demo uses the double, which is refused
elsewhere; without one nothing is sent by courier and results are collected at the window.
"""

from django.conf import settings

from mingqu.hall.courier.base import Courier
from mingqu.hall.errors import CourierUnavailable, CourierUnknown

DOUBLE = "double"
_couriers: dict[str, Courier] = {}


def register(courier: Courier) -> None:
    """Called from an app's `ready()`. The same name again replaces it only if it is the same class."""
    known = _couriers.get(courier.name)
    if known is not None and type(known) is not type(courier):
        raise ValueError(f"two couriers named {courier.name}")
    _couriers[courier.name] = courier


def current() -> Courier:
    """Raises CourierUnavailable."""
    found = _couriers.get(DOUBLE if settings.MINGQU_DEMO else settings.MINGQU_COURIER)
    if found is None or (found.name == DOUBLE and not settings.MINGQU_DEMO):
        raise CourierUnavailable()
    return found


def there_is_one() -> bool:
    try:
        current()
    except CourierUnavailable:
        return False
    return True


def words_of(name: str) -> str:
    """What a courier is called on pages and in files; one that is registered no more keeps its name."""
    found = _couriers.get(name)
    return str(found.words) if found else name


def named(name: str) -> Courier:
    """The one of a parcel sent earlier, or that calls. Raises CourierUnknown."""
    found = _couriers.get(name)
    if found is None or (name == DOUBLE and not settings.MINGQU_DEMO):
        raise CourierUnknown()
    return found

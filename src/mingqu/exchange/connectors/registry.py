"""
The connectors of this installation: those that apps register, and those its operator wrote down
(MINGQU_CONNECTORS_FILE). A demo uses its double and files alone: nothing of it leaves the machine. Elsewhere the double
is refused, and a system that nobody connected is reached by people (fail closed).
"""

from django.conf import settings

from mingqu.exchange.connectors import written
from mingqu.exchange.connectors.base import Connector
from mingqu.exchange.errors import ConnectorUnknown

DOUBLE, BY_HAND = "double", ""
_connectors: dict[str, Connector] = {}


def register(connector: Connector) -> None:
    """Called from an app's `ready()`. The same name again replaces it only if it is the same class."""
    known = _connectors.get(connector.name)
    if not connector.name or (known is not None and type(known) is not type(connector)):
        raise ValueError(f"two connectors named {connector.name}")
    _connectors[connector.name] = connector


def connectors() -> dict[str, Connector]:
    """By name, those that may be used here. Raises ConnectorsFileWrong."""
    known = _connectors | dict(written.connectors(settings.MINGQU_CONNECTORS_FILE))
    if settings.MINGQU_DEMO:
        return {name: one for name, one in known.items() if not one.leaves_the_machine}
    return {name: one for name, one in known.items() if name != DOUBLE}


def for_system(system: str) -> str:
    """The name of the connector that reaches this system, "" where people carry it there."""
    return next((name for name, one in connectors().items() if system in one.systems), BY_HAND)


def named(name: str) -> Connector:
    """The one of a matter handed over earlier, or that calls. Raises ConnectorUnknown."""
    found = connectors().get(name)
    if found is None:
        raise ConnectorUnknown()
    return found


def words(name: str) -> str:
    """What it is called on pages of staff."""
    if not name:
        return "人工转办"
    found = connectors().get(name)
    return found.words if found else name

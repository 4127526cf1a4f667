"""
Which register an installation asks. A demo asks its own, whatever the settings say; elsewhere, without an address, the
step is closed and says so (fail closed).
"""

from django.conf import settings

from mingqu.identity.errors import SourceUnavailable
from mingqu.identity.sources.base import FirmSource, PopulationSource
from mingqu.identity.sources.demo import DemoRegister
from mingqu.identity.sources.http import HttpRegister


def population() -> PopulationSource:
    """Raises SourceUnavailable."""
    if settings.MINGQU_DEMO:
        return DemoRegister()
    return _over_http(settings.MINGQU_POPULATION_URL)


def firms() -> FirmSource:
    """Raises SourceUnavailable."""
    if settings.MINGQU_DEMO:
        return DemoRegister()
    return _over_http(settings.MINGQU_FIRMS_URL)


def _over_http(address: str) -> HttpRegister:
    if not address:
        raise SourceUnavailable()
    return HttpRegister(address, settings.MINGQU_REGISTER_TOKEN_FILE)

"""Who takes what is reported: the platform in the operator's file, else in a demo its double, else nobody."""

from django.conf import settings

from mingqu.federation.above.base import Above
from mingqu.federation.above.double import DoubleAbove
from mingqu.federation.above.http import written


def above() -> Above | None:
    """None: nobody is connected. Raises UpwardFileWrong."""
    return written(settings.MINGQU_UPWARD_FILE) or (DoubleAbove() if settings.MINGQU_DEMO else None)

"""
The channels an installation can name in MINGQU_SMS_CHANNEL, and the one it uses.

A demo installation uses the double whatever the setting says: none of its messages leaves the machine.
Elsewhere the double is refused, and without a channel nothing is sent (fail closed).
"""

from __future__ import annotations

from django.conf import settings

from mingqu.notifications.errors import SmsUnavailable
from mingqu.notifications.sms.base import SmsChannel

DOUBLE = "double"
_channels: dict[str, SmsChannel] = {}


def register(channel: SmsChannel) -> None:
    """Called from an app's `ready()`. The same name again replaces it only if it is the same class."""
    known = _channels.get(channel.name)
    if known is not None and type(known) is not type(channel):
        raise ValueError(f"two channels named {channel.name}")
    _channels[channel.name] = channel


def channel() -> SmsChannel:
    """The channel of this installation. Raises SmsUnavailable."""
    if settings.MINGQU_DEMO:
        return _channels[DOUBLE]
    name = getattr(settings, "MINGQU_SMS_CHANNEL", "")
    found = _channels.get(name)
    if found is None or name == DOUBLE:
        raise SmsUnavailable()
    return found

"""
The channels an installation can name in MINGQU_SMS_CHANNEL and MINGQU_EMAIL_CHANNEL, the first to be asked first.

A demo installation uses the doubles whatever the settings say: none of its messages leaves the machine. Elsewhere the
doubles are refused, and without a channel nothing is sent (fail closed).
"""

from __future__ import annotations

from django.conf import settings

from mingqu.notifications.channels import written
from mingqu.notifications.channels.base import EMAIL, SMS, Channel

DOUBLES = {SMS: "double", EMAIL: "double-email"}
_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    """Called from an app's `ready()`. The same name again replaces it only if it is the same class."""
    known = _channels.get(channel.name)
    if known is not None and type(known) is not type(channel):
        raise ValueError(f"two channels named {channel.name}")
    _channels[channel.name] = channel


def channels(medium: str) -> list[Channel]:
    """The channels of this installation for text messages or e-mail, the first to be asked first; none: []."""
    if settings.MINGQU_DEMO:
        return [_channels[DOUBLES[medium]]]
    named = settings.MINGQU_SMS_CHANNEL if medium == SMS else settings.MINGQU_EMAIL_CHANNEL
    known = _channels | written.channels(settings.MINGQU_CHANNELS_FILE)
    names = [name.strip() for name in named.split(",") if name.strip() not in DOUBLES.values()]
    return [known[name] for name in names if name in known and known[name].medium == medium]


def channel(medium: str, name: str) -> Channel | None:
    """The one of this name, if this installation still uses it."""
    return next((one for one in channels(medium) if one.name == name), None)

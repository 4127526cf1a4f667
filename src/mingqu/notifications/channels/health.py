"""
How channels are doing. Several failures or slow answers one after another, and a channel rests for a minute, while the
next in the order is asked; after the rest it is tried again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from mingqu.kernel.types import Instant
from mingqu.notifications.channels.base import Answer, Channel, Outcome
from mingqu.notifications.models import ChannelState

TOLERATED: Final = 5
REST: Final = timedelta(minutes=1)


def resting(at: Instant) -> set[str]:
    return set(ChannelState.objects.filter(rests_until__gt=at).values_list("name", flat=True))


def note(answers: Iterable[tuple[Channel, Answer]], at: Instant) -> None:
    """Count what went wrong in a row; one good answer in time forgets it."""
    by_name: dict[str, list[tuple[bool, str]]] = {}
    for channel, answer in answers:
        wrong = _wrong(channel, answer)
        by_name.setdefault(channel.name, []).append((bool(wrong), wrong))
    for name, course in sorted(by_name.items()):
        state, _ = ChannelState.objects.get_or_create(name=name)
        was = (state.failures, state.last_reason)
        for failed, reason in course:
            state.failures = min(state.failures + 1, 1000) if failed else 0
            if failed:
                state.last_reason, state.last_failed_at = reason[:60], at
        if state.failures >= TOLERATED:
            state.rests_until = at + REST
        elif state.failures == 0:
            state.rests_until = None
        if was != (state.failures, state.last_reason) or state.failures:
            state.save()


def _wrong(channel: Channel, answer: Answer) -> str:
    if answer.outcome in {Outcome.FAILED, Outcome.UNKNOWN}:
        return answer.reason or str(answer.outcome)
    return "slow" if answer.seconds > channel.slow_after else ""

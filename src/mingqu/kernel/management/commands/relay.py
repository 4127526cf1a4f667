"""`manage relay`: the event relay as a process, started by `mingqu serve`."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from mingqu.kernel import relay


class Command(BaseCommand):
    help = "Deliver events to their subscribers until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.append(True))
        relay.run(lambda: bool(stopped))

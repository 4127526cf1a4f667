"""`manage scheduler`: periodic work as a process, started by `mingqu serve`; only one leads."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from mingqu.kernel import schedule


class Command(BaseCommand):
    help = "Run periodic work until stopped; one scheduler leads, others wait."

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.append(True))
        schedule.lead(lambda: bool(stopped))

"""Write the committed list of regions and their history into the tables; safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mingqu.kernel import regions


class Command(BaseCommand):
    help = "Load the list of regions and their history (a few seconds, safe to repeat)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="also the fictional district of the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        count = regions.load_national_list()
        if options["demo"]:
            count += regions.load_demo_district()
        self.stdout.write(f"{count} regions")

"""Django's own management commands, for developers and for the parts that `mingqu serve` starts."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingqu.config.settings")
    from django.core.management import execute_from_command_line

    from mingqu.kernel import garbage

    garbage.rarely()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

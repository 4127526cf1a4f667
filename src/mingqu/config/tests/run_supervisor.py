"""
A supervisor as a process of its own, for tests that kill it and what it runs.

    python run_supervisor.py PARTS [HOME]

PARTS: JSON, name -> shell command. With HOME there is a database too. Each event is printed as a line
of JSON.
"""

import contextlib
import json
import os
import sys
from pathlib import Path

from mingqu.config import launcher
from mingqu.config.supervisor import Part, Supervisor


def tell(event: str, **fields: object) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}, default=str) + "\n")  # one write: parts write too
    sys.stdout.flush()


def main(commands: dict[str, str], home: Path | None) -> None:
    parts = [Part(name, ["/bin/sh", "-c", command], os.environ) for name, command in commands.items()]
    with contextlib.ExitStack() as held:
        server = None
        if home is not None:
            launcher.make_home(home)
            held.enter_context(launcher.lock_home(home, "a test"))
            server = held.enter_context(launcher.EmbeddedPostgres(home))
            tell("database", urls=server.urls(), pid=server.process.pid if server.process else None)
        Supervisor(parts, server, log=tell).run()
    tell("stopped")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)

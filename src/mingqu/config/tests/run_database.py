"""
A launcher as a process of its own, for tests that kill it.

    python run_database.py HOME [UID] [orphan]

Prints one line of JSON when the database is ready, or when the start was refused; then runs until it
is told to stop. UID: give up root first. `orphan`: the server outlives us, as it does on systems
without a death signal.
"""

import codecs
import json
import os
import signal
import sys
from pathlib import Path

from mingqu.config import launcher, launcher_process


def main(home: Path, uid: int, *, orphan: bool) -> None:
    if uid != os.geteuid():
        for name in ("ascii", "idna", "latin-1"):
            codecs.lookup(name)  # loaded on first use, which may be out of reach once root is given up
        os.setgroups([])
        os.setgid(uid)
        os.setuid(uid)
    if orphan:
        launcher_process._die_with = lambda *given: None  # type: ignore[assignment]
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    lines: list[str] = []
    try:
        launcher.make_home(home)
        with (
            launcher.lock_home(home, "a test"),
            launcher.EmbeddedPostgres(home, progress=lines.append) as server,
        ):
            said = {"urls": server.urls(), "pid": server.process.pid if server.process else server.adopted}
            print(json.dumps({**said, "progress": lines}), flush=True)
            while server.alive():
                signal.pause()
    except launcher.LauncherError as refused:
        print(json.dumps({"refused": str(refused)}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), orphan="orphan" in sys.argv[3:])

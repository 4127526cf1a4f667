"""A process of its own for reading a stranger's file: it knows no key and no address, and has a time and a size."""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PATIENCE = 20  # seconds on the wall beyond those of the processor: a busy machine is no fault of the file


def run(module: str, arguments: Sequence[int], data: bytes, *, seconds: int) -> bytes | None:
    """What `python -m module` prints when it is given `data`; None if it was stopped or failed."""
    # Nothing of our environment (keys, database address) is handed to a process that reads a stranger's file.
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.defpath, "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, its arguments are our own numbers
            [sys.executable, "-m", module, *(str(argument) for argument in arguments)],
            input=data,
            capture_output=True,
            timeout=seconds + PATIENCE,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def limit(memory: int, seconds: int) -> None:
    """Called by the process itself before it reads the first byte: bytes of memory, seconds of processor."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

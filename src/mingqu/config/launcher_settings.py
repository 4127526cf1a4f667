"""What a PostgreSQL server of ours is told when it is made and when it starts."""

from __future__ import annotations

import contextlib
import locale
import os
from pathlib import Path

# Without durability: for a cluster that lives as long as a test session.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "128MB",
    "max_connections": "200",
}


def server_settings(socket_folder: Path, connections: int) -> dict[str, str]:
    """Settings given on the command line at each start, so that a new version's take effect."""
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": str(connections),
        **memory_settings(machine_memory()),
        "timezone": "UTC",
        "log_timezone": "UTC",
        # No personal data in logs: no statement texts, no DETAIL lines with the values of a row.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_min_duration_statement": "-1",
    }


def character_type() -> str:
    """
    The LC_CTYPE of a new cluster: C.UTF-8 where the machine has it.

    Collation is the builtin provider's, but pg_trgm still asks the C library what a letter is:
    under plain C a Chinese word has no trigrams at all, and search finds nothing.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    for name in ("C.UTF-8", "en_US.UTF-8"):
        with contextlib.suppress(locale.Error):
            locale.setlocale(locale.LC_CTYPE, name)
            locale.setlocale(locale.LC_CTYPE, before)
            return name
    return "C"


def machine_memory() -> int:
    """Bytes we may count on: the machine's, or the control group's limit where that is lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        path = Path(name)
        if path.exists() and (limit := path.read_text("ascii").strip()).isdigit():
            total = min(total, int(limit))
    return total


def memory_settings(total: int) -> dict[str, str]:
    """PostgreSQL's share of `total` bytes: an eighth, at most 1 GiB, since web and workers live beside it."""
    megabytes = total // 2**20
    shared = max(64, min(megabytes // 8, 1024))
    return {
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(shared, megabytes // 2)}MB",
        "maintenance_work_mem": f"{max(32, shared // 4)}MB",
        "work_mem": "8MB",
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
    }


def environment() -> dict[str, str]:
    """What PostgreSQL's programs get of our environment: nothing of ours, which holds secrets' places."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}

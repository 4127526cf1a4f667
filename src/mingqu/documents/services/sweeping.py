"""
What goes: rows of files whose owner says so, and then, in two steps a day apart, bytes that no row names (decision
0034). A writer that saw the bytes lie there has written its row long before the second step, which looks again; one
that comes later writes them anew. So nothing is locked, and nothing that is named is lost.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import TypeVar
from uuid import UUID

from mingqu.documents import storage
from mingqu.documents.models import DocumentRequest, StoredFile
from mingqu.identity.services import access
from mingqu.kernel.commands import Command, command
from mingqu.kernel.ids import new_id
from mingqu.kernel.types import Actor, Instant

SWEEPER = Actor.system("file-sweep")
ACTION = "file.sweep"
REST = timedelta(days=1)  # longer than any transaction: between the last look and the end
AT_ONCE = 500
T = TypeVar("T")


def forget_files(cmd: Command) -> int:
    """
    In a command of an aggregate that became nothing: its files' rows go, with what was asked to be made of it; how
    many. The caller has made sure that it is no case, bundle or certificate.
    """
    DocumentRequest.objects.filter(root_id=cmd.root_id).delete()
    gone: int = StoredFile.objects.filter(root_id=cmd.root_id).delete()[0]
    cmd.note(files=gone)
    return gone


def forget_one(cmd: Command, root_id: UUID, file_id: UUID) -> None:
    """In a command of another aggregate: a file that its owner keeps no longer."""
    StoredFile.objects.filter(root_id=root_id, id=file_id).delete()
    cmd.note(files=1)


def unnamed(at: Instant) -> Iterator[str]:
    """Addresses of bytes older than a day that no row names: what the next sweep puts aside."""
    for some in _portions(storage.addresses()):
        yield from (one for one in _without_name(some) if storage.written_at(one) < at - REST)


def sweep_bytes(at: Instant) -> tuple[int, int, int]:
    """
    What was put aside a day ago and is still named by nothing is removed; what is named after all comes back; what is
    named by nothing now is put aside. (aside, removed, back); written into the ledger where anything was done.
    """
    back = removed = put = 0
    for some in _portions(storage.aside()):
        nameless = _without_name([address for address, _since in some])
        for address, since in some:
            if address not in nameless:
                back += storage.bring_back(address) or _drop(address)
            elif since < at - REST:
                storage.remove_aside(address)
                removed += 1
    for address in unnamed(at):
        put += storage.put_aside(address)
    if put or removed or back:
        swept = new_id()
        with command("file.sweep", swept, by=SWEEPER, at=at, key=swept) as cmd:
            access.require_may(SWEEPER, ACTION)
            cmd.note(put_aside=put, removed=removed, brought_back=back)
            cmd.done(None)
    return put, removed, back


def _drop(address: str) -> bool:
    """Written anew meanwhile: the copy that lay aside is not needed."""
    storage.remove_aside(address)
    return False


def _without_name(addresses: list[str]) -> set[str]:
    named = StoredFile.objects.filter(address__in=addresses).order_by().values_list("address", flat=True)
    return set(addresses) - set(named.distinct())


def _portions(every: Iterable[T]) -> Iterator[list[T]]:
    left = iter(every)
    while some := list(islice(left, AT_ONCE)):
        yield some

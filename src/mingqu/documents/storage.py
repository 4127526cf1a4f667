"""Where the bytes lie: Django storage, every file encrypted, each written whole or not at all."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages

from mingqu.kernel.crypto import VERSION_BYTES, blind_index_under, decrypt_bytes, encrypt_bytes, key_version
from mingqu.kernel.keyring import keyring

ALIAS = "documents"
ASIDE = "aside"  # the folder of what no row names: out of sight, still there for a day (decision 0034)
PURPOSE = "documents.content"


class AtomicFileStorage(FileSystemStorage):
    """A file appears under its name only when all of it is on the disk; an equal name is left as it is."""

    def _save(self, name: str, content: "File[Any]") -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, target)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name  # names are digests: the same name is the same content


def store() -> Storage:
    """`STORAGES["documents"]` where an installation sets one (S3-compatible), else MINGQU_HOME/files."""
    try:
        return storages[ALIAS]
    except InvalidStorageError:
        return AtomicFileStorage(location=settings.MINGQU_HOME / "files")


def digest_of(data: bytes) -> bytes:
    """Keyed digest of the plain bytes (32)."""
    # Under the newest key, not the oldest as indexes are: what a rotation has written is found by its own address.
    return blind_index_under(keyring().active, PURPOSE, hashlib.sha256(data).hexdigest())


def put(data: bytes) -> tuple[str, bytes]:
    """Encrypt and write; the address and the digest. The same bytes are stored once."""
    digest = digest_of(data)
    name = digest.hex()
    address = f"{name[:2]}/{name[2:4]}/{name}"
    place: Any = store()
    if not place.exists(address):
        place.save(address, ContentFile(encrypt_bytes(data, context=_context(address))))
    return address, digest


def get(address: str) -> bytes:
    """
    Raises FileNotFoundError, and NotDecryptable if the stored bytes were altered. What was put aside and is named all
    the same comes back.
    """
    bring_back(address)
    with store().open(address) as file:
        return decrypt_bytes(file.read(), context=_context(address))


def version_of(address: str) -> int | None:
    """The version of the master key a stored file is under; None where there is none."""
    bring_back(address)
    try:
        with store().open(address) as file:
            return key_version(file.read(VERSION_BYTES))
    except FileNotFoundError:
        return None


def addresses() -> Iterator[str]:
    """Every stored file."""
    yield from _below("")


def _below(folder: str) -> Iterator[str]:
    try:
        folders, files = store().listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever stored
    for name in files:
        if not name.startswith("."):  # being written at this moment
            yield f"{folder}{name}"
    for name in sorted(folders):
        if folder or name != ASIDE:
            yield from _below(f"{folder}{name}/")


def remove(address: str) -> None:
    store().delete(address)


def put_aside(address: str) -> bool:
    """
    `put` of the same bytes writes them anew from now on; `get` brings them back. False: another sweep was there before.
    """
    place = store()
    try:
        with place.open(address) as file:
            kept = file.read()
    except FileNotFoundError:
        return False
    if not place.exists(_aside(address)):
        place.save(_aside(address), ContentFile(kept))
    place.delete(address)
    return True


def bring_back(address: str) -> bool:
    """Where nothing lies at an address and its bytes were put aside: they lie there again."""
    place = store()
    if place.exists(address) or not place.exists(_aside(address)):
        return False
    try:
        with place.open(_aside(address)) as file:
            kept = file.read()
    except FileNotFoundError:
        return False  # somebody else brought it back
    place.save(address, ContentFile(kept))
    place.delete(_aside(address))
    return True


def aside() -> Iterator[tuple[str, datetime]]:
    """The addresses of what was put aside, and since when it lies there."""
    place = store()
    try:
        _folders, names = place.listdir(ASIDE)
    except FileNotFoundError:
        return
    for name in sorted(names):
        if not name.startswith("."):
            yield f"{name[:2]}/{name[2:4]}/{name}", place.get_modified_time(f"{ASIDE}/{name}")


def written_at(address: str) -> datetime:
    """Raises FileNotFoundError."""
    return store().get_modified_time(address)


def remove_aside(address: str) -> None:
    store().delete(_aside(address))


def _aside(address: str) -> str:
    return f"{ASIDE}/{address.rpartition('/')[2]}"


def _context(address: str) -> bytes:
    return f"documents.file:{address}".encode()

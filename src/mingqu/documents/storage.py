"""Where the bytes lie: Django storage, every file encrypted, each written whole or not at all."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages

from mingqu.kernel.crypto import VERSION_BYTES, blind_index_under, decrypt_bytes, encrypt_bytes, key_version
from mingqu.kernel.keyring import keyring

ALIAS = "documents"
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
    """Raises FileNotFoundError, and NotDecryptable if the stored bytes were altered."""
    with store().open(address) as file:
        return decrypt_bytes(file.read(), context=_context(address))


def version_of(address: str) -> int | None:
    """The version of the master key a stored file is under; None where there is none."""
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
    for name in folders:
        yield from _below(f"{folder}{name}/")


def remove(address: str) -> None:
    store().delete(address)


def _context(address: str) -> bytes:
    return f"documents.file:{address}".encode()

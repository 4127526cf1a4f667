"""Stored files, when the master key is exchanged: each is written anew under an address of the new key."""

import logging

from mingqu.documents import storage
from mingqu.documents.models import StoredFile
from mingqu.kernel.crypto import NotDecryptable
from mingqu.kernel.keyring import keyring
from mingqu.kernel.rotation import OWNER, Store, register_store

log = logging.getLogger(__name__)


def rekey() -> int:
    """First every row gets the new file, then files no row names any more are removed."""
    changed = 0
    rows = StoredFile.objects.using(OWNER)
    for row in rows.only("root_id", "id", "address").iterator(chunk_size=500):
        if storage.version_of(row.address) in {keyring().active, None}:
            continue
        try:
            address, digest = storage.put(storage.get(row.address))
        except (NotDecryptable, FileNotFoundError):
            log.error("stored file %s of %s can not be opened", row.id, row.root_id)
            continue  # counted by `left`, which keeps the old key
        changed += rows.filter(root_id=row.root_id, id=row.id).update(address=address, digest=digest)
    for address in _old_files():
        if not rows.filter(address=address).exists():
            storage.remove(address)
    return changed


def left() -> int:
    return len(_old_files())


def _old_files() -> list[str]:
    return [address for address in storage.addresses() if storage.version_of(address) != keyring().active]


register_store(Store("documents.files", rekey, left))

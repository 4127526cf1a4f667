"""
Exchanging the master key (`mingqu keys rotate`) while the platform runs.

A new line is added to the key file; every value under an older version is encrypted anew, column by column and
store by store; keyed digests are made anew; when nothing is left under an older version, its line is dropped.
Each step finds out by itself what is still to be done, so a rotation that was killed goes on where it was.

Columns with an encrypted field are found from the models. What else holds encrypted bytes or keyed digests (files,
sessions, directories) registers itself here from the `rekeying` module of its room.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.apps import apps
from django.db import IntegrityError, connections, models, transaction
from django.utils.module_loading import autodiscover_modules

from mingqu.kernel import ledger_keys
from mingqu.kernel.commands import command
from mingqu.kernel.crypto import (
    AUDIT_SECRET,
    VERSION_BYTES,
    NotDecryptable,
    blind_index_under,
    decrypt_bytes,
    encrypt_bytes,
    key_version,
)
from mingqu.kernel.errors import DomainError
from mingqu.kernel.fields import _Encrypted
from mingqu.kernel.ids import new_id
from mingqu.kernel.keyring import keyring, read_ciphers, read_kept, read_key_file, write_key_file
from mingqu.kernel.models import LedgerKey
from mingqu.kernel.suites import KEY_BYTES, suite
from mingqu.kernel.types import Actor, Instant

OWNER = "owner"  # append-only tables are changed by nobody else
BATCH = 500
ROTATION_LOCK = 0x4D51_2E1E  # advisory lock: one rotation at a time
OPERATOR = Actor.system("command_line")
ROOT = uuid5(NAMESPACE_URL, "mingqu:keys")  # of its entries in the audit ledger
IN_FLIGHT = 2.0  # seconds a process may take from encrypting a value to handing it to the database

Progress = Callable[[str], None]


class RotationRunning(DomainError):
    code = "rotation_running"
    sentence = "另一个密钥轮换正在进行。"
    status = 409


class ValuesLeft(DomainError):
    """Something can't be opened or was not reached; the old key is kept."""

    code = "values_left"
    sentence = "还有{count}处数据仍在旧密钥之下（{places}），旧密钥保留。请先处理，再运行一次。"
    status = 409


class IndexTaken(DomainError):
    """Two rows came to the same number while the keys changed."""

    code = "index_taken"
    sentence = "密钥更换的瞬间，有两条记录登记了同一个号码（{places}），请人工核对。"
    status = 409


@dataclass(frozen=True)
class Store:
    """
    Encrypted bytes outside of encrypted columns. `rekey()` encrypts anew what is under an older version, in steps
    that are each whole; `left()` counts what is still under one.
    """

    name: str
    rekey: Callable[[], int]
    left: Callable[[], int]


@dataclass(frozen=True)
class Index:
    """
    Keyed digests by which something is found, in these tables. `rewrite(version)` makes them those of a version and
    returns how many it changed; it runs in a transaction in which nobody else writes the tables.
    """

    name: str
    tables: tuple[type[models.Model], ...]
    rewrite: Callable[[int], int]


_stores: dict[str, Store] = {}
_indexes: dict[str, Index] = {}


def register_store(store: Store) -> None:
    _stores[store.name] = store


def register_index(index: Index) -> None:
    _indexes[index.name] = index


def blind_column(
    model: type[models.Model], name: str, purpose: str, value_of: Callable[[Any], str | None]
) -> Index:
    """The index of a BlindIndexField; `value_of(row)` is what its digest is of, None where there is nothing."""
    label = f"{model._meta.label_lower}.{name}"

    def rewrite(version: int) -> int:
        changed = 0
        manager = model._base_manager.using(OWNER)
        for row in manager.exclude(**{f"{name}__isnull": True}).iterator(chunk_size=BATCH):
            value = value_of(row)
            if value is None:
                raise ValuesLeft(count=1, places=label)
            digest = blind_index_under(version, purpose, value)
            if bytes(getattr(row, name)) != digest:
                changed += manager.filter(pk=row.pk).update(**{name: digest})
        return changed

    return Index(label, (model,), rewrite)


# The rotation ---------------------------------------------------------------------------------------------------


def add_key(path: Path, cipher: str = "") -> int:
    """
    Add a new master key to the file, unless a rotation is under way; the active version. It is for the cipher suite
    named, else for the one in force. Raises CipherMissing, with the file as it was.
    """
    keys, ciphers = read_key_file(path), read_ciphers(path)
    if len(keys) == 1:
        version = max(keys) + 1
        ciphers[version] = suite(cipher or keyring().suite().name).name
        keys[version] = secrets.token_bytes(KEY_BYTES)
        write_key_file(path, keys, read_kept(path), ciphers)
    return keyring().active


def rotate(path: Path, at: Instant, *, cipher: str = "", say: Progress = lambda line: None) -> int:
    """
    Exchange the master key in `path`, or go on with an exchange that was broken off (under the cipher it began with);
    the version in force. `cipher`: as `add_key` takes it.

    Raises RotationRunning, ValuesLeft (the old key is kept then), IndexTaken (done, but somebody must look),
    CipherMissing.
    """
    autodiscover_modules("rekeying")
    with _alone():
        before = keyring().active
        version = add_key(path, cipher)
        told = f"{version} ({keyring().suite().title})"
        say(f"key version {told} encrypts from now on" if version != before else f"going on to {told}")
        _wait_for_others()  # whoever still encrypts under the old key
        counts = rekey_everything(say)
        require_nothing_left()
        _switch_indexes(version, say)
        _drop_others(path, version)
        say(f"older keys are dropped from {path}; older backups need the copy beside it")
        _wait_for_others()  # whoever still has a digest of the old key in hand
        _repair_indexes(version)
        with command("system.rotate_keys", ROOT, by=OPERATOR, at=at, key=new_id()) as cmd:
            cmd.note(version=version, cipher=keyring().suite().name, changed=counts)
            cmd.done(None)
    return version


def renew_ledger_key(at: Instant) -> LedgerKey:
    """Checkpoints are signed with a new key from now on; what was signed stays valid. Raises SignatureUnknown."""
    with command("system.renew_ledger_key", ROOT, by=OPERATOR, at=at, key=new_id()) as cmd:
        made = ledger_keys.add(at)
        cmd.note(signature=made.signature, fingerprint=made.fingerprint)
        cmd.done(None)
    return made


def rekey_everything(say: Progress = lambda line: None) -> dict[str, int]:
    """Encrypt anew whatever is under an older version; how many values of each place were."""
    done = {}
    for model, fields in encrypted_columns():
        if count := _rekey_columns(model, fields):
            say(f"{model._meta.label_lower}: {count}")
        done[model._meta.label_lower] = count
    for store in [_ledger_keys(), *_stores.values()]:
        if count := store.rekey():
            say(f"{store.name}: {count}")
        done[store.name] = count
    return done


def require_nothing_left() -> None:
    """Raises ValuesLeft if anything anywhere is still under an older version."""
    left = {model._meta.label_lower: _left_in(model, fields) for model, fields in encrypted_columns()}
    left |= {store.name: store.left() for store in [_ledger_keys(), *_stores.values()]}
    if places := [name for name, count in left.items() if count]:
        raise ValuesLeft(count=sum(left.values()), places="、".join(places))


def encrypted_columns() -> Iterator[tuple[type[models.Model], list[_Encrypted]]]:
    """Every model with encrypted fields, and these."""
    for model in apps.get_models():
        if fields := [field for field in model._meta.concrete_fields if isinstance(field, _Encrypted)]:
            yield model, fields


def _rekey_columns(model: type[models.Model], fields: Iterable[_Encrypted]) -> int:
    """In the order of the primary key; each value by a statement of its own, so that no two rows are held at once."""
    fields = list(fields)
    changed, last = 0, None
    while rows := _batch(model, fields, last):
        for row in rows:
            key, values = row[: -len(fields)], row[-len(fields) :]
            last = key
            for field, value in zip(fields, values, strict=True):
                if value is not None and key_version(bytes(value)) != keyring().active:
                    changed += _replace(model, field, key, bytes(value))
    return changed


def _batch(model: type[models.Model], fields: list[_Encrypted], last: tuple[Any, ...] | None) -> list[Any]:
    key, old = ", ".join(_key_columns(model)), _is_old(fields)
    columns = ", ".join(_quoted(field.column) for field in fields)
    after = f" AND ({key}) > ({', '.join(['%s'] * len(last))})" if last else ""
    return _rows(
        f"SELECT {key}, {columns} FROM {_quoted(model._meta.db_table)}"  # noqa: S608 - names of our own models
        f" WHERE ({old}){after} ORDER BY {key} LIMIT {BATCH}",
        [*_active(fields), *(last or ())],
    )


def _left_in(model: type[models.Model], fields: list[_Encrypted]) -> int:
    table = _quoted(model._meta.db_table)
    found = _rows(f"SELECT count(*) FROM {table} WHERE {_is_old(fields)}", _active(fields))  # noqa: S608
    return int(found[0][0])


def _is_old(fields: Iterable[_Encrypted]) -> str:
    columns = [_quoted(field.column) for field in fields]
    return " OR ".join(
        f"(octet_length({column}) > 0 AND substring({column} from 1 for {VERSION_BYTES}) <> %s)"
        for column in columns
    )


def _active(fields: Iterable[_Encrypted]) -> list[bytes]:
    """The parameters of `_is_old`."""
    return [keyring().active.to_bytes(VERSION_BYTES, "big") for _ in fields]


def _replace(model: type[models.Model], field: _Encrypted, key: tuple[Any, ...], old: bytes) -> int:
    """Only if it is still what was read; else somebody has just written it, under the new key."""
    try:
        fresh = encrypt_bytes(decrypt_bytes(old, context=field.context), context=field.context)
    except NotDecryptable:
        return 0  # counted by require_nothing_left, which keeps the old key
    column, where = _quoted(field.column), " AND ".join(f"{name} = %s" for name in _key_columns(model))
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            f"UPDATE {_quoted(model._meta.db_table)} SET {column} = %s"  # noqa: S608 - names of our own models
            f" WHERE {where} AND {column} = %s",
            [fresh, *key, old],
        )
        return int(cursor.rowcount)


def _key_columns(model: type[models.Model]) -> list[str]:
    return [_quoted(field.column) for field in model._meta.pk_fields]


def _quoted(name: str | None) -> str:
    return connections[OWNER].ops.quote_name(str(name))


def _rows(statement: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement, list(values))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _ledger_keys() -> Store:
    """The private halves of the keys that sign checkpoints."""
    rows = LedgerKey.objects.using(OWNER)

    def old() -> list[LedgerKey]:
        return [row for row in rows.all() if key_version(bytes(row.private_sealed)) != keyring().active]

    def rekey() -> int:
        for row in old():
            opened = decrypt_bytes(bytes(row.private_sealed), context=ledger_keys.CONTEXT)
            rows.filter(pk=row.pk).update(private_sealed=encrypt_bytes(opened, context=ledger_keys.CONTEXT))
        return len(old())

    return Store("kernel.ledgerkey", rekey, lambda: len(old()))


# Digests --------------------------------------------------------------------------------------------------------


def _switch_indexes(version: int, say: Progress) -> None:
    """
    All keyed digests at once. Until the commit everybody reads the old ones, and looks up by the oldest listed key;
    the line of that one is dropped right after it.
    """
    with transaction.atomic(using=OWNER):
        for index in _indexes.values():
            _lock(index)
            if count := index.rewrite(version):
                say(f"{index.name}: {count} digests")


def _repair_indexes(version: int) -> None:
    """What was written in the moment of the change with a digest of the old key."""
    taken = []
    for index in _indexes.values():
        try:
            with transaction.atomic(using=OWNER):
                _lock(index)
                index.rewrite(version)
        except IntegrityError:
            taken.append(index.name)
    if taken:
        raise IndexTaken(places="、".join(taken))


def _lock(index: Index) -> None:
    with connections[OWNER].cursor() as cursor:
        for model in index.tables:
            cursor.execute(f"LOCK TABLE {_quoted(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def _drop_others(path: Path, version: int) -> None:
    """Older masters leave the file; what proves old digests of the ledger stays; a copy is kept for backups."""
    keys, kept, ciphers, ring = read_key_file(path), read_kept(path), read_ciphers(path), keyring()
    for old in sorted(keys.keys() - {version}):
        write_key_file(path.with_name(f"{path.name}.{old}"), {old: keys[old]}, ciphers=ciphers)
        kept[old, AUDIT_SECRET] = ring.derive(AUDIT_SECRET, old)
    write_key_file(path, {version: keys[version]}, kept, ciphers)


# Others at work -------------------------------------------------------------------------------------------------


class _alone:
    """One rotation at a time, by an advisory lock of this session."""

    def __enter__(self) -> None:
        if not _rows("SELECT pg_try_advisory_lock(%s)", [ROTATION_LOCK])[0][0]:
            raise RotationRunning()

    def __exit__(self, *exception: object) -> None:
        _rows("SELECT pg_advisory_unlock(%s)", [ROTATION_LOCK])


def _wait_for_others() -> None:
    """Until every transaction that may have encrypted a value before this moment has ended."""
    time.sleep(IN_FLIGHT)
    mine = _rows("SELECT pg_current_xact_id()::text::bigint")[0][0]
    while _rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0] <= mine:
        time.sleep(0.1)

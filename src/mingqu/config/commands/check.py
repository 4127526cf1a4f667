"""`mingqu check`: what is wrong with an installation, and with --production what is unsafe about it."""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import stat
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mingqu.config.commands.installation import Installation, django_for, stored_state
from mingqu.kernel import logfiles

ACCEPTED = {
    "security.W002",  # X-Frame-Options: our content security policy forbids frames
    "security.W004",  # HSTS: set with an https address, which we check ourselves
    "security.W008",  # redirect to https: the same, or a proxy's task
    "security.W021",  # HSTS preload is the domain owner's decision
}

OFFICERS = (
    ("system_officer", "system.manage_seals", "no account is made or stopped, no seal asked for"),
    (
        "security_officer",
        "system.agree_seals",
        "nobody agrees to what needs two persons: no seal is made, replaced or retired, no post filled",
    ),
    ("audit_officer", "audit.see", "nobody reads the ledger or who opened people's files"),
)

LEDGER_FLOOR = 6  # months; 网络安全法 and 等保 ask for logs of at least six


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--production", action="store_true", help="also name what is unsafe in the open")


def check(options: argparse.Namespace) -> int:
    """Look at this installation; exit code 1 if there is anything to say."""
    with django_for("mingqu check") as installation:
        from django.utils import timezone

        found = list(problems())
        if options.production:
            print(cipher_in_use(), signature_in_use(), sep="\n")
            found += [*unsafe_places(installation), *unsafe_settings(os.environ), *unsafe_database()]
            found += [*unwanted_cipher(os.environ), *unwanted_signature(os.environ)]
            found += [
                *unkept_logs(os.environ, installation.logs),
                *unusable_files(os.environ),
                *unsafe_ledger(os.environ),
                *cut_ledger(os.environ, timezone.now()),
                *old_backups(timezone.now()),
                *training_regions(),
                *missing_officers(timezone.now()),
            ]
            found += django_findings()
    for sentence in found:
        print(f"- {sentence}")
    if not found:
        print(
            "Nothing found." if options.production else "Nothing found. See also `mingqu check --production`."
        )
    return 1 if found else 0


def problems() -> Iterator[str]:
    """What keeps the installation from working."""
    from mingqu.config.health import unapplied_migrations
    from mingqu.kernel.keyring import keyring

    keyring()  # raises when the master key can't be read
    if missing := unapplied_migrations():
        yield f"{len(missing)} migrations are not applied, the first is {missing[0]}: run `mingqu migrate`."
    from django.conf import settings

    yield from altered_files(Path(settings.STATIC_ROOT))


def cipher_in_use() -> str:
    """Told with or without findings: who assesses the site asks for it."""
    from mingqu.kernel.keyring import keyring

    ring = keyring()
    return f"Personal data at rest is under {ring.suite().title}, master key version {ring.active}."


def unwanted_cipher(environment: Mapping[str, str]) -> Iterator[str]:
    """Data under another cipher than the operator asked for."""
    from mingqu.kernel.keyring import keyring

    asked, found = environment.get("MINGQU_CIPHER", ""), keyring().suite().name
    if asked not in {"", found}:
        yield (
            f"MINGQU_CIPHER asks for {asked}, and personal data is under {found}: run `mingqu keys rotate`, or "
            "mend the setting."
        )


def signature_in_use() -> str:
    from mingqu.kernel import ledger_keys

    key = ledger_keys.in_force()
    return (
        f"Checkpoints of the audit ledger are signed by {key.signature}."
        if key
        else "No checkpoint of the audit ledger is signed yet."
    )


def unwanted_signature(environment: Mapping[str, str]) -> Iterator[str]:
    """Checkpoints under another signature than the operator asked for, or one that nobody knows."""
    from mingqu.kernel import ledger_keys, signatures

    asked, key = environment.get("MINGQU_LEDGER_SIGNATURE", ""), ledger_keys.in_force()
    if asked and key and signatures.scheme(asked) != signatures.scheme_of(key.public_pem):
        yield (
            f"MINGQU_LEDGER_SIGNATURE asks for {asked}, and checkpoints are signed by {key.signature}: run "
            "`mingqu keys ledger`, or mend the setting."
        )


def altered_files(root: Path) -> Iterator[str]:
    """
    Scripts, styles and pictures of pages that are not what they were when they were collected (网页防篡改): each
    bears the digest of its content in its name, its compressed twin too, and a list names them all.
    """
    listed = root / "staticfiles.json"
    if not listed.is_file():
        return
    for name in sorted(set(json.loads(listed.read_text(encoding="utf-8"))["paths"].values())):
        said = name.rsplit("/", 1)[-1].split(".")[-2]
        for path, opened in ((root / name, bytes), (root / f"{name}.gz", gzip.decompress)):
            if not path.is_file():
                if opened is bytes:
                    yield f"The static file {name} is missing: pages that use it are broken."
                continue
            try:
                digest = hashlib.md5(opened(path.read_bytes()), usedforsecurity=False).hexdigest()
            except (OSError, EOFError, zlib.error):
                digest = ""
            if digest[:12] != said:
                yield f"The static file {path.relative_to(root)} was altered: pages that use it are unsafe."


def unsafe_places(installation: Installation) -> Iterator[str]:
    """Files that others can read or that lie together with what they protect."""
    if installation.master_key.resolve().is_relative_to(installation.home.resolve()):
        yield f"The master key {installation.master_key} lies in the data folder: one copy would open all."
    private = (installation.master_key, installation.secret_key, installation.home / "secrets.json")
    for path in (path for path in private if path.exists()):
        yield from _not_private(path)
    if installation.kind == "demo":
        yield f"{installation.home} is a demo installation; a real site needs a folder of its own."
    if os.geteuid() == 0:
        yield "Commands run as root, so the web would too: run Mingqu under an account of its own."


def _not_private(path: Path) -> Iterator[str]:
    seen = path.stat()
    if stat.S_IMODE(seen.st_mode) & 0o077:
        yield f"{path} can be read by others (mode {stat.S_IMODE(seen.st_mode):o}); it should be 600."
    if seen.st_uid != os.geteuid():
        yield f"{path} belongs to uid {seen.st_uid}, not to the account Mingqu runs under ({os.geteuid()})."


def unsafe_settings(environment: Mapping[str, str]) -> Iterator[str]:
    """Settings that are right for trying out and wrong for the public."""
    if environment.get("MINGQU_DEMO") == "1":
        yield "MINGQU_DEMO is set: demo numbers would be accepted, and no message would leave the machine."
    base = environment.get("MINGQU_BASE_URL", "")
    if not base.startswith("https://"):
        yield f"MINGQU_BASE_URL is {base or 'not set'}: without https, passwords would travel unprotected."
    hosts = [host for host in environment.get("MINGQU_HOSTS", "").split(",") if host]
    if not hosts:
        yield "MINGQU_HOSTS is not set: the site answers only to this machine's own names."
    if "*" in hosts:
        yield "MINGQU_HOSTS allows any name: links in messages could be made to lead elsewhere."
    if environment.get("MINGQU_BEHIND_PROXY") != "1":
        yield (
            "MINGQU_BEHIND_PROXY is not set: without a proxy that reads requests whole, a few slow senders can "
            "hold every web thread."
        )
    if not environment.get("MINGQU_SMS_CHANNEL"):
        yield "MINGQU_SMS_CHANNEL is not set: no text message leaves, so nobody gets a code to sign in."
    if environment.get("MINGQU_LOG_LEVEL", "").upper() == "DEBUG":
        yield "MINGQU_LOG_LEVEL is DEBUG: statements with people's data would reach the logs."


def unkept_logs(environment: Mapping[str, str], folder: Path | None) -> Iterator[str]:
    """Log files that are not written, are removed before the law's six months are over, or can be read by others."""
    if folder is None:
        yield "MINGQU_LOG_FOLDER is none: no log is kept, and the law asks for at least six months of them."
    elif folder.is_dir() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield f"{folder} can be read by others (mode {stat.S_IMODE(folder.stat().st_mode):o}); it should be 700."
    if logfiles.days_kept(environment.get("MINGQU_LOG_DAYS", "")) is None:
        yield (
            f"MINGQU_LOG_DAYS is {environment['MINGQU_LOG_DAYS']}: logs are kept for at least "
            f"{logfiles.LEAST_DAYS} days, and until that is mended none is removed."
        )


def unusable_files(environment: Mapping[str, str]) -> Iterator[str]:
    """What the operator wrote about the platform above and can't be used: nothing would be reported."""
    from mingqu.federation.above.http import written
    from mingqu.federation.errors import UpwardFileWrong

    try:
        written(environment.get("MINGQU_UPWARD_FILE", ""))
    except (UpwardFileWrong, OSError) as wrong:
        yield f"MINGQU_UPWARD_FILE can't be used, so nothing is reported upwards: {wrong}"


def unsafe_database() -> Iterator[str]:
    """Durability, rights and transport of the database."""
    from django.db import connection, connections

    from mingqu.kernel.privileges import append_only_tables

    state = stored_state(os.environ["MINGQU_DATABASE_URL"])
    if "demo" in state:
        yield "The database holds the demo district; real and demo data must never meet."
    with connection.cursor() as cursor:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] == "off":
                yield f"PostgreSQL runs with {name} off: what was confirmed can be lost in a power cut."
        cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            yield "The app role is an administrator of the database; it should own nothing."
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND relkind IN ('r', 'p')"
            " AND (has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')) ORDER BY 1",
            [sorted(append_only_tables())],
        )
        for (table,) in cursor.fetchall():
            yield f"The app role may change {table}, which only grows: run `mingqu migrate --force`."
        cursor.execute(
            "SELECT client_addr IS NULL OR client_addr <<= '127.0.0.0/8' OR client_addr = '::1' OR ssl"
            " FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE pid = pg_backend_pid()"
        )
        if not cursor.fetchone()[0]:
            yield "The connection to the database crosses the network without TLS: add sslmode=verify-full."
    if connections["default"].settings_dict["USER"] == connections["owner"].settings_dict["USER"]:
        yield "The site runs as the owner of the database: MINGQU_DATABASE_URL has to name the app role."


def unsafe_ledger(environment: Mapping[str, str]) -> Iterator[str]:
    """How long entries of the audit ledger have to stay: never less than the law's six months for logs."""
    if _ledger_months(environment) is None:
        yield (
            f"MINGQU_LEDGER_MONTHS is {environment['MINGQU_LEDGER_MONTHS']}: the audit ledger is kept for at "
            f"least {LEDGER_FLOOR} whole months."
        )


def cut_ledger(environment: Mapping[str, str], at: datetime) -> Iterator[str]:
    """Whether somebody removed entries that have to be there still; the product itself removes none."""
    from django.db.migrations.recorder import MigrationRecorder
    from django.db.models import Min

    from mingqu.kernel.models import AuditEntry

    edge = at - timedelta(days=30 * (_ledger_months(environment) or LEDGER_FLOOR))
    installed = MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))["first"]
    if installed < edge and not AuditEntry.objects.filter(at__lt=edge).exists():
        yield (
            f"The audit ledger has no entry from before {edge:%Y-%m-%d}, though the installation is older: bring "
            "back what was removed from a backup."
        )


def _ledger_months(environment: Mapping[str, str]) -> int | None:
    """None for what is no number or too few."""
    given = environment.get("MINGQU_LEDGER_MONTHS", "") or str(LEDGER_FLOOR)
    return int(given) if given.isdecimal() and int(given) >= LEDGER_FLOOR else None


def old_backups(at: datetime) -> Iterator[str]:
    """No backup that could be brought back, or nobody who tried whether it could."""
    from mingqu.upkeep import selectors as upkeep

    backup, drill = upkeep.keeping(at)
    if backup.old:
        last = f"the last one is of {backup.last_at:%Y-%m-%d}" if backup.last_at else "there is none"
        yield (
            f"No backup in {backup.most_days} days, {last}: run `mingqu backup`, or set MINGQU_BACKUP_FOLDER."
            + (f" The last try failed: {backup.reason}" if backup.failed_at else "")
        )
    if drill.old:
        last = f"the last one was on {drill.last_at:%Y-%m-%d}" if drill.last_at else "there was none"
        yield f"No drill in {drill.most_days} days, {last}: run `mingqu drill` to see whether a backup comes back."


def training_regions() -> Iterator[str]:
    """Regions in which what nobody confirmed can be applied for."""
    from mingqu.kernel import training

    for region in training.marked():
        yield (
            f"{region.name} ({region.code}) is a training region: unconfirmed services can be applied for there, "
            "and what is issued has no legal effect."
        )


def missing_officers(at: datetime) -> Iterator[str]:
    """Officers nobody is, and what nobody can do then; organs whose papers can't be made."""
    from mingqu.documents import selectors as documents
    from mingqu.identity import selectors as identity
    from mingqu.kernel.legal_day import legal_day

    for officer, action, then in OFFICERS:
        if not identity.anybody_may(action, legal_day(at)):
            yield f"Nobody is {officer}: {then}. Run `mingqu setup --officer {officer}` with that person."
    without = [organ for organ in identity.open_departments() if not documents.has_seal(organ.code)]
    if without:
        yield (
            f"{len(without)} departments have no seal, the first is {without[0].name}: their papers and certificates "
            "can't be made (/desk/seals/)."
        )


def django_findings() -> list[str]:
    """What Django's own checks for deployment say, less what we check better."""
    from django.core.checks import run_checks

    found: list[Any] = run_checks(include_deployment_checks=True)
    return [f"{message.id}: {message.msg}" for message in found if message.id not in ACCEPTED]

"""The short commands: `migrate`, `setup`, `user`, `keys`, `verify`."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable

from mingqu.config.commands.installation import Installation, Refused, django_for, progress
from mingqu.config.commands.serve import run_prepare
from mingqu.config.launcher_roles import make_roles_on_own_server

OFFICERS = ("system_officer", "security_officer", "audit_officer")


def migrate(options: argparse.Namespace) -> None:
    """Roles, migrations, privileges, reference data, static files."""
    installation = Installation.here()
    installation.require_made()
    with installation.database("mingqu migrate") as urls:
        if installation.own_server:
            make_roles_on_own_server(urls)
        run_prepare(installation.environment(urls), *(["--force"] if options.force else []))
    progress("the database fits this version")


def setup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--officer", choices=OFFICERS, default=OFFICERS[0], help="which (default %(default)s)"
    )
    parser.add_argument("--username", help="asked for if left out")
    parser.add_argument("--name", help="the person's name; asked for if left out")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def setup(options: argparse.Namespace) -> None:
    """
    Make a real site and its first operators: folder, keys, database, one account per officer.

    The three officers exclude each other, so three people run this once each. No demo data, ever.
    """
    installation = Installation.here()
    installation.make("real")
    with installation.database("mingqu setup") as urls:
        if installation.own_server:
            make_roles_on_own_server(urls)
        run_prepare(installation.environment(urls))
    username = options.username or input("User name: ").strip()
    name = options.name or input("Name of the person: ").strip()
    password = _new_password(from_stdin=options.password_stdin)
    with django_for("mingqu setup"):
        from django.conf import settings
        from django.utils import timezone

        from mingqu.identity.services.setup import create_operator

        if not settings.MINGQU_SITE["region_code"]:
            raise Refused("Set MINGQU_SITE_REGION_CODE to the code of the region this site serves.")
        create_operator(username, name, password, at=timezone.now(), officer=options.officer)
    missing = [officer for officer in OFFICERS if officer != options.officer]
    print(
        f"The account {username} ({options.officer}) is made. What is next:\n"
        "  mingqu serve                      start the site\n"
        f"  sign in at /staff/ as {username}     a second factor is set up there\n"
        f"  mingqu setup --officer …          the other two officers, other people: {', '.join(missing)}\n"
        "  mingqu check --production         before it is opened to the public\n"
        "Until a security officer has signed in, nobody agrees to what needs two persons: no seal is made, "
        "replaced or retired, so no paper and no certificate either."
    )


def _new_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise Refused("The two passwords differ.")
    return password


def user_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    what.add_parser("list", help="accounts of staff")
    add = what.add_parser("add", help="an account that must change its password at first sign-in")
    add.add_argument("username")
    add.add_argument("--name", required=True, help="the person's name")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    for name, text in (("lock", "stop an account; its sessions end"), ("unlock", "let it sign in again")):
        one = what.add_parser(name, help=text)
        one.add_argument("username")
        if name == "lock":
            one.add_argument("--reason", required=True, help="kept encrypted beside the account")
    factor = what.add_parser("reset-second-factor", help="telephone lost: set up anew at next sign-in")
    factor.add_argument("username")
    reset = what.add_parser("reset-password", help="a temporary password; sessions end")
    reset.add_argument("username")
    reset.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def user(options: argparse.Namespace) -> None:
    """Accounts of staff, by the operator of the machine; each deed is in the audit ledger."""
    deeds: dict[str, Callable[[argparse.Namespace], None]] = {"list": _list_users, "add": _add_user}
    with django_for(f"mingqu user {options.what}"):
        deeds.get(options.what, _change_user)(options)


def _list_users(options: argparse.Namespace) -> None:
    from mingqu.identity import selectors

    for account in selectors.staff_accounts():
        # The last six signs of the id stand in the watermark of every page the account looks at.
        print(f"{account.username:<24} {'active' if account.is_active else 'locked'} {account.pk.hex[-6:]}")


def _add_user(options: argparse.Namespace) -> None:
    from django.utils import timezone

    from mingqu.identity.services.accounts import create_user
    from mingqu.identity.types import NewAccount
    from mingqu.kernel.ids import new_id
    from mingqu.kernel.types import Actor

    password = _new_password(from_stdin=options.password_stdin)
    draft = NewAccount(options.username, options.name, password)
    create_user(draft=draft, by=Actor.system("command_line"), at=timezone.now(), key=new_id())
    print(f"{options.username} may sign in; posts are given in the product.")


def _change_user(options: argparse.Namespace) -> None:
    from django.utils import timezone

    from mingqu.identity import selectors
    from mingqu.identity.services import accounts, second_factor
    from mingqu.kernel.ids import new_id
    from mingqu.kernel.types import Actor

    user_id = selectors.staff_account(options.username).id
    by, at, key = Actor.system("command_line"), timezone.now(), new_id()
    if options.what == "lock":
        accounts.lock_user(user_id=user_id, reason=options.reason, by=by, at=at, key=key)
    elif options.what == "unlock":
        accounts.unlock_user(user_id=user_id, by=by, at=at, key=key)
    elif options.what == "reset-second-factor":
        second_factor.reset_second_factor(user_id=user_id, by=by, at=at, key=key)
    else:
        password = _new_password(from_stdin=options.password_stdin)
        accounts.reset_password(user_id=user_id, password=password, by=by, at=at, key=key)
    print(f"{options.username}: {options.what} done")


def keys_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    what.add_parser("rotate", help="a new master key; everything is encrypted anew while the site runs")
    what.add_parser("ledger", help="a new key that signs the audit ledger; the ones before stay valid")


def keys(options: argparse.Namespace) -> None:
    """
    rotate: exchange the master key. If it is broken off, the same command goes on where it was. The old key is kept in
    a file beside the new one: backups made before need it. Delete it with the last of them. The new one is for the
    cipher that MINGQU_CIPHER names, else for the one in force.

    ledger: checkpoints are signed with a new key, for the signature that MINGQU_LEDGER_SIGNATURE names.
    """
    deeds = {"rotate": _rotate, "ledger": _renew_ledger_key}
    with django_for(f"mingqu keys {options.what}") as installation:
        deeds[options.what](installation)


def _rotate(installation: Installation) -> None:
    from django.utils import timezone

    from mingqu.kernel import rotation

    cipher = os.environ.get("MINGQU_CIPHER", "")
    version = rotation.rotate(installation.master_key, timezone.now(), cipher=cipher, say=progress)
    progress(f"master key {version} is in force; keep a copy of {installation.master_key} in a safe place")


def _renew_ledger_key(installation: Installation) -> None:
    from django.utils import timezone

    from mingqu.kernel import rotation

    made = rotation.renew_ledger_key(timezone.now())
    progress(f"checkpoints are signed by {made.signature} from now on; publish the key's fingerprint:")
    print(made.fingerprint)


def verify_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="a receipt (办理存证) as downloaded")
    parser.add_argument(
        "--key",
        action="append",
        default=[],
        help="the fingerprint of a key it may be signed with; may be repeated",
    )


def verify(options: argparse.Namespace) -> int:
    """Check a receipt offline: no database, no settings, nothing but the file."""
    from mingqu.kernel.receipts import verify_file

    report = verify_file(options.file, keys=options.key)
    print(report.summary)
    for finding in report.findings:
        print(f"  {finding}")
    if report.signers:
        print(f"签名密钥指纹：{', '.join(sorted(report.signers))}")
        if not options.key:  # anybody can make a key and sign a receipt of their own with it
            print("  没有核对是谁签的：请与平台公布的指纹比较，或用 --key 指定。")
    if report.sealed_until:
        print(f"封存至：{report.sealed_until}")
    return 0 if report.intact else 1

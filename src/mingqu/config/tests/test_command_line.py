"""The command `mingqu`: what it refuses, and in which words."""

import argparse
import re
import socket
import stat

import pytest

from mingqu.config import cli
from mingqu.config.commands.check import (
    cipher_in_use,
    unsafe_places,
    unsafe_settings,
    unusable_files,
    unwanted_cipher,
)
from mingqu.config.commands.installation import Installation, Refused
from mingqu.config.commands.prepare import code_digest
from mingqu.config.commands.serve import free_port, parts
from mingqu.config.keeping import manifest as manifests
from mingqu.config.launcher import LauncherError, throwaway_postgres
from mingqu.config.launcher_roles import APP, OWNER, READ, make_roles_on_own_server, own_server_urls
from mingqu.config.launcher_settings import memory_settings
from mingqu.config.tests.running import ask
from mingqu.kernel.keyring import read_ciphers, write_key_file

COMMANDS = {
    "keys", "demo", "serve", "setup", "migrate", "check", "definition", "import", "search", "user", "verify", "bench",
    "backup", "restore", "drill", "statistics", "bridge", "logs", "export",
}  # fmt: skip


@pytest.fixture
def installation(tmp_path, monkeypatch) -> Installation:
    """An installation's places in an empty folder; nothing made yet."""
    monkeypatch.setenv("MINGQU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MINGQU_MASTER_KEY_FILE", str(tmp_path / "keys" / "master.key"))
    for name in ("MINGQU_DATABASE_URL", "MINGQU_OWNER_DATABASE_URL", "MINGQU_READ_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return Installation.here()


def test_help_names_every_command_there_is(capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert {line.split()[0] for line in said.splitlines() if re.match(r" {4}\S", line)} == COMMANDS


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["check"], ["user", "list"]])
def test_where_nothing_was_set_up_a_command_says_how_to_begin(installation, capsys, command):
    assert cli.main(command) == 1

    assert "begin with `mingqu setup`" in capsys.readouterr().err
    assert not installation.home.exists()


def test_keys_are_made_once_readable_by_nobody_else_and_the_master_key_apart_from_the_data(installation):
    installation.make("real")
    first = installation.master_key.read_text()

    installation.make("real")

    assert installation.master_key.read_text() == first
    assert not installation.master_key.is_relative_to(installation.home)
    for path in (installation.master_key, installation.secret_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(("first", "second"), [("real", "demo"), ("demo", "real")])
def test_demo_and_real_data_never_share_a_folder(installation, first, second):
    installation.make(first)

    with pytest.raises(Refused, match=f"holds a {first} installation"):
        installation.make(second)

    assert installation.kind == first


def test_without_its_master_key_an_installation_does_not_start_and_gets_no_new_one(installation, capsys):
    installation.make("real")
    installation.master_key.unlink()

    assert cli.main(["serve"]) == 1

    assert "Restore it from its copy" in capsys.readouterr().err
    assert not installation.master_key.exists()


def test_a_taken_port_is_said_and_a_demo_takes_the_next():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(Refused, match=f"127.0.0.1:{port}"):
            free_port("127.0.0.1", port, 1)

        assert free_port("127.0.0.1", port, 20) > port


def test_only_the_scheduler_may_act_as_the_owner_and_web_threads_share_their_connections():
    options = argparse.Namespace(host="127.0.0.1", workers=2, threads=4)
    environment = {
        "MINGQU_OWNER_DATABASE_URL": "postgresql://owner@/d",
        "MINGQU_DATABASE_URL": "postgresql://app@/d",
    }

    found = {part.name: part.environment for part in parts(environment, options, 8000)}

    assert set(found) == {"web", "relay", "worker", "scheduler"}
    assert [name for name in found if "MINGQU_OWNER_DATABASE_URL" in found[name]] == ["scheduler"]
    assert found["web"]["MINGQU_POOL"] == "4"


def test_messages_that_leave_the_machine_have_a_worker_of_their_own():
    options = argparse.Namespace(host="127.0.0.1", workers=2, threads=4)

    found = {part.name: part for part in parts({"MINGQU_SMS_CHANNEL": "gateway"}, options, 8000)}
    assert found["messages"].arguments[-4:-2] == ["--queues", "messages"]


def test_a_file_that_is_no_receipt_is_not_verified(tmp_path, capsys):
    (tmp_path / "receipt.json").write_text("{}")

    assert cli.main(["verify", str(tmp_path / "receipt.json")]) == 1

    assert capsys.readouterr().out


def test_an_operators_own_server_gets_the_two_roles_it_lacks(tmp_path, monkeypatch):
    with throwaway_postgres() as made:
        owner = made["MINGQU_OWNER_DATABASE_URL"]
        monkeypatch.setenv("MINGQU_DATABASE_URL", owner)
        monkeypatch.delenv("MINGQU_OWNER_DATABASE_URL", raising=False)
        monkeypatch.delenv("MINGQU_READ_DATABASE_URL", raising=False)
        for role in (APP, READ):
            ask(owner, f"REVOKE ALL ON DATABASE mingqu FROM {role}")
            ask(made["MINGQU_SUPERUSER_DATABASE_URL"], f"DROP ROLE {role}")
        urls = own_server_urls(tmp_path / "secrets.json")

        with pytest.raises(LauncherError, match="CREATE ROLE mingqu_app"):
            make_roles_on_own_server(urls)

        ask(made["MINGQU_SUPERUSER_DATABASE_URL"], f"ALTER ROLE {OWNER} CREATEROLE")
        make_roles_on_own_server(urls)
        make_roles_on_own_server(own_server_urls(tmp_path / "secrets.json"))
        assert ask(urls["MINGQU_DATABASE_URL"], "SELECT current_user") == APP

        with pytest.raises(LauncherError, match="another installation"):
            make_roles_on_own_server(own_server_urls(tmp_path / "other.json"))


def test_two_of_three_addresses_are_not_enough(tmp_path, monkeypatch):
    monkeypatch.setenv("MINGQU_DATABASE_URL", "postgresql://a@h/d")
    monkeypatch.setenv("MINGQU_READ_DATABASE_URL", "postgresql://b@h/d")
    monkeypatch.delenv("MINGQU_OWNER_DATABASE_URL", raising=False)

    with pytest.raises(LauncherError, match="all three"):
        own_server_urls(tmp_path / "secrets.json")


SAFE = {
    "MINGQU_BASE_URL": "https://zwfw.example.gov.cn",
    "MINGQU_HOSTS": "zwfw.example.gov.cn",
    "MINGQU_BEHIND_PROXY": "1",
    "MINGQU_SMS_CHANNEL": "gateway",
}


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ({"MINGQU_DEMO": "1"}, "MINGQU_DEMO"),
        ({"MINGQU_BASE_URL": "http://zwfw.example.gov.cn"}, "https"),
        ({"MINGQU_BASE_URL": ""}, "not set"),
        ({"MINGQU_HOSTS": ""}, "MINGQU_HOSTS is not set"),
        ({"MINGQU_HOSTS": "*"}, "any name"),
        ({"MINGQU_BEHIND_PROXY": ""}, "proxy"),
        ({"MINGQU_LOG_LEVEL": "debug"}, "DEBUG"),
        ({"MINGQU_SMS_CHANNEL": ""}, "nobody gets a code"),
    ],
)
def test_a_setting_that_is_unsafe_in_the_open_is_named(setting, named):
    assert list(unsafe_settings(SAFE)) == []

    (said,) = unsafe_settings(SAFE | setting)

    assert named in said


def test_a_master_key_among_the_data_or_open_to_others_is_named(installation):
    installation.make("real")
    before = list(unsafe_places(installation))
    installation.master_key.chmod(0o644)
    inside = Installation(installation.home, installation.home / "secret.key", installation.secret_key)

    assert [said for said in before if "root" not in said] == []
    assert any("can be read by others (mode 644)" in said for said in unsafe_places(installation))
    assert any("lies in the data folder" in said for said in unsafe_places(inside))


def test_a_demo_folder_is_named_as_unsafe(installation):
    installation.make("demo")

    assert any("demo installation" in said for said in unsafe_places(installation))


@pytest.mark.parametrize(("gigabytes", "buffers"), [(0.25, "64MB"), (4, "512MB"), (64, "1024MB")])
def test_memory_is_sized_to_the_machine_and_leaves_room_for_the_rest(gigabytes, buffers):
    assert memory_settings(int(gigabytes * 2**30))["shared_buffers"] == buffers


def test_a_changed_file_of_the_package_means_a_new_preparation(tmp_path):
    (tmp_path / "models.py").write_text("one")
    before = code_digest(tmp_path)
    (tmp_path / "README.md").write_text("not part of it")
    assert code_digest(tmp_path) == before

    (tmp_path / "models.py").write_text("three")

    assert code_digest(tmp_path) != before


def test_a_file_about_the_platform_above_that_cant_be_used_is_named(tmp_path):
    file = tmp_path / "upward.yaml"
    file.write_text("url: https://share.example.gov.cn\n")
    file.chmod(0o644)
    assert list(unusable_files({})) == []

    (open_to_others,) = unusable_files({"MINGQU_UPWARD_FILE": str(file)})
    (missing,) = unusable_files({"MINGQU_UPWARD_FILE": str(tmp_path / "none")})
    file.chmod(0o600)

    assert "chmod 600" in open_to_others and "MINGQU_UPWARD_FILE" in missing
    assert list(unusable_files({"MINGQU_UPWARD_FILE": str(file)})) == []


# Ciphers --------------------------------------------------------------------------------------------------------


def test_a_site_begins_with_the_cipher_that_its_setting_names(installation, monkeypatch):
    monkeypatch.setenv("MINGQU_CIPHER", "sm4")

    installation.make("real")

    assert read_ciphers(installation.master_key) == {1: "sm4"}
    assert stat.S_IMODE(installation.master_key.stat().st_mode) == 0o600


def test_no_key_is_made_for_a_cipher_that_is_not_here(installation, monkeypatch):
    monkeypatch.setenv("MINGQU_CIPHER", "zuc")

    with pytest.raises(Refused, match="zuc 在本机不可用"):
        installation.make("real")

    assert not installation.master_key.exists()


@pytest.mark.parametrize("command", ["serve", "migrate", "check"])
def test_where_the_cipher_of_the_key_is_not_here_nothing_starts(installation, capsys, command):
    installation.make("real")
    installation.master_key.write_text(installation.master_key.read_text().strip() + " zuc")

    assert cli.main([command]) == 1

    assert "zuc 在本机不可用" in capsys.readouterr().err


def test_the_cipher_in_use_is_told_and_one_that_was_asked_for_in_vain_is_named(tmp_path, monkeypatch):
    path = tmp_path / "master.key"
    write_key_file(path, {2: bytes(32)}, ciphers={2: "sm4"})
    monkeypatch.setenv("MINGQU_MASTER_KEY_FILE", str(path))

    assert cipher_in_use() == "Personal data at rest is under SM4-GCM (SM3), master key version 2."
    assert not list(unwanted_cipher({})) and not list(unwanted_cipher({"MINGQU_CIPHER": "sm4"}))
    (said,) = unwanted_cipher({"MINGQU_CIPHER": "aes"})
    assert "asks for aes, and personal data is under sm4: run `mingqu keys rotate`" in said


def test_a_backup_says_its_cipher_and_a_key_that_lost_the_word_does_not_pass_for_it(tmp_path):
    path = tmp_path / "master.key"
    write_key_file(path, {1: bytes(32)}, ciphers={1: "sm4"})
    manifests.write(tmp_path, manifest_for(path), path)
    (known,) = manifests.read(tmp_path, path).master_keys.values()

    assert re.fullmatch(r"[0-9a-f]{16} sm4", known)
    write_key_file(path, {1: bytes(32)})
    with pytest.raises(manifests.BackupRefused, match=rf"{known}; \S+ holds [0-9a-f]{{16}} aes"):
        manifests.read(tmp_path, path)


def manifest_for(path):
    whole = {
        "state": {},
        "migrations": [],
        "rows": {},
        "parts": [],
        "checkpoint": 0,
        "files": 0,
        "files_size": 0,
    }
    words = {"made_at": "2026-11-24", "kind": "real", "product": "0", "postgres": "18", "sealed": False}
    return manifests.Manifest(**whole, **words, master_keys=manifests.fingerprints(path))

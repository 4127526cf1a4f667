"""The master key is exchanged by its command while clients file and handle cases: nobody notices."""

import subprocess
import sys

import pytest

from mingqu.kernel.keyring import read_ciphers, read_key_file
from tests.kill.installation import installation
from tests.kill.test_kills import found, load


@pytest.mark.long
@pytest.mark.site
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("cipher", ["", "sm4"])
def test_the_key_is_exchanged_under_load(cipher):
    with installation() as made, load(made) as at_work:
        at_work.wait_for(20)
        rotated = subprocess.run(
            [sys.executable, "-m", "mingqu.config.cli", "keys", "rotate"],
            env=made.environment() | {"MINGQU_CIPHER": cipher}, cwd="/",
            stderr=subprocess.PIPE, text=True, check=False, timeout=600,
        )  # fmt: skip
        assert rotated.returncode == 0, rotated.stderr
        at_work.wait_for(20)
        at_work.stop()
        said = found(made, at_work.journals)
        versions, ciphers = list(read_key_file(made.key)), read_ciphers(made.key)

    assert said["wrong"] == []
    assert versions == [2] and ciphers == {1: "aes", 2: cipher or "aes"}

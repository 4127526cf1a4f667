"""
Personal data under 国密 algorithms: the published vectors, what the key file says, and no other cipher in silence.
"""

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from mingqu.kernel import suites
from mingqu.kernel.crypto import (
    NotDecryptable,
    blind_index,
    decrypt_bytes,
    encrypt_bytes,
    key_version,
    keyed_salt,
)
from mingqu.kernel.errors import CipherMissing, KeyMissing
from mingqu.kernel.keyring import (
    key_line,
    keyring,
    read_ciphers,
    read_kept,
    read_key_file,
    read_ring,
    write_key_file,
)
from mingqu.kernel.rotation import add_key

SM4 = suites.suite("sm4")
STANDARD_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
ONE, OTHER = bytes(range(32)), bytes([7]) * 32


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    path = tmp_path / "master.key"
    monkeypatch.setenv("MINGQU_MASTER_KEY_FILE", str(path))
    write_key_file(path, {1: ONE}, ciphers={1: "sm4"})
    return path


# Vectors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    ],
)
def test_sm3_gives_the_digests_of_its_standard(data, digest):
    assert sm3(data).hex() == digest


def sm3(data: bytes) -> bytes:
    hashed = hashes.Hash(hashes.SM3())
    hashed.update(data)
    return hashed.finalize()


def test_sm4_gives_the_block_of_its_standard():
    encryptor = Cipher(algorithms.SM4(STANDARD_KEY), modes.ECB()).encryptor()

    assert encryptor.update(STANDARD_KEY).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_ciphertext_and_tag_of_rfc_8998():
    data = b"".join(bytes([byte]) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    nonce = bytes.fromhex("00001234567800000000abcd")
    context = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")

    sealed = SM4.seal(STANDARD_KEY, nonce, data, context)

    assert sealed.hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert SM4.open(STANDARD_KEY, nonce, sealed, context) == data


def test_the_keyed_digest_is_hmac_over_sm3():
    """By the definition of HMAC (inner and outer pad), over a digest whose vectors are above."""
    padded = ONE + bytes(32)
    inner, outer = bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)

    assert SM4.mac(ONE, b"abc") == sm3(outer + sm3(inner + b"abc"))


def test_the_keyed_digest_is_that_of_gmt_0042():
    text = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq" * 2

    assert SM4.mac(bytes(range(1, 33)), text).hex() == (
        "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a"
    )


def test_keys_are_derived_by_hkdf_over_sm3():
    """RFC 5869 with the digest above: extract under the salt, then one block for the purpose."""
    drawn = SM4.mac(b"mingqu", ONE)

    assert SM4.derive(ONE, "data") == SM4.mac(drawn, b"data\x01")
    assert SM4.derive(ONE, "data") != suites.suite("aes").derive(ONE, "data")


# What the key file says -----------------------------------------------------------------------------------------


def test_a_line_says_its_cipher_and_none_means_aes(tmp_path):
    path = tmp_path / "key"
    old = key_line(1, ONE, "aes")
    path.write_text(old + key_line(2, OTHER, "sm4") + key_line(0, OTHER, "sm4", "audit.secret"))

    ring = read_ring(path)

    assert old.split()[0] == "1" and len(old.split()) == 2, "as every release before wrote it"
    assert read_key_file(path) == {1: ONE, 2: OTHER} and read_kept(path) == {(0, "audit.secret"): OTHER}
    assert read_ciphers(path) == {0: "sm4", 1: "aes", 2: "sm4"}
    assert (ring.suite(1).name, ring.suite().name, ring.suite(0).name) == ("aes", "sm4", "sm4")
    with pytest.raises(KeyMissing):
        ring.suite(3)


def test_a_written_file_reads_as_it_was(tmp_path):
    path, ciphers = tmp_path / "key", {1: "sm4", 2: "aes", 3: "sm4"}
    write_key_file(path, {2: ONE, 3: OTHER}, {(1, "audit.secret"): OTHER}, ciphers)

    assert read_key_file(path) == {2: ONE, 3: OTHER}
    assert read_kept(path) == {(1, "audit.secret"): OTHER} and read_ciphers(path) == ciphers


@pytest.mark.parametrize("line", ["1 sm4", "sm4", "1 !!! sm4"])
def test_a_line_without_a_key_is_refused_whatever_cipher_it_names(tmp_path, line):
    path = tmp_path / "key"
    path.write_text(line)

    with pytest.raises(KeyMissing):
        read_ring(path)


# In use ---------------------------------------------------------------------------------------------------------


def test_under_sm4_a_value_opens_in_its_place_only_and_is_not_what_aes_made(key_file):
    sealed = encrypt_bytes("张三".encode(), context=b"a")

    assert key_version(sealed) == 1 and len(sealed) == 2 + 12 + 6 + 16
    assert decrypt_bytes(sealed, context=b"a").decode() == "张三"
    assert SM4.open(keyring().derive("data"), sealed[2:14], sealed[14:], b"a").decode() == "张三"
    with pytest.raises(NotDecryptable):
        decrypt_bytes(sealed, context=b"b")
    write_key_file(key_file, {1: ONE})
    with pytest.raises(NotDecryptable):
        decrypt_bytes(sealed, context=b"a")


@pytest.mark.usefixtures("key_file")
def test_under_sm4_every_changed_byte_and_every_cut_end_are_found():
    sealed = encrypt_bytes(b"abc", context=b"")

    for place in range(2, len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        for altered in (bytes(changed), sealed[:place]):
            with pytest.raises(NotDecryptable):
                decrypt_bytes(altered, context=b"")


@pytest.mark.usefixtures("key_file")
def test_under_sm4_what_is_looked_up_is_found_by_hmac_sm3():
    assert blind_index("phone", "1") == SM4.mac(keyring().derive("blind:phone"), b"1")
    assert keyed_salt(b"s") == SM4.mac(keyring().derive("audit.secret"), b"s")
    assert len(blind_index("phone", "1")) == 32


def test_while_ciphers_change_each_value_opens_under_its_own(key_file):
    write_key_file(key_file, {1: ONE})
    old = encrypt_bytes(b"old", context=b"")
    index = blind_index("phone", "1")

    assert add_key(key_file, "sm4") == 2
    fresh = encrypt_bytes(b"new", context=b"")

    assert (key_version(old), key_version(fresh)) == (1, 2)
    assert (decrypt_bytes(old, context=b""), decrypt_bytes(fresh, context=b"")) == (b"old", b"new")
    assert blind_index("phone", "1") == index, "digests stay those of the oldest key until all are rewritten"


def test_a_further_key_is_for_the_cipher_in_force_unless_another_is_asked_for(key_file):
    add_key(key_file)
    assert read_ciphers(key_file) == {1: "sm4", 2: "sm4"}

    add_key(key_file, "aes")
    assert read_ciphers(key_file) == {1: "sm4", 2: "sm4"}, "an exchange under way is gone on with"

    write_key_file(key_file, {2: OTHER}, ciphers={2: "sm4"})
    add_key(key_file, "aes")
    assert read_ciphers(key_file) == {2: "sm4", 3: "aes"}


# No other cipher in silence -------------------------------------------------------------------------------------


def test_a_cipher_nobody_has_is_refused_by_its_name_and_the_file_stays(key_file):
    before = key_file.read_text()

    with pytest.raises(CipherMissing, match="zuc") as refused:
        add_key(key_file, "zuc")

    assert refused.value.code == "cipher_missing"
    assert key_file.read_text() == before
    key_file.write_text(key_line(1, ONE, "zuc"))
    with pytest.raises(CipherMissing):
        encrypt_bytes(b"x", context=b"")


def test_where_the_library_lacks_sm4_nothing_is_read_or_written(key_file, monkeypatch):
    def lacking(*given):
        raise UnsupportedAlgorithm("cipher SM4 in GCM mode is not supported")

    monkeypatch.setattr(suites, "_tried", set())
    monkeypatch.setattr(suites.Sm4, "seal", lacking)

    for _ in range(2):
        with pytest.raises(CipherMissing, match="sm4"):
            read_ring(key_file)


OF_A_SITE = """
from cryptography.exceptions import InvalidTag
from mingqu.kernel import suites

class Turned:
    name, title = "turned", "bytes turned round"

    def derive(self, master, purpose):
        return bytes([len(purpose)]) * 32

    def seal(self, key, nonce, data, context):
        return context + key[:1] + data[::-1]

    def open(self, key, nonce, sealed, context):
        if not sealed.startswith(context + key[:1]):
            raise InvalidTag()
        return sealed[len(context) + 1 :][::-1]

    def mac(self, key, data):
        return data.rjust(32)

suites.register(Turned())
"""


def test_a_sites_own_module_is_used_by_the_name_in_the_key_file(key_file, tmp_path, monkeypatch):
    (tmp_path / "ciphers_of_a_site.py").write_text(OF_A_SITE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(suites, "_SUITES", dict(suites._SUITES))
    monkeypatch.setattr(suites, "_tried", set(suites._tried))
    monkeypatch.setenv("MINGQU_CIPHER_MODULE", "ciphers_of_a_site")
    key_file.write_text(key_line(1, ONE, "turned"))

    sealed = encrypt_bytes(b"abc", context=b"c")

    assert sealed[14:] == b"c\x04cba" and decrypt_bytes(sealed, context=b"c") == b"abc"
    with pytest.raises(NotDecryptable):
        decrypt_bytes(sealed, context=b"d")
    with pytest.raises(ValueError, match="two cipher suites named turned"):
        suites.register(keyring().suite())

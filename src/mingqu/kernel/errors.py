"""Refusals: a stable code for programs, a sentence for people, the field it belongs to."""

from collections.abc import Callable
from typing import Any

_speak: Callable[[str], str] = str


def use_language(speak: Callable[[str], str]) -> None:
    """Set at start-up: how a sentence becomes one of the page's language. This module itself stays pure."""
    global _speak  # noqa: PLW0603
    _speak = speak


def to_citizens(sentence: str) -> str:
    """Marks a sentence that citizens get to read: the catalogue asks for its English (tools/messages.py)."""
    return sentence


def spoken(sentence: str) -> str:
    """A sentence or a word of one, marked `to_citizens`, in the language of the page at hand."""
    return _speak(sentence)


class DomainError(Exception):
    """
    A command or question is refused; nothing half-written remains.

    Subclasses set `code` (stable: clients rely on it), `sentence` (Chinese, may hold {placeholders} filled from the
    parameters; in `to_citizens` when they get to read it) and `status` (HTTP). Parameters never hold personal data.
    """

    code = "refused"
    sentence = to_citizens("这一步现在不能办理。")
    status = 400

    def __init__(self, *args: object, field: str = "", **params: Any) -> None:
        self.field = field
        self.params = params
        self.subject = args
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """In the language of the page at hand, where the sentence is in its room's catalogue."""
        sentence = spoken(self.sentence)
        return sentence.format(**self.params) if self.params else sentence


class NotFound(DomainError):
    """What was asked for does not exist, or is not this person's to see: the answer is the same."""

    code = "not_found"
    sentence = to_citizens("没有找到您要的内容，或者您无权查看。")
    status = 404


class KeyReused(DomainError):
    """One command key was sent with two different commands."""

    code = "key_reused"
    sentence = to_citizens("这个操作编号已经用于另一项操作，请刷新页面后再试。")
    status = 409


class NoCommand(RuntimeError):
    """A service that serves an aggregate was called outside its owner's command: a programming error."""


class KeyMissing(DomainError):
    """The master key file is absent or unreadable; nothing personal can be read or written."""

    code = "master_key_missing"
    sentence = "没有找到加密主密钥文件，系统不能读写个人信息。请运维人员检查 MINGQU_MASTER_KEY_FILE。"
    status = 503


class CipherMissing(DomainError):
    """The key file or a setting names a cipher that this machine does not have; no other one takes its place."""

    code = "cipher_missing"
    sentence = (
        "密码算法 {cipher} 在本机不可用，系统不会改用别的算法，因此不能读写个人信息。"
        "请运维人员换用提供该算法的密码库，或检查主密钥文件和 MINGQU_CIPHER。"
    )
    status = 503


class SignatureUnknown(DomainError):
    """A setting names a way to sign the audit ledger that this release does not have."""

    code = "signature_unknown"
    sentence = "没有名为 {signature} 的签名算法。请运维人员检查 MINGQU_LEDGER_SIGNATURE。"
    status = 503

"""What a seal provider must do. The local one keeps P-256 keys; a 国密 or hardware one may join."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mingqu.documents.types import SealOrder


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """
    A signing key as its provider left it.

    `private` is opaque to everyone else: key bytes for the local provider, a handle for a hardware one. It is
    stored encrypted. `certificate` is X.509 in PEM.
    """

    certificate: str
    private: bytes


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose key it is: the name printed in signature panels, and the organ's code."""

    name: str
    code: str


class SealProvider(Protocol):
    name: str

    def create_root(self, subject: Subject, at: datetime) -> KeyMaterial:
        """The installation's own certificate authority."""

    def create_organ_key(self, root: KeyMaterial, subject: Subject, at: datetime) -> KeyMaterial:
        """A key of one organ, its certificate issued by `root`."""

    def seal(self, pdf: bytes, key: KeyMaterial, order: SealOrder) -> bytes:
        """The PDF with one signature over all of it. The input must not be signed yet."""

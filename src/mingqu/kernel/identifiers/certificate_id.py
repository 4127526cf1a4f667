"""电子证照标识 (GB/T 36904): root.type 21.issuer 18.serial.version 3.check, ISO 7064 MOD 37,36."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mingqu.kernel.identifiers.checks import ALPHANUMERIC, mod37_36_check
from mingqu.kernel.identifiers.credit_code import CreditCode
from mingqu.kernel.identifiers.errors import IdentifierRefused
from mingqu.kernel.identifiers.text import canonical

ROOT: Final = "1.2.156.3005.2"
_KIND: Final = "certificate_id"


@dataclass(frozen=True)
class CertificateId:
    """
    One version of one certificate.

    `certificate_type` = credit code of the organ that defined the type (18) + serial (3); the split is
    inferred from samples. The root takes no part in the check.
    """

    certificate_type: str
    issuer: CreditCode
    serial: str
    version: int

    @classmethod
    def build(cls, certificate_type: str, issuer: CreditCode, serial: str, version: int = 1) -> CertificateId:
        """Compose one; refuses parts that would not parse again."""
        return cls.parse(str(cls(certificate_type, issuer, serial, version)), demo=True)

    @classmethod
    def parse(cls, text: str, *, demo: bool = False) -> CertificateId:
        """Raises IdentifierRefused: certificate_id_* (empty, structure, check_character) or credit_code_*."""
        code = canonical(text)
        if not code:
            raise IdentifierRefused(_KIND, "empty")
        if not code.startswith(ROOT + "."):
            raise IdentifierRefused(_KIND, "structure")
        parts = code[len(ROOT) + 1 :].split(".")
        if len(parts) != 5:
            raise IdentifierRefused(_KIND, "structure")
        kind, issuer, serial, version, check = parts
        lengths_fit = (len(kind), len(version), len(check)) == (21, 3, 1) and 1 <= len(serial) <= 50
        known = set("".join(parts)) <= set(ALPHANUMERIC)
        if not (lengths_fit and known and version.isdigit() and kind[18:].isdigit()):
            raise IdentifierRefused(_KIND, "structure")
        if mod37_36_check(kind + issuer + serial + version) != check:
            raise IdentifierRefused(_KIND, "check_character")
        CreditCode.parse(kind[:18], demo=demo)
        return cls(kind, CreditCode.parse(issuer, demo=demo), serial, int(version))

    @property
    def check(self) -> str:
        return mod37_36_check(f"{self.certificate_type}{self.issuer}{self.serial}{self.version:03d}")

    def __str__(self) -> str:
        parts = (
            ROOT,
            self.certificate_type,
            str(self.issuer),
            self.serial,
            f"{self.version:03d}",
            self.check,
        )
        return ".".join(parts)

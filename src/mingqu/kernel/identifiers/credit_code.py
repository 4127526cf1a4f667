"""统一社会信用代码 (GB 32100-2015) and the organisation code (GB 11714) inside it."""

from __future__ import annotations

from dataclasses import dataclass

from mingqu.kernel.identifiers.checks import (
    ALPHANUMERIC,
    CREDIT_ALPHABET,
    credit_check,
    organisation_check,
)
from mingqu.kernel.identifiers.errors import IdentifierRefused
from mingqu.kernel.identifiers.text import canonical, require_shape

DEMO_REGION_PREFIX = "99"


@dataclass(frozen=True)
class OrganisationCode:
    """组织机构代码: eight characters and a check; printed 00001333-8."""

    body: str

    @classmethod
    def parse(cls, text: str) -> OrganisationCode:
        """Read nine characters, a dash before the last allowed. Raises IdentifierRefused."""
        code = canonical(text, dashes=True)
        require_shape("organisation_code", code, length=9, alphabet=ALPHANUMERIC, last="0123456789X")
        if organisation_check(code[:8]) != code[8]:
            raise IdentifierRefused("organisation_code", "check_character")
        return cls(code[:8])

    @property
    def check(self) -> str:
        return organisation_check(self.body)

    def __str__(self) -> str:
        return self.body + self.check

    def printed(self) -> str:
        return f"{self.body}-{self.check}"


@dataclass(frozen=True)
class CreditCode:
    """
    A firm's or body's code: registration authority, kind, region, organisation code, check.

    The region is that of first registration and is kept for life, so it may be a historical one.
    """

    authority: str
    kind: str
    region: str
    organisation: OrganisationCode

    @classmethod
    def build(cls, authority: str, kind: str, region: str, body: str) -> CreditCode:
        """Compose one from its parts, both check characters computed (demo data, tests)."""
        made = cls(authority, kind, region, OrganisationCode(body))
        return cls.parse(str(made), demo=True)

    @classmethod
    def parse(cls, text: str, *, demo: bool = False) -> CreditCode:
        """
        Read 18 characters; `demo` says that this installation accepts codes of the demo district.

        Raises IdentifierRefused: empty, length, characters, check_character, organisation_check, demo_only.
        """
        code = canonical(text, dashes=True)
        require_shape("credit_code", code, length=18, alphabet=CREDIT_ALPHABET)
        for position in range(3, 9):
            if not code[position - 1].isdigit():
                raise IdentifierRefused("credit_code", "characters", position=position)
        if credit_check(code[:17]) != code[17]:
            raise IdentifierRefused("credit_code", "check_character")
        if organisation_check(code[8:16]) != code[16]:
            raise IdentifierRefused("credit_code", "organisation_check")
        if code[2:4] == DEMO_REGION_PREFIX and not demo:
            raise IdentifierRefused("credit_code", "demo_only")
        return cls(code[0], code[1], code[2:8], OrganisationCode(code[8:16]))

    @property
    def check(self) -> str:
        return credit_check(self._body())

    @property
    def is_demo(self) -> bool:
        return self.region.startswith(DEMO_REGION_PREFIX)

    def _body(self) -> str:
        return f"{self.authority}{self.kind}{self.region}{self.organisation}"

    def __str__(self) -> str:
        return self._body() + self.check

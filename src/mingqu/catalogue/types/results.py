"""What a service ends with: the certificate it issues, and what that one says."""

from dataclasses import dataclass, field

from mingqu.catalogue.types.parts import LawRef, codes, least


@dataclass(frozen=True)
class CertificateField:
    """
    A line of the certificate, or of the decision where that is the result. `value` is FEEL over form, situation (as
    its words) and applicant.
    """

    code: str
    label: str
    value: str
    required: bool = True
    public: bool = False  # shown to anyone who verifies


CERTIFICATE_RESULT = "certificate"
OF_A_CERTIFICATE = (
    "certificate_type",
    "certificate_name",
    "number_prefix",
    "fields",
    "valid_years",
    "basis",
    "renew_before_days",
)


@dataclass(frozen=True)
class BeginWithin:
    """
    What is granted is to be begun within so many months of receipt; the organ may put it off `extensions` times by at
    most `extension_months`; not begun by then, the certificate is void by itself (建筑法 9).
    """

    months: int = field(metadata=least(1))
    extensions: int = field(metadata=least(0))
    extension_months: int = field(metadata=least(0))
    basis: LawRef


@dataclass(frozen=True)
class Supervision:
    """
    What is granted is under supervision afterwards (行政许可法 61): inspected for the first time within so many months
    of the grant, by the organ that decided.
    """

    first_check_months: int = field(metadata=least(1))


@dataclass(frozen=True)
class Result:
    """
    What a grant brings. `type` certificate: a certificate of a type (code of 21 characters) with its validity and
    lines. With every other type the decision itself is the result (a 批文: 行政许可法 39(3)): nothing else is made, and
    `fields` are the lines in which it says what is granted.
    """

    type: str = field(
        default=CERTIFICATE_RESULT,
        metadata=codes("result_type") | {"needs": {CERTIFICATE_RESULT: OF_A_CERTIFICATE}},
    )
    name: str = ""  # what the decision is called, where it is the result
    certificate_type: str = ""
    certificate_name: str = ""
    number_prefix: str = ""
    fields: list[CertificateField] = field(default_factory=list)
    valid_years: int = field(default=0, metadata=least(0))
    basis: LawRef | None = None
    renew_before_days: int = field(default=0, metadata=least(0))
    begin: BeginWithin | None = None  # of a certificate alone
    supervision: Supervision | None = None  # of a certificate alone
    not_public: str = ""  # why its decisions are not open (行政许可法 5: 国家秘密、商业秘密、个人隐私)

    @property
    def is_certificate(self) -> bool:
        """Whether a certificate is issued after a grant."""
        return self.type == CERTIFICATE_RESULT

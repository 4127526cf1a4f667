"""What every refusal about a case is."""

from mingqu.kernel.errors import DomainError


class CaseRefusal(DomainError):
    status = 409

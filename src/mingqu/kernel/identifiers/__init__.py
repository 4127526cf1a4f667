"""
Identifiers of people, firms, regions, items, cases and certificates: read, check, compose.

Pure Python. Every `parse` raises IdentifierRefused with a stable code; `str()` gives the canonical form.
"""

from mingqu.kernel.identifiers.case_number import CaseNumber, NationalCaseNumber
from mingqu.kernel.identifiers.certificate_id import CertificateId
from mingqu.kernel.identifiers.citizen_number import CitizenNumber
from mingqu.kernel.identifiers.credit_code import CreditCode, OrganisationCode
from mingqu.kernel.identifiers.divisions import is_known_ever
from mingqu.kernel.identifiers.errors import IdentifierRefused
from mingqu.kernel.identifiers.item_codes import BaseCode, HandlingItemCode, TaskCode
from mingqu.kernel.identifiers.phone import Phone
from mingqu.kernel.identifiers.region_code import CITY, COUNTY, RegionCode

__all__ = [
    "CITY",
    "COUNTY",
    "BaseCode",
    "CaseNumber",
    "CertificateId",
    "CitizenNumber",
    "CreditCode",
    "HandlingItemCode",
    "IdentifierRefused",
    "NationalCaseNumber",
    "OrganisationCode",
    "Phone",
    "RegionCode",
    "TaskCode",
    "is_known_ever",
]

"""Cases from filing to archive, and what belongs to them."""

from mingqu.cases.models.case import OPEN, Case, CaseNumber
from mingqu.cases.models.materials import AfterCheck, CaseMaterial, MaterialFile, SignedCommitment
from mingqu.cases.models.review import Decision, Opinion
from mingqu.cases.models.service import ServiceOfPaper
from mingqu.cases.models.visits import Visit, VisitPhoto

__all__ = [
    "OPEN",
    "AfterCheck",
    "Case",
    "CaseMaterial",
    "CaseNumber",
    "Decision",
    "MaterialFile",
    "Opinion",
    "ServiceOfPaper",
    "SignedCommitment",
    "Visit",
    "VisitPhoto",
]

"""Cases from filing to archive, and what belongs to them."""

from mingqu.cases.models.amending import FilingChange
from mingqu.cases.models.announcing import Announcement
from mingqu.cases.models.answers import AskedAnswer
from mingqu.cases.models.archive import ArchiveRecord, ArchiveWork
from mingqu.cases.models.arrivals import Arrival
from mingqu.cases.models.bundles import OPEN_BUNDLES, Bundle, BundleNumber, BundlePart
from mingqu.cases.models.case import OPEN, Case, CaseNumber
from mingqu.cases.models.consultations import Consultation
from mingqu.cases.models.desk import MaterialMark, OwnPhrases
from mingqu.cases.models.discretion import Discretion
from mingqu.cases.models.joint_visits import JointVisit, JointVisitAnswer, SharedFinding
from mingqu.cases.models.many import ManyFiling, ManyRow
from mingqu.cases.models.materials import AfterCheck, CaseMaterial, MaterialFile, SignedCommitment
from mingqu.cases.models.outages import BackFilled, Outage, PaperPack, PaperSlip
from mingqu.cases.models.phone import PhoneFile, PhoneSlot
from mingqu.cases.models.projects import Project, ProjectNumber, ProjectStage
from mingqu.cases.models.recusals import Recusal
from mingqu.cases.models.review import Decision, Opinion
from mingqu.cases.models.service import DeliveryAddress, ServiceOfPaper
from mingqu.cases.models.visits import Visit, VisitPhoto

__all__ = [
    "OPEN",
    "OPEN_BUNDLES",
    "AfterCheck",
    "Announcement",
    "ArchiveRecord",
    "ArchiveWork",
    "Arrival",
    "AskedAnswer",
    "BackFilled",
    "Bundle",
    "BundleNumber",
    "BundlePart",
    "Case",
    "CaseMaterial",
    "CaseNumber",
    "Consultation",
    "Decision",
    "DeliveryAddress",
    "Discretion",
    "FilingChange",
    "JointVisit",
    "JointVisitAnswer",
    "ManyFiling",
    "ManyRow",
    "MaterialFile",
    "MaterialMark",
    "Opinion",
    "Outage",
    "OwnPhrases",
    "PaperPack",
    "PaperSlip",
    "PhoneFile",
    "PhoneSlot",
    "Project",
    "ProjectNumber",
    "ProjectStage",
    "Recusal",
    "ServiceOfPaper",
    "SharedFinding",
    "SignedCommitment",
    "Visit",
    "VisitPhoto",
]

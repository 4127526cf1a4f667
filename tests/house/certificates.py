"""Certificates in each state, and the papers, messages and seals that follow commands."""

from datetime import datetime

from mingqu.cases.tests import factories as f
from mingqu.certificates import rules as certificate_rules
from mingqu.certificates import services as certificate_services
from mingqu.certificates.models import Certificate, CertificateType
from mingqu.certificates.tests.factories import REVOKED
from mingqu.certificates.types import Grant, Holder, IssuedCertificate
from mingqu.documents import selectors as papers
from mingqu.documents import services as documents
from mingqu.kernel import ledger, relay
from mingqu.kernel.ids import new_id
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.models import DeadLetter, OutboxEvent
from mingqu.notifications.models import InboxMessage
from tests.house.stage import RARE_NAME, Stage, post_of


def _to_begin(certificate: Certificate, now: datetime) -> None:
    """Collected, and to be begun in time: as 施工许可证 is."""
    rule = certificate_services.BeginRule(3, 2, 3, "中华人民共和国建筑法", 9)
    CertificateType.objects.filter(pk=certificate.type_id).update(begin=certificate_rules.write_begin(rule))
    certificate_services.collected(
        case_id=certificate.case_id, type_code=certificate.type.code, on=legal_day(now), at=now
    )


def _another(like: Certificate, now: datetime) -> IssuedCertificate:
    """Another certificate of the same holder."""
    return certificate_services.issue(
        grant=Grant(new_id(), legal_day(now), like.organ_code, like.region_code, like.item_type),
        type_code=like.type.code,
        holder=Holder("person", like.holder_id, like.holder_name),
        fields=like.fields,
        by=f.SYSTEM,
        at=now,
    )


def _revoked(made: Stage, like: Certificate, now: datetime) -> str:
    """Another one, revoked, with its decision made; its 注销 is proposed."""
    done, user = _another(like, now), made.users["approver"]
    by = f.Actor("staff", user.person_id, post_id=post_of(user), user_id=user.id, name="罗胜")
    reviewer = made.users["reviewer"]
    officer = f.Actor("staff", reviewer.person_id, post_id=post_of(reviewer), user_id=reviewer.id)
    certificate_services.propose_revocation(
        certificate_id=done.certificate_id, order=REVOKED, by=officer, at=now, key=new_id()
    )
    certificate_services.revoke(certificate_id=done.certificate_id, by=by, at=now, key=new_id())
    certificate_services.propose_strike_off(
        certificate_id=done.certificate_id,
        proposal=certificate_services.StrikeOffProposal(
            "revoked",
            "已经撤销，决定书已经送达。",
            reconsideration_organ=REVOKED.reconsideration_organ,
            court=REVOKED.court,
        ),
        by=officer,
        at=now,
        key=new_id(),
    )
    for paper in papers.documents_of(done.certificate_id):
        documents.make_document(root_id=done.certificate_id, request_id=paper.id, at=now)
    return done.number


def _to_revoke(made: Stage, like: Certificate, now: datetime) -> str:
    """Another one, its 撤销 proposed."""
    done, user = _another(like, now), made.users["reviewer"]
    by = f.Actor("staff", user.person_id, post_id=post_of(user), user_id=user.id)
    certificate_services.propose_revocation(
        certificate_id=done.certificate_id, order=REVOKED, by=by, at=now, key=new_id()
    )
    return done.number


def _withheld(made: Stage, like: Certificate, now: datetime) -> str:
    """Another one, withheld by a penalty."""
    done, day, user = _another(like, now), legal_day(now), made.users["approver"]
    order = certificate_services.Suspension(
        "withheld",
        "《中华人民共和国食品安全法》规定的情形",
        "两次监督抽检不合格，" + RARE_NAME + "没有按期整改。",
        "清禾市监罚〔2026〕7号",
        day,
    )
    by = f.Actor("staff", user.person_id, post_id=post_of(user), user_id=user.id, name="罗胜")
    certificate_services.suspend(certificate_id=done.certificate_id, order=order, by=by, at=now, key=new_id())
    return done.number


def what_follows(made: Stage, now: datetime) -> None:
    """Papers of some cases, messages, the sealed ledger."""
    certificate = Certificate.objects.get(case_id=made.cases["delivered"])
    for root in (made.cases["accepted"], made.cases["delivered"], certificate.pk):
        for paper in papers.documents_of(root):
            documents.make_document(root_id=root, request_id=paper.id, at=now)
    blocked = DeadLetter.objects.values("root_id")
    waiting = OutboxEvent.objects.filter(done_at=None).exclude(root_id__in=blocked)
    for root in set(waiting.values_list("root_id", flat=True)):
        relay.deliver_root(root, now)
    _to_begin(certificate, now)
    ledger.seal(now)
    certificate.refresh_from_db()
    made.words |= {"certificate": certificate.number, "verification": certificate.verification_code}
    made.words["certificate_suspended"] = _withheld(made, certificate, now)
    made.words["certificate_revoked"] = _revoked(made, certificate, now)
    made.words["certificate_to_revoke"] = _to_revoke(made, certificate, now)
    told = InboxMessage.objects.filter(person_id=made.users["citizen"].person_id)
    made.ids["message"] = told.first().id

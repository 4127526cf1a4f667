"""
What officers and people type when something goes wrong: suspension, 撤销, 注销, a beginning put off, a case ended, a
complaint. Run as a program in an installation's environment; each word is typed once and searched for afterwards.
"""

from collections.abc import Iterator
from datetime import timedelta

from mingqu.kernel.types import Actor, Instant

# What was typed → where.
TYPED = {
    "热依扎甲住院停业": "why a certificate is suspended",
    "热依扎乙复查合格": "why it is used again",
    "热依扎丙伪造合同": "why it is revoked",
    "热依扎丁称由中介代办": "what its holder said to it",
    "热依扎戊已经迁走": "why it is struck off",
    "热依扎己的死亡证明": "by what that is known",
    "热依扎庚资金没有到位": "why a beginning is put off",
    "热依扎辛放弃经营": "why a case is ended",
    "热依扎壬在窗口骂人": "a complaint",
    "热依扎癸已经道歉": "its answer",
}


def do_them() -> None:
    """Each by its command. What is not found in the demo makes this fail: a word that was not typed proves nothing."""
    from django.utils import timezone

    from mingqu.identity.models import User

    at = timezone.now()

    def officer(username: str) -> Actor:
        user = User.objects.get(username=username)
        return Actor("staff", user.person_id, post_id=user.holdings.get().post_id, user_id=user.pk, name="")

    words = iter(TYPED)
    _about_certificates(words, officer("chengban"), officer("juzhang"), at)
    _about_cases(words, officer("juzhang"), officer("yibashou"), at)
    assert next(words, None) is None


def _about_certificates(words: Iterator[str], reviewer: Actor, approver: Actor, at: Instant) -> None:
    from mingqu.certificates import rules, services
    from mingqu.certificates.models import Certificate, CertificateType
    from mingqu.kernel.ids import new_id
    from mingqu.kernel.legal_day import legal_day

    held = Certificate.objects.filter(status="valid", case_id__isnull=False, item_type="01").order_by("id")
    own = [row for row in held.select_related("type") if _within(approver, row)]
    first, second = own[0], own[-1]
    assert first.pk != second.pk, "two certificates of the organ"
    one = {"certificate_id": first.pk, "at": at}
    services.suspend(
        order=services.Suspension("stopped", "样例办法", next(words)),
        by=approver,
        key=new_id(),
        **one,
    )
    services.restore(basis="样例办法", reason=next(words), by=approver, key=new_id(), **one)
    order = services.RevocationOrder(
        "deceit",
        next(words),
        "statement",
        legal_day(at) - timedelta(days=20),
        "清禾区人民政府",
        "清禾区人民法院",
        statement=next(words),
        harmless=True,
    )
    services.propose_revocation(order=order, by=reviewer, key=new_id(), **one)
    services.revoke(by=approver, key=new_id(), **one)
    proposal = services.StrikeOffProposal(
        "revoked",
        next(words),
        next(words),
        reconsideration_organ="清禾区人民政府",
        court="清禾区人民法院",
    )
    services.propose_strike_off(proposal=proposal, by=reviewer, key=new_id(), **one)
    services.strike_off(by=approver, key=new_id(), **one)
    rule = services.BeginRule(3, 2, 3, "中华人民共和国建筑法", 9)
    CertificateType.objects.filter(pk=second.type_id).update(begin=rules.write_begin(rule))
    services.collected(case_id=second.case_id, type_code=second.type.code, on=legal_day(at), at=at)
    services.extend_begin(
        certificate_id=second.pk, months=1, reason=next(words), by=approver, at=at, key=new_id()
    )


def _about_cases(words: Iterator[str], approver: Actor, head: Actor, at: Instant) -> None:
    from mingqu.cases import services as cases
    from mingqu.cases.models import Case
    from mingqu.kernel.ids import new_id
    from mingqu.voice import services as voice
    from mingqu.voice.models import Ticket
    from mingqu.voice.types import NewTicket

    running = Case.objects.filter(status="accepted", bundle_id=None).order_by("id")
    case = next(row for row in running if _within(approver, row, "case.terminate"))
    cases.terminate_case(case_id=case.pk, reason=next(words), by=approver, at=at, key=new_id())
    author = Actor("citizen", case.applicant_id)
    ticket = NewTicket("complaint", next(words), case_number=case.number)
    filed = voice.file_ticket(ticket=ticket, by=author, at=at, key=new_id())
    row = Ticket.objects.get(number=filed.number)
    voice.answer_ticket(ticket_id=row.pk, text=next(words), by=head, at=at, key=new_id())


def _within(actor: Actor, row: object, action: str = "certificate.revoke") -> bool:
    from mingqu.identity.services import access

    return access.allows(actor, action, row)


if __name__ == "__main__":
    import django

    django.setup()
    do_them()

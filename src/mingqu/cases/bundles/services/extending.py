"""延期 of handling together: the forty-five working days become sixty (行政许可法 42, second paragraph)."""

from uuid import UUID

from mingqu.cases import legal
from mingqu.cases.bundles import papers, rules, selectors
from mingqu.cases.bundles.errors import JointLimitNotRunning, JointLimitStandsStill
from mingqu.cases.bundles.events import BundleExtended
from mingqu.cases.bundles.types import BundleDone
from mingqu.cases.errors import ReasonMissing
from mingqu.catalogue.bundles import selectors as catalogue
from mingqu.clocks import selectors as clock_selectors
from mingqu.clocks import services as clocks
from mingqu.clocks.errors import WrongApprover
from mingqu.clocks.types import Approver, Article, ExtensionOrder, Unit
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.types import Actor, Instant


def extend_bundle(
    *, bundle_id: UUID, limit: int, reason: str, by: Actor, at: Instant, key: UUID
) -> BundleDone:
    """
    Lengthen the joint limit, once, before its last day has passed, by at most what the bundle's rule allows (fifteen
    working days), approved by the head of the government: of no department that handles one of its parts. The
    applicant is told the reason. The clocks of the parts stay what they are: each is its own law's.

    Raises NotAuthorised, JointLimitNotRunning, JointLimitStandsStill, ReasonMissing, WrongApprover, or what the
    clock refuses.
    """
    with command("bundle.extend", bundle_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(BundleDone)
        bundle = selectors.bundle_for_update(bundle_id)
        access.require(by, "bundle.extend", bundle)
        if bundle.status not in rules.ALLOWED_IN["bundle.extend"]:
            raise JointLimitNotRunning()
        parts = selectors.parts_of(bundle)
        if bundle.due_on is None:
            raise JointLimitStandsStill(law=legal.bracketed_of_several("special", selectors.licences(parts)))
        if not reason.strip():
            raise ReasonMissing(field="reason")
        rule = catalogue.document(bundle.revision_id).limit
        approver = Approver(rule.approver)
        basis = clock_selectors.article_text(Article(rule.law, rule.article, rule.paragraph))
        organs = {bundle.lead_id, *(part.department_id for part in parts)}
        if by.post_id is None or identity.is_below(by.post_id, *organs):
            raise WrongApprover(approver=approver.text, article=basis)
        number = papers.next_number(bundle, "bundle_extension", at)
        before = bundle.due_on
        # The ledger is in the clear; the reason may be personal, so it stands in the notice only.
        order = ExtensionOrder(limit, approver, f"写在一件事延期告知书（{number}）里")
        after = clocks.extend(root_id=bundle.pk, order=order, by=by)
        cmd.change(bundle, due_on=after, extended_on=legal_day(at))
        words = f"{limit}{Unit.WORKING_DAYS.text}"
        # Where no part is a licence, the limit is an undertaking of our own, and no law is named for it.
        named = basis if selectors.licences(parts) != "none" else ""
        papers.extension_notice(
            bundle, papers.Longer(number, named, approver.text, words, before, after), reason.strip(), at
        )
        cmd.note(limit=limit, approver=approver.value, due_on=after, document_number=number)
        cmd.note_digest(reason=reason.strip())
        assert after is not None
        cmd.publish(BundleExtended(bundle.pk, bundle.number, bundle.applicant_id, legal_day(at), after))
        return cmd.done(BundleDone(bundle.pk, bundle.status))

"""
Originals in other hands (原件收存、材料交接): who has which paper of an applicant, from the window to the department
and back, with a count and a name at every step.

One paper has one holder. Handing over is a slip (材料交接单): the papers stay the sender's until the receiving side has
counted them and signed; what it did not find stays with the sender, marked as missing. Lock order: slip, then papers by
case and serial.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from mingqu.cases import selectors as cases
from mingqu.documents import services as documents
from mingqu.hall import rules, selectors
from mingqu.hall.errors import (
    NothingChosen,
    PaperMovedOn,
    PaperNotYours,
    ReturnIncomplete,
    SlipAnswered,
    SlipUnknown,
    TooManyPapers,
)
from mingqu.hall.events import PapersGivenBack, SlipAnsweredWithDifferences
from mingqu.hall.models import GivenBack, KeptPaper, Slip, SlipLine, SlipNumber
from mingqu.hall.types import Counted, NewPaper, Returned
from mingqu.identity import selectors as identity
from mingqu.identity.errors import Recused
from mingqu.identity.services import access
from mingqu.identity.services.organ_changes import require_open
from mingqu.identity.types import ActingPost
from mingqu.kernel.commands import command
from mingqu.kernel.legal_day import legal_day
from mingqu.kernel.numbers import next_number
from mingqu.kernel.types import Actor, Instant

State, Form = KeptPaper.State, KeptPaper.Form
SIGNATURE = "return_signature"  # kind of the stored picture
Chosen = Sequence[tuple[UUID, UUID]]  # (case, paper)


def keep_papers(*, case_id: UUID, papers: Sequence[NewPaper], by: Actor, at: Instant, key: UUID) -> int:
    """
    收存: these papers of the applicant lie with this post from now on; how many. Each gets a code of its own.

    Raises NotAuthorised, NothingChosen or TooManyPapers.
    """
    with command("paper.keep", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        case = cases.case_for_update(case_id)
        access.require(by, "paper.keep", case)
        post = _post(by)
        if not papers:
            raise NothingChosen()
        before = (
            KeptPaper.objects.filter(root_id=case_id).order_by("-serial").values_list("serial", flat=True)
        )
        first = (before.first() or 0) + 1
        if first + len(papers) - 1 > rules.MOST_PAPERS:
            raise TooManyPapers(most=rules.MOST_PAPERS)
        KeptPaper.objects.bulk_create(
            KeptPaper(
                root_id=case_id,
                case_number=case.number,
                item_name=f"{case.item_name}（{case.handling_item}）",
                item_type=case.item_type,
                department_id=post.department_id,
                region_code=case.region_code,
                post_id=post.id,
                serial=serial,
                name=one.name.strip(),
                form=one.form,
                copies=one.copies,
                kept_at=at,
            )
            for serial, one in enumerate(papers, start=first)
        )
        cmd.note(papers=len(papers))
        return cmd.done(len(papers))


def send_papers(*, chosen: Chosen, department_id: UUID, by: Actor, at: Instant, key: UUID) -> str:
    """
    材料交接单: these papers go to a department, which is to count and sign; the number of the slip. To one's own it is
    the hand-over of a shift (换班交接): another post signs.

    Raises NothingChosen, TooManyPapers, PaperNotYours, PaperMovedOn, DepartmentClosed or NotAuthorised.
    """
    slip_id = selectors.slip_id(key)
    with command("paper.send", slip_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(str)
        access.require_may(by, "paper.send")
        post, to = _post(by), identity.department(department_id)
        if not chosen or len(chosen) > rules.MOST_PAPERS:
            raise TooManyPapers(most=rules.MOST_PAPERS) if chosen else NothingChosen()
        for one in sorted(
            {post.department_id, to.id}
        ):  # held before the papers, as by the deed that ends one
            require_open(one)
        papers = _own_for_update(chosen, post)
        day = legal_day(at)
        serial = next_number("paper_slip", to.region_code[:6], f"{day:%Y%m%d}")
        slip = Slip(
            id=slip_id,
            number=rules.number_of_slip(to.region_code, day, serial),
            sender_id=post.department_id,
            sender_post_id=post.id,
            sent_by=by.id,
            department_id=to.id,
            region_code=to.region_code,
            sent_at=at,
        )
        slip.save(force_insert=True)
        SlipNumber(number=slip.number, slip_id=slip_id).save(force_insert=True)
        SlipLine.objects.bulk_create(_line(slip, place, one) for place, one in enumerate(papers, start=1))
        for one in papers:
            one.state, one.slip_id, one.missing = rules.paper_after(one.state, "send"), slip_id, False
            one.save(update_fields=["state", "slip_id", "missing"])
        cmd.note(number=slip.number, papers=len(papers), department=to.name)
        return cmd.done(slip.number)


def receive_papers(*, slip_id: UUID, counted: Sequence[Counted], by: Actor, at: Instant, key: UUID) -> str:
    """
    签收: each paper was counted. What is whole is this post's from now on; a line that is not goes back to the sender
    as it is, who is to look for the rest. The state of the slip.

    Raises SlipUnknown (another department's too), SlipAnswered, CountMissing, CountWrong, DepartmentClosed or
    NotAuthorised.
    """
    with command("paper.receive", slip_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(str)
        access.require_may(by, "paper.receive")
        post = _post(by)
        require_open(post.department_id)  # held before the slip, as by the deed that ends the department
        slip = selectors.slip_for_update(slip_id)
        if not selectors.may_sign(post, by, slip):
            raise SlipUnknown()
        if slip.state != Slip.State.SENT:
            raise SlipAnswered()
        lines = {line.id: line for line in selectors.lines_of_slip(slip_id)}
        found = rules.counted({line.id: line.copies for line in lines.values()}, counted)
        papers = _on_slip_for_update(slip)
        for line_id, line in lines.items():
            one, answer = papers[line.paper_id], found[line_id]
            line.found, line.remark = answer.copies, answer.remark.strip()
            whole = answer.copies == line.copies
            one.state, one.slip_id = rules.paper_after(one.state, "receive" if whole else "miss"), None
            one.missing = not whole
            if whole:
                one.department_id, one.post_id, one.kept_at = slip.department_id, post.id, at
            one.save(update_fields=["state", "slip_id", "missing", "department_id", "post_id", "kept_at"])
            line.save(update_fields=["found", "remark"])
        differs = [line for line in lines.values() if line.found != line.copies]
        slip.state = Slip.State.DIFFERS if differs else Slip.State.RECEIVED
        slip.answered_at, slip.receiver_post_id, slip.received_by = at, post.id, by.id
        slip.save(update_fields=["state", "answered_at", "receiver_post_id", "received_by"])
        cmd.note(number=slip.number, papers=len(lines), not_found=len(differs))
        if differs:
            cmd.publish(SlipAnsweredWithDifferences(slip_id, slip.number, slip.sender_post_id, len(differs)))
        return cmd.done(str(slip.state))


def call_back_slip(*, slip_id: UUID, by: Actor, at: Instant, key: UUID) -> None:
    """
    撤回: made out wrongly, nobody has signed yet; the papers are in the sender's hands as before.

    Raises SlipUnknown, PaperNotYours, SlipAnswered or NotAuthorised.
    """
    with command("paper.call_back", slip_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        slip = selectors.slip_for_update(slip_id)
        access.require_may(by, "paper.call_back")
        if slip.sender_post_id != by.post_id:
            raise PaperNotYours()
        if slip.state != Slip.State.SENT:
            raise SlipAnswered()
        for one in _on_slip_for_update(slip).values():
            one.state, one.slip_id = rules.paper_after(one.state, "call_back"), None
            one.save(update_fields=["state", "slip_id"])
        slip.state, slip.answered_at = Slip.State.CALLED_BACK, at
        slip.save(update_fields=["state", "answered_at"])
        cmd.note(number=slip.number)
        cmd.done(None)


def give_back_papers(*, case_id: UUID, returned: Returned, by: Actor, at: Instant, key: UUID) -> int:
    """
    退还: the applicant's side has its papers back and signed for them; how many.

    Raises NothingChosen, ReturnIncomplete, PaperNotYours, PaperMovedOn, NotAuthorised or Recused.
    """
    with command("paper.give_back", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        case = cases.case_for_update(case_id)
        access.require_may(by, "paper.give_back")
        _require_hand_in(by, "paper.give_back", case)
        if not returned.paper_ids:
            raise NothingChosen()
        if lacking := rules.missing_of_return(returned):
            raise ReturnIncomplete(field=lacking[0], what=lacking[1])
        papers = _own_for_update([(case_id, one) for one in returned.paper_ids], _post(by))
        signature = None
        if returned.drawn is not None:
            stored = documents.store_file(
                root_id=case_id, kind=SIGNATURE, name="退还签收", upload=returned.drawn, at=at
            )
            signature = stored.file_id
        for one in papers:
            one.state, one.missing = rules.paper_after(one.state, "give_back"), False
            one.save(update_fields=["state", "missing"])
        cmd.insert(
            GivenBack(
                root_id=case_id,
                paper_ids=[one.id for one in papers],
                receiver=returned.receiver.strip(),
                relation=returned.relation,
                document=returned.document.strip(),
                proof=returned.proof,
                signature_id=signature,
                post_id=by.post_id,
                at=at,
            )
        )
        cmd.note(papers=len(papers), relation=returned.relation)
        cmd.note_digest(receiver=returned.receiver.strip(), document=returned.document.strip())
        cmd.publish(PapersGivenBack(case_id, case.number, case.applicant_id, len(papers)))
        return cmd.done(len(papers))


def file_papers(*, chosen: Chosen, by: Actor, at: Instant, key: UUID) -> int:
    """
    归入案卷: they stay with the file of the case and are given back no more; how many. Of one case.

    Raises NothingChosen, PaperNotYours, PaperMovedOn, NotAuthorised or Recused.
    """
    roots = {case_id for case_id, _ in chosen}
    if len(roots) != 1:
        raise NothingChosen()
    case_id = roots.pop()
    with command("paper.file", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(int)
        access.require_may(by, "paper.file")
        _require_hand_in(by, "paper.file", cases.case_for_update(case_id))
        papers = _own_for_update(chosen, _post(by))
        for one in papers:
            one.state, one.missing = rules.paper_after(one.state, "file"), False
            one.save(update_fields=["state", "missing"])
        cmd.note(papers=len(papers))
        return cmd.done(len(papers))


# Parts ----------------------------------------------------------------------------------------------------------------


def _require_hand_in(by: Actor, action: str, case: Any) -> None:
    """
    回避: who stands aside in the case neither ends the custody of its papers nor hands them out. She may still send
    them on, so that they don't stay with her. Raises Recused.
    """
    if access.kept_out(by, action, case):
        raise Recused()


def _post(by: Actor) -> ActingPost:
    """Who keeps paper acts as a post. Raises PaperNotYours."""
    post = identity.acting_post(by)
    if post is None:
        raise PaperNotYours()
    return post


def _own_for_update(chosen: Chosen, post: ActingPost) -> list[KeptPaper]:
    """
    Locked by their shard keys, in one order for everybody: (case, serial). Raises PaperNotYours for what another post
    holds and for what is not there, PaperMovedOn for what is on its way or gone.
    """
    found = []
    for case_id in sorted({case_id for case_id, _ in chosen}):
        wanted = {paper for of, paper in chosen if of == case_id}
        rows = KeptPaper.objects.select_for_update().filter(root_id=case_id, id__in=wanted).order_by("serial")
        own = [row for row in rows if row.post_id == post.id]
        if len(own) != len(wanted):
            raise PaperNotYours()
        found += own
    if any(one.state != State.KEPT for one in found):
        raise PaperMovedOn()
    return found


def _on_slip_for_update(slip: Slip) -> dict[UUID, KeptPaper]:
    """By id; the slip itself is locked. In the order in which `_own_for_update` locks."""
    found: dict[UUID, KeptPaper] = {}
    of = sorted({line.case_id for line in selectors.lines_of_slip(slip.pk)})
    for case_id in of:
        rows = KeptPaper.objects.select_for_update().filter(root_id=case_id, slip_id=slip.pk)
        found |= {row.id: row for row in rows.order_by("serial")}
    return found


def _line(slip: Slip, place: int, one: KeptPaper) -> SlipLine:
    return SlipLine(
        slip=slip,
        position=place,
        case_id=one.root_id,
        paper_id=one.id,
        code=one.code,
        item_name=one.item_name,
        name=one.name,
        form=one.form,
        copies=one.copies,
    )

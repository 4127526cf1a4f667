"""Questions about originals: what is in whose hands, slips between departments."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Count, Q, QuerySet, Value

from mingqu.cases import selectors as cases
from mingqu.hall.errors import SlipUnknown
from mingqu.hall.models import GivenBack, Hall, KeptPaper, Slip, SlipLine, SlipNumber
from mingqu.hall.types import OwnPaper, OwnReturn, PaperView, Place, SlipView
from mingqu.identity import selectors as identity
from mingqu.identity.services import access
from mingqu.identity.types import ActingPost
from mingqu.kernel.types import Actor

PAGE = 50
MOST_OWN, LATEST_RETURNS = 100, 10
IN_HANDS = ("kept", "moving")


def slip_id(key: UUID) -> UUID:
    """Of the slip that a press makes: the same press makes one slip."""
    return uuid5(NAMESPACE_URL, f"mingqu:hall:slip:{key}")


def papers_in_hands(
    actor: Actor, *, after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[PaperView]:
    """What is still in this post's drawer, also what is on its way and not signed for; the longest first."""
    if actor.post_id is None:
        return []
    rows = KeptPaper.objects.filter(post_id=actor.post_id, state__in=IN_HANDS)
    if after:
        rows = rows.filter(Q(kept_at__gt=after[0]) | Q(kept_at=after[0], id__gt=after[1]))
    return _papers(rows.order_by("kept_at", "id")[:limit], actor)


def papers_of_case(actor: Actor, case_id: UUID) -> list[PaperView]:
    """Every paper ever kept of a case, by serial; the caller has checked access to the case."""
    return _papers(KeptPaper.objects.filter(root_id=case_id).order_by("serial"), actor)


def own_papers(actor: Actor) -> list[OwnPaper]:
    """Of one's own cases what others hold now, by case, the longest held first; three statements."""
    own = cases.visible_cases(actor).values("pk")
    rows = KeptPaper.objects.filter(root_id__in=own, state__in=IN_HANDS).select_related("department")
    found = list(rows.order_by("-case_number", "kept_at", "serial")[:MOST_OWN])
    if not found:
        return []
    at = {row.department_id for row in found}
    halls = {row.department_id: row for row in Hall.objects.filter(department_id__in=at).order_by("-code")}
    on = {row.slip_id for row in found if row.slip_id}
    slips = Slip.objects.filter(pk__in=on).select_related("department") if on else ()
    to = {row.pk: row.department.name for row in slips}
    return [
        OwnPaper(
            case_id=row.root_id,
            case_number=row.case_number,
            item_name=row.item_name,
            name=row.name,
            form=row.form,
            copies=row.copies,
            post_id=row.post_id,
            department=row.department.name,
            since=row.kept_at,
            on_its_way_to=to.get(row.slip_id, "") if row.slip_id else "",
            missing=row.missing,
            hall=_place(halls.get(row.department_id)),
        )
        for row in found
    ]


def own_returns(actor: Actor) -> list[OwnReturn]:
    """What was given back to one's side, the latest first; two statements."""
    own = dict(cases.visible_cases(actor).order_by("-id").values_list("pk", "number")[:MOST_OWN])
    rows = GivenBack.objects.filter(root_id__in=list(own)).order_by("-at", "id")[:LATEST_RETURNS]
    return [
        OwnReturn(
            case_number=own[row.root_id],
            at=row.at,
            many=len(row.paper_ids),
            receiver=row.receiver,
            relation=row.relation,
            signature_id=row.signature_id,
        )
        for row in rows
    ]


def _place(hall: Hall | None) -> Place | None:
    return Place(hall.name, hall.address, hall.hours) if hall else None


def returns_of_case(case_id: UUID) -> list[GivenBack]:
    """The oldest first; the caller has checked access to the case."""
    return list(GivenBack.objects.filter(root_id=case_id).order_by("at", "id"))


def slips_to_sign(actor: Actor, limit: int = PAGE) -> list[SlipView]:
    """Those that wait for a signature of this post's department, the oldest first."""
    post = identity.acting_post(actor)
    if post is None or not access.may(actor, "paper.receive"):
        return []
    rows = _to_sign(post)
    return _slips(rows.order_by("sent_at", "id")[:limit], actor)


def papers_waiting(actor: Actor, most: int) -> tuple[int, int]:
    """
    (papers of this post that who signed did not find, slips that wait for a signature of its department), each counted
    up to `most`; one statement, for the first page.
    """
    post = identity.acting_post(actor)
    if post is None:
        return 0, 0
    missing = KeptPaper.objects.filter(post_id=post.id, state="kept", missing=True).annotate(
        of=Value("paper")
    )
    slips = _to_sign(post).annotate(of=Value("slip"))
    found = list(missing.values_list("of")[:most].union(slips.values_list("of")[:most], all=True))
    return found.count(("paper",)), found.count(("slip",))


def slips_of(actor: Actor, *, after: UUID | None = None, limit: int = PAGE) -> list[SlipView]:
    """Sent by this post, or signed by it; the latest first."""
    rows = Slip.objects.filter(Q(sender_post_id=actor.post_id) | Q(receiver_post_id=actor.post_id))
    if after:
        rows = rows.filter(pk__lt=after)
    return _slips(rows.order_by("-id")[:limit], actor)


def sent_of_case(actor: Actor, case_id: UUID) -> list[tuple[SlipLine, str]]:
    """Papers of a case that this post handed on by a slip, with the state of the slip in words; the latest first."""
    rows = SlipLine.objects.filter(slip__sender_post_id=actor.post_id, case_id=case_id).select_related("slip")
    return [(line, str(line.slip.get_state_display())) for line in rows.order_by("-slip_id", "position")]


def slip_of_number(actor: Actor, number: str) -> SlipView:
    """For its two sides. Raises SlipUnknown for anybody else."""
    wanted = "".join(number.split()).upper()
    found = SlipNumber.objects.filter(number=wanted).values_list("slip_id", flat=True).first()
    row = Slip.objects.filter(pk=found).first() if found else None
    post = identity.acting_post(actor)
    if row is None or post is None or not (row.sender_post_id == post.id or may_sign(post, actor, row)):
        raise SlipUnknown(field="number")
    (view,) = _slips(Slip.objects.filter(pk=row.pk), actor)
    return view


def _to_sign(post: ActingPost) -> QuerySet[Slip]:
    rows = Slip.objects.filter(department_id=post.department_id, state="sent")
    return rows.exclude(sender_post_id=post.id)


def may_sign(post: ActingPost, actor: Actor, slip: Slip) -> bool:
    """
    Of the very department to which it goes, a window of the whole region signs for nobody else; never who sent it.
    """
    other = post.department_id == slip.department_id and post.id != slip.sender_post_id
    return other and access.may(actor, "paper.receive")


def slip_for_update(slip: UUID) -> Slip:
    """Locked by its shard key. Raises SlipUnknown."""
    found = Slip.objects.select_for_update().filter(pk=slip).first()
    if found is None:
        raise SlipUnknown()
    return found


def lines_of_slip(slip: UUID) -> list[SlipLine]:
    return list(SlipLine.objects.filter(slip_id=slip).order_by("position"))


def _papers(rows: Iterable[KeptPaper], actor: Actor) -> list[PaperView]:
    """However many, in three statements."""
    found = list(rows)
    holders = identity.post_names(row.post_id for row in found)
    on = {row.slip_id for row in found if row.slip_id}
    numbers = dict(Slip.objects.filter(pk__in=on).values_list("id", "number")) if on else {}
    return [
        replace(
            _paper(row, holders),
            slip_number=numbers.get(row.slip_id, "") if row.slip_id else "",
            mine=row.post_id == actor.post_id and row.state == "kept",
        )
        for row in found
    ]


def _paper(row: KeptPaper, holders: dict[UUID, str]) -> PaperView:
    return PaperView(
        case_id=row.root_id,
        id=row.id,
        code=row.code,
        case_number=row.case_number,
        item_name=row.item_name,
        name=row.name,
        form_words=str(KeptPaper.Form(row.form).label),
        copies=row.copies,
        state=row.state,
        state_words=str(KeptPaper.State(row.state).label),
        holder=holders.get(row.post_id, "") if row.state in IN_HANDS else "",
        missing=row.missing,
        kept_at=row.kept_at,
        holder_id=row.post_id,
    )


def _slips(rows: QuerySet[Slip], actor: Actor) -> list[SlipView]:
    """However many, in three statements."""
    found: Sequence[Slip] = list(rows.annotate(papers=Count("lines__id")).select_related("department"))
    own = identity.acting_post(actor)
    posts = identity.post_names(
        post for row in found for post in (row.sender_post_id, row.receiver_post_id) if post
    )
    return [
        SlipView(
            id=row.pk,
            number=row.number,
            state=row.state,
            state_words=str(Slip.State(row.state).label),
            sender=posts.get(row.sender_post_id, ""),
            to=row.department.name,
            papers=row.papers,  # type: ignore[attr-defined]  # annotated
            sent_at=row.sent_at,
            answered_at=row.answered_at,
            receiver=posts.get(row.receiver_post_id, "") if row.receiver_post_id else "",
            mine=row.sender_post_id == actor.post_id,
            to_sign=row.state == "sent" and own is not None and may_sign(own, actor, row),
        )
        for row in found
    ]

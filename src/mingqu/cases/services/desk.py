"""What officers note for their own work: marks on materials, own phrases. Neither moves a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mingqu.cases import selectors
from mingqu.cases.desk_errors import MarkMissing, MarkTooLate, PageUnknown, PhraseTooLong, TooManyPhrases
from mingqu.cases.models import Case, MaterialMark, OwnPhrases
from mingqu.cases.types import Mark
from mingqu.documents import selectors as documents
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.errors import NotFound
from mingqu.kernel.types import Actor, Instant

MARKED_IN = frozenset({Case.Status.RECEIVED, Case.Status.CORRECTION, Case.Status.ACCEPTED})
LONGEST_MARK = 200
LONGEST_PHRASE, MOST_PHRASES = 200, 40


@dataclass(frozen=True)
class Marked:
    material: str
    fine: bool


def mark_material(*, case_id: UUID, mark: Mark, by: Actor, at: Instant, key: UUID) -> Marked:
    """
    Mark a file that was handed in, or one page of it: fine, or what is wrong. The last mark of a page counts.

    It stays inside and starts no clock; the correction notice begins with what is marked. Raises NotAuthorised,
    MarkTooLate (decided or ended), NotFound (no such file in this case), PageUnknown, MarkMissing (nothing said).
    """
    with command("case.mark_material", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Marked)
        case = selectors.case_for_update(case_id)
        access.require(by, "case.mark_material", case)
        if case.status not in MARKED_IN:
            raise MarkTooLate()
        handed_in = next((f for f in selectors.files_of(case) if f.file_id == mark.file_id), None)
        if handed_in is None:
            raise NotFound()
        pages = next(f.pages for f in documents.files_of(case.pk) if f.id == mark.file_id)
        if not 0 <= mark.page <= max(pages, 1):
            raise PageUnknown(field="page", pages=max(pages, 1))
        text = mark.text.strip()[:LONGEST_MARK]
        if not mark.fine and not text:
            raise MarkMissing(field="text")
        assert by.post_id is not None  # access let nobody else through
        MaterialMark.objects.create(
            case=case,
            material_code=handed_in.material_code,
            file_id=mark.file_id,
            page=mark.page,
            fine=mark.fine,
            text="" if mark.fine else text,
            post_id=by.post_id,
            person_id=by.id,
            at=at,
        )
        cmd.note(materials=[handed_in.material_code], page=mark.page, fine=mark.fine)
        cmd.note_digest(text=text)
        return cmd.done(Marked(handed_in.material_code, mark.fine))


def keep_phrases(*, phrases: Sequence[str], by: Actor, at: Instant, key: UUID) -> None:
    """
    The officer's own 常用语, all of them in their order; empty ones fall away, doubles too. Raises NotAuthorised,
    PhraseTooLong, TooManyPhrases.
    """
    with command("case.keep_phrases", by.id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return
        access.require_may(by, "case.keep_phrases")
        kept = list(dict.fromkeys(one for phrase in phrases if (one := " ".join(phrase.split()))))
        if too_long := next((one for one in kept if len(one) > LONGEST_PHRASE), None):
            raise PhraseTooLong(field="text", most=LONGEST_PHRASE, written=len(too_long))
        if len(kept) > MOST_PHRASES:
            raise TooManyPhrases(field="text", most=MOST_PHRASES)
        OwnPhrases.objects.bulk_create(
            [OwnPhrases(pk=by.id, phrases="\n".join(kept))],
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=["phrases"],
        )
        cmd.note(rows=len(kept))
        cmd.done(None)

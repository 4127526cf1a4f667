"""Photos of a visit, added on the spot and taken back before the record is signed."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from mingqu.cases.models import Visit, VisitPhoto
from mingqu.cases.services.files import Upload
from mingqu.cases.services.visits.shared import case_under_review, officers_visit
from mingqu.cases.types import VisitDone
from mingqu.cases.visit_errors import PhotoGone, TooManyPhotos
from mingqu.documents import services as documents
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

PHOTOS = ("image/jpeg", "image/png", "image/heic")
PHOTO_KIND = "visit_photo"
MOST = 30


def add_visit_photos(
    *, case_id: UUID, visit_id: UUID, uploads: Sequence[Upload], by: Actor, at: Instant, key: UUID
) -> VisitDone:
    """
    Keep photos, each made anew without position data; its hour, if the camera told one, is kept beside it.

    Raises VisitGone, NotAnOfficer, TooManyPhotos, or what is wrong with a file (documents.errors): then none
    of them is kept.
    """
    checked = [(one.name, documents.check_upload(one.data, allowed=PHOTOS)) for one in uploads]
    with command("case.add_visit_photo", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(VisitDone)
        case = case_under_review(case_id, "case.record_visit", by)
        visit = officers_visit(case, visit_id, by)
        there = VisitPhoto.objects.filter(case=case, visit_id=visit.id, removed=False).count()
        if there + len(checked) > MOST:
            raise TooManyPhotos(most=MOST)
        digests = []
        for name, photo in checked:
            stored = documents.store_upload(root_id=case.pk, kind=PHOTO_KIND, name=name, upload=photo, at=at)
            digest = sha256(photo.data).hexdigest()
            VisitPhoto.objects.create(
                case=case,
                visit_id=visit.id,
                file_id=stored.file_id,
                sha256=digest,
                taken_at=photo.taken_at,
                added_at=at,
            )
            digests.append(digest)
        cmd.note(step=visit.step, sha256=digests)
        return cmd.done(VisitDone(case.pk, visit.id, visit.state))


def remove_visit_photo(
    *, case_id: UUID, visit_id: UUID, photo_id: UUID, by: Actor, at: Instant, key: UUID
) -> VisitDone:
    """Take a photo back; it is marked, not destroyed. Raises VisitGone, NotAnOfficer, PhotoGone."""
    with command("case.remove_visit_photo", case_id, by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(VisitDone)
        case = case_under_review(case_id, "case.record_visit", by)
        visit = officers_visit(case, visit_id, by)
        photo = VisitPhoto.objects.filter(case=case, visit_id=visit.id, id=photo_id, removed=False).first()
        if photo is None:
            raise PhotoGone()
        photo.removed = True
        photo.save(update_fields=["removed"])
        cmd.note(step=visit.step, sha256=[photo.sha256])
        return cmd.done(VisitDone(case.pk, visit.id, Visit.State.PLANNED))

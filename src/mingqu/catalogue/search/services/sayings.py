"""Editors' own sayings: an everyday phrase and the official words it stands for; effective at once."""

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.catalogue.search.errors import SayingInvalid, SayingUnknown
from mingqu.catalogue.search.lexemes import normal
from mingqu.catalogue.search.models import SearchSaying
from mingqu.catalogue.search.questions import book, normal_saying
from mingqu.identity.services import access
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, Instant

LONGEST, LONGEST_OFFICIAL, MOST = 30, 40, 6
MOST_GAPS = 3  # every gap is tried in six lengths at every place of what anybody asks
EDIT = "catalogue.edit_sayings"


@dataclass(frozen=True)
class Kept:
    everyday: str


def saying_id(everyday: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"mingqu:saying:{everyday}")


def keep_saying(*, everyday: str, official: list[str], by: Actor, at: Instant, key: UUID) -> Kept:
    """From now on this phrase is read as these words. Raises SayingInvalid, NotAuthorised."""
    said = normal_saying(everyday[: 4 * LONGEST])
    words = [" ".join(normal(one).split()) for one in official if normal(one)]
    pieces = said.split("_")
    if not all(pieces) or len(pieces) > MOST_GAPS + 1:
        raise SayingInvalid(field="everyday")
    if not 2 <= len(said.replace("_", "")) <= LONGEST or not 1 <= len(words) <= MOST:
        raise SayingInvalid(field="everyday" if words else "official")
    if any(len(one) > LONGEST_OFFICIAL for one in words):
        raise SayingInvalid(field="official")
    return _set(said, words, active=True, by=by, at=at, key=key)


def switch_saying(*, everyday: str, active: bool, by: Actor, at: Instant, key: UUID) -> Kept:
    """Switch a saying off or on again, also one of the product's. Raises SayingUnknown, NotAuthorised."""
    said = normal_saying(everyday)
    own = SearchSaying.objects.filter(everyday=said).first()
    product = next((one for one in book().sayings if one.everyday == said), None)
    if own is None and product is None:
        raise SayingUnknown()
    words = own.official if own else list(product.official) if product else []
    return _set(said, words, active=active, by=by, at=at, key=key)


def _set(said: str, words: list[str], *, active: bool, by: Actor, at: Instant, key: UUID) -> Kept:
    with command(EDIT, saying_id(said), by=by, at=at, key=key) as cmd:
        if cmd.repeated:
            return cmd.first_result(Kept)
        access.require_may(by, EDIT)
        SearchSaying.objects.update_or_create(
            everyday=said,
            defaults={"official": words, "active": active, "author_id": by.id, "updated_at": at},
        )
        cmd.note(everyday=said, official=words, active=active)
        return cmd.done(Kept(said))

"""培训区域: marking a region, and taking the mark away."""

from uuid import NAMESPACE_URL, UUID, uuid5

from mingqu.identity.errors import RegionInUse, RegionMarked, UnknownRegion
from mingqu.identity.services import access
from mingqu.identity.types import Place
from mingqu.kernel import regions, training
from mingqu.kernel.commands import command
from mingqu.kernel.identifiers import RegionCode
from mingqu.kernel.types import Actor, Instant


def mark_training(*, region_code: str, on: bool, by: Actor, at: Instant, key: UUID) -> str:
    """
    Make a region, with all below it, a training region, or an ordinary one again; its code of 12 digits.

    Where anything was filed or issued neither is possible: what took effect would look void, or a sample valid. The
    mark stays while unconfirmed services are published there, or organs that are only for training stand there.
    Raises IdentifierRefused, UnknownRegion, RegionMarked (nothing to change), RegionInUse, NotAuthorised.
    """
    code = str(RegionCode.parse(region_code))
    with command(
        "system.mark_training", uuid5(NAMESPACE_URL, f"mingqu:region:{code}"), by=by, at=at, key=key
    ) as cmd:
        if cmd.repeated:
            return code
        access.require(by, "system.mark_training", Place(None, code))
        row = regions.current(code)
        if row is None:
            raise UnknownRegion(field="region_code")
        if row.training == on:
            raise RegionMarked(name=row.name, state="已经是" if on else "不是", field="region_code")
        if why := training.in_use(code, marking=on):
            raise RegionInUse(name=row.name, why="，".join(why), field="region_code")
        training.write_mark(code, on)
        cmd.note(region=code, name=row.name, training=on)
        cmd.done(None)
    return code

"""A query code that somebody else has seen, and should see no more."""

from uuid import UUID, uuid5

from mingqu.cases import selectors
from mingqu.cases.services.filing import new_query_code
from mingqu.kernel.commands import command
from mingqu.kernel.types import Actor, CommandKey, Instant

BY = Actor.system("query-codes")


def renew_query_code(*, case_id: UUID, because: UUID, at: Instant) -> bool:
    """
    The code of before opens nothing any more; the new one stands on the applicant's own page and is told to her at a
    window. Once for what it is `because` of, however often it is asked for. Whether it was changed now.
    """
    key = CommandKey(uuid5(case_id, f"query-code:{because}"))
    with command("case.renew_query_code", case_id, by=BY, at=at, key=key) as cmd:
        if cmd.repeated:
            return False
        case = selectors.case_for_update(case_id)
        case.query_code = new_query_code()
        case.save(update_fields=["query_code"])
        cmd.note(number=case.number)
        cmd.done(None)
    return True

"""Rules of complaints, questions and suggestions: pure."""

from mingqu.voice.errors import (
    KindUnknown,
    PassedEnough,
    ReasonMissing,
    TicketOfCase,
    WordsMissing,
    WordsTooLong,
)

TEXT_LIMIT = 1000  # characters, of what is said and of its answer
REASON_LIMIT = 200  # of why it is another organ's matter
MOST_PASSES = 2  # from organ to organ; then whoever has it answers


def check_words(text: str, field: str) -> None:
    """Raises WordsMissing or WordsTooLong."""
    if not text:
        raise WordsMissing(field=field)
    if len(text) > TEXT_LIMIT:
        raise WordsTooLong(field=field, most=TEXT_LIMIT, length=len(text))


def check_passing(passes: int, *, of_case: bool) -> None:
    """Raises TicketOfCase (who handles a case answers for it) or PassedEnough."""
    if of_case:
        raise TicketOfCase()
    if passes >= MOST_PASSES:
        raise PassedEnough(most=MOST_PASSES)


def check_reason(reason: str) -> None:
    """Raises ReasonMissing."""
    if not 0 < len(reason) <= REASON_LIMIT:
        raise ReasonMissing(field="reason", most=REASON_LIMIT)


def check_kind(kind: str, known: frozenset[str]) -> None:
    """Raises KindUnknown."""
    if kind not in known:
        raise KindUnknown(field="kind")


def number_of(region_code: str, day: str, serial: int) -> str:
    """SQ, region 6, day 8, serial 6 (诉求件编号, own form)."""
    return f"SQ{region_code[:6]}{day}{serial:06d}"

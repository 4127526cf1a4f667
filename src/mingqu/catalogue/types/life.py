"""
人生和经营的大事: three code lists together, as a definition names them by code. What was published before they were
codes is shown as it was written.
"""

from mingqu.kernel.codelists import code_list

LIFE_EVENTS = ("life_event_person", "life_event_enterprise", "bundle_event")


def life_events() -> dict[str, str]:
    """Code → name, in the order of the lists."""
    return {one.code: one.name for key in LIFE_EVENTS for one in code_list(key)}


def life_event_name(code: str) -> str:
    return life_events().get(code, code)


def life_event_rank(code: str) -> tuple[int, str]:
    """To sort by: the order of the lists, then what they do not have."""
    known = list(life_events())
    return (known.index(code) if code in known else len(known), code)

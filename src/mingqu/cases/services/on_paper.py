"""What a clerk has in hand of an application's materials, line by line: originals seen, copies taken in, how many."""

from collections.abc import Collection, Mapping
from typing import Any

from mingqu.cases.errors import CopiesWrong, MaterialUnknown
from mingqu.cases.provisions import COPY, ORIGINAL, on_paper
from mingqu.cases.types import OnPaper

MOST = 99  # copies of one material
ON_PAPER = (ORIGINAL, COPY)


def noted_papers(
    context: Mapping[str, Any], papers: Mapping[str, OnPaper | None], known: Collection[str]
) -> dict[str, Any]:
    """
    What of the draft's context is new with these: {} where nothing is. Materials that are not named stay as they are.
    `known`: codes of its materials. Raises MaterialUnknown, CopiesWrong.
    """
    if not papers.keys() <= set(known):
        raise MaterialUnknown()
    wrong = next((code for code, one in papers.items() if one and not 0 <= one.copies <= MOST), None)
    if wrong is not None:
        raise CopiesWrong(field=wrong, most=MOST)
    before = on_paper(context)
    after = {code: one for code, one in {**before, **papers}.items() if one is not None}
    if after == before:
        return {}
    return {
        "paper": sorted(code for code, one in after.items() if one.how == ORIGINAL),
        "copied": sorted(code for code, one in after.items() if one.how == COPY),
        "counted": {code: one.copies for code, one in sorted(after.items()) if one.copies},
    }

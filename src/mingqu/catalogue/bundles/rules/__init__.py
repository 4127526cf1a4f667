"""What follows from a bundle and the definitions of its parts: pure."""

from mingqu.catalogue.bundles.rules.graph import among, cycle, depending_on, elapsed, in_order
from mingqu.catalogue.bundles.rules.merging import (
    answers_of_part,
    brought,
    is_required,
    leaves,
    merged_form,
    merged_materials,
    own_part_of_form,
    place_in_merged,
)
from mingqu.catalogue.bundles.rules.publication import expressions, problems, vocabulary
from mingqu.catalogue.bundles.rules.situation import (
    Evaluate,
    cleaned,
    needed,
    promised_days,
    questions_asked,
    situation_of_part,
)

__all__ = [
    "Evaluate",
    "among",
    "answers_of_part",
    "brought",
    "cleaned",
    "cycle",
    "depending_on",
    "elapsed",
    "expressions",
    "in_order",
    "is_required",
    "leaves",
    "merged_form",
    "merged_materials",
    "needed",
    "own_part_of_form",
    "place_in_merged",
    "problems",
    "promised_days",
    "questions_asked",
    "situation_of_part",
    "vocabulary",
]

"""Questions to the figures; each holds its access check."""

from mingqu.insight.selectors.behind import RATINGS, Behind, behind, every_case, has_cases
from mingqu.insight.selectors.figures import HEAD, figure, figures, line, value
from mingqu.insight.selectors.kept import Kept, sums, watched
from mingqu.insight.selectors.reports import (
    ReportView,
    changed_since,
    months_to_sign,
    report_at_desk,
    report_figures,
    reports_at_desk,
    text_version,
)
from mingqu.insight.selectors.sampling import sample
from mingqu.insight.selectors.statistics import (
    CHANNELS,
    DIMENSIONS,
    KINDS,
    LONGEST,
    Statistics,
    morning,
    narrowed,
    span_words,
    spans,
    statistics,
)

__all__ = [
    "CHANNELS",
    "DIMENSIONS",
    "HEAD",
    "KINDS",
    "LONGEST",
    "RATINGS",
    "Behind",
    "Kept",
    "ReportView",
    "Statistics",
    "behind",
    "changed_since",
    "every_case",
    "figure",
    "figures",
    "has_cases",
    "line",
    "months_to_sign",
    "morning",
    "narrowed",
    "report_at_desk",
    "report_figures",
    "reports_at_desk",
    "sample",
    "span_words",
    "spans",
    "statistics",
    "sums",
    "text_version",
    "value",
    "watched",
]

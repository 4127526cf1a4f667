"""Commands and kept figures of insight."""

from mingqu.insight.finding import offer_case_page
from mingqu.insight.services.exporting import export
from mingqu.insight.services.keeping import day_is_whole, differences, follow, rebuild

__all__ = ["day_is_whole", "differences", "export", "follow", "offer_case_page", "rebuild"]

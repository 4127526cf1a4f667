"""Forms to be filled in by hand, their samples, and reports of tables as PDF: set when asked for, nothing is stored."""

from functools import lru_cache

from django.conf import settings

from mingqu.documents import rendering
from mingqu.documents.types import FormPaper, TablePaper

KEPT = 64  # of some 60 kB; a published form never changes, so its paper is set once per process


@lru_cache(maxsize=KEPT)
def form_pdf(paper: FormPaper) -> bytes:
    """Raises GlyphMissing, RenderingFailed."""
    data = {
        "organ": paper.organ,
        "title": paper.title,
        "about": paper.about,
        "filled": paper.sample,
        "training": paper.training,
        "paragraphs": [
            {
                "heading": heading,
                "pieces": [{"words": words, "example": example} for words, example in pieces],
            }
            for heading, pieces in paper.paragraphs
        ],
    }
    return rendering.render(
        "material_form",
        data,
        at=paper.at,
        demo=settings.MINGQU_DEMO,
        extra_fonts=settings.MINGQU_HOME / "fonts",
    ).pdf


def table_pdf(paper: TablePaper) -> bytes:
    """Raises GlyphMissing, RenderingFailed."""
    data = {
        "organ": paper.organ,
        "title": paper.title,
        "under": paper.under,
        "text": [line for line in paper.text if line.strip()],
        "tables": [
            {"name": name, "heads": list(heads), "rows": [list(row) for row in rows]}
            for name, heads, rows in paper.tables
        ],
        "foot": paper.foot,
    }
    return rendering.render(
        "report",
        data,
        at=paper.at,
        demo=settings.MINGQU_DEMO,
        extra_fonts=settings.MINGQU_HOME / "fonts",
    ).pdf

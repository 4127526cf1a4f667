"""Forms to be filled in by hand, and their samples, as PDF: nothing personal, so nothing is stored."""

from functools import lru_cache

from django.conf import settings

from mingqu.documents import rendering
from mingqu.documents.types import FormPaper

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

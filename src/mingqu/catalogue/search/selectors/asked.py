"""What people asked for in vain, for the editors."""

from datetime import date, timedelta

from django.db.models import F, Sum

from mingqu.catalogue.search.models import SearchAsked
from mingqu.catalogue.search.types import AskedLine


def asked_in_vain(day: date, *, days: int = 7, most: int = 200) -> list[AskedLine]:
    """Texts of the last days that found nothing or led nowhere, the most frequent first."""
    rows = (
        SearchAsked.objects.filter(day__gt=day - timedelta(days=days), day__lte=day)
        .values("text")
        .annotate(all=Sum("asked"), none=Sum("nothing"), open=Sum("opened"))
        .annotate(left=F("all") - F("none") - F("open"))
    )
    lines = [one for one in rows if one["none"] or one["left"] > 0]
    lines.sort(key=lambda one: (-one["none"], -one["left"], one["text"]))
    before = _before([one["text"] for one in lines[:most]], day - timedelta(days=days), days)
    return [
        AskedLine(one["text"], one["all"], one["none"], max(0, one["left"]), before.get(one["text"], 0))
        for one in lines[:most]
    ]


def _before(texts: list[str], day: date, days: int) -> dict[str, int]:
    rows = SearchAsked.objects.filter(text__in=texts, day__gt=day - timedelta(days=days), day__lte=day)
    return dict(rows.values("text").annotate(n=Sum("asked")).values_list("text", "n"))


def by_day(day: date, *, days: int = 7) -> list[tuple[date, int, int]]:
    """For each of the last days: how often anything was asked for, how often nothing was found."""
    rows = SearchAsked.objects.filter(day__gt=day - timedelta(days=days), day__lte=day)
    known = {
        one["day"]: (one["n"], one["none"])
        for one in rows.values("day").annotate(n=Sum("asked"), none=Sum("nothing"))
    }
    every = [day - timedelta(days=back) for back in range(days - 1, -1, -1)]
    return [(one, *known.get(one, (0, 0))) for one in every]

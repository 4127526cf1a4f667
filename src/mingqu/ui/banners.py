"""Words above the content of every page: rooms above say which, the layout shows them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from mingqu.kernel.types import Instant


@dataclass(frozen=True)
class Banner:
    """`stop`: the site will be or is closed. `lang`: of the text where it is not the page's own."""

    text: str
    stop: bool = False
    lang: str = ""


Source = Callable[[Instant], list[Banner]]
_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Called in `AppConfig.ready`; asked for every page, so it must cost no statement as a rule."""
    _sources[name] = source


def shown(request: HttpRequest) -> list[Banner]:
    at: Instant | None = getattr(request, "at", None)
    return [banner for source in _sources.values() for banner in source(at)] if at else []

"""The addresses of a room, found by their first word: Django asks one after the other, some three hundred of them."""

from functools import cached_property
from typing import Any

from django.urls import ResolverMatch, URLPattern, URLResolver, include
from django.urls.resolvers import RoutePattern

Pattern = URLPattern | URLResolver


class Room(URLResolver):
    """The same answers in the same order; only those are asked whose first word is the address's, or not said."""

    def resolve(self, path: str) -> ResolverMatch:
        word = str(path).partition("/")[0]
        return self._near.get(word, self._open).resolve(path)

    @cached_property
    def _near(self) -> dict[str, URLResolver]:
        words = {word for one in self.url_patterns if (word := first_word(one)) is not None}
        return {word: self._only(word, None) for word in words}

    @cached_property
    def _open(self) -> URLResolver:
        return self._only(None)

    def _only(self, *words: str | None) -> URLResolver:
        asked = [one for one in self.url_patterns if first_word(one) in words]
        return URLResolver(self.pattern, asked, self.default_kwargs, self.app_name, self.namespace)


def room(module: str) -> Room:
    """What `path("", include(module))` would be."""
    urlconf, app_name, namespace = include(module)
    return Room(RoutePattern("", is_endpoint=False), urlconf, None, app_name=app_name, namespace=namespace)


def first_word(one: Pattern) -> str | None:
    """The word before the first stroke that every address of this pattern begins with; None where there is none."""
    pattern: Any = one.pattern
    if not isinstance(pattern, RoutePattern):
        return None
    route = str(pattern)
    literal, placed, _ = route.partition("<")
    word, stroke, _ = literal.partition("/")
    whole = isinstance(one, URLPattern) and not placed
    return word if stroke or whole else None

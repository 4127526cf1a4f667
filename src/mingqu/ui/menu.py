"""
The layout's links. Each app with a page registers its entries in `AppConfig.ready()`; the layout shows
what is registered and nothing else, so a link never leads to a room that is not built.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, get_script_prefix, get_urlconf, resolve, reverse
from django.utils.functional import Promise

from mingqu.kernel.types import Actor, Instant
from mingqu.ui.access import AccessRule

OF_STAFF = ("/desk/", "/staff/")  # where the pages of staff lie
PLACES = frozenset(
    {
        "front",  # the portal's front page (one entry)
        "search",  # a GET form with the field `q` (one entry)
        "sign_in",  # one entry each; sign_out is posted to
        "sign_out",
        "account",
        "acting",  # one entry: in whose name one acts, for who may act for others
        "kiosk",  # one entry each, of a self-service terminal: its first page, the question whether anybody is there,
        "kiosk_waiting",
        "kiosk_end",  # and what ends and clears everything (posted to)
        "main",  # public main navigation; entries with an icon also stand in the phone's bottom bar
        "help",  # footer columns: 找人帮忙, 公开透明, 关于本站
        "open",
        "about",
        "hall_screens",  # what stands in a hall for everybody; on the page of who runs the hall
        "staff_home",  # one entry
        "staff_search",  # one entry, GET with `q`
        "staff_lock",  # one entry each: what locks the screen (posted to), and what opens it
        "staff_unlock",
        "staff_posts",  # one entry: 「切换岗位」, in the bar of who holds several posts
        "staff",  # the rail of staff pages, under its group's heading
    }
)


@dataclass(frozen=True)
class Entry:
    """One link. Who sees it follows from the mark on the view it leads to (`ui.access`), not from here."""

    place: str
    label: str | Promise
    url_name: str
    order: int = 100
    icon: str = ""
    group: str = ""
    also: frozenset[str] = frozenset()  # pages that belong to it though their address lies elsewhere


@dataclass(frozen=True)
class Link:
    """An entry as the page needs it; `name` of its address. `current`: the page open now, or one below it."""

    label: str | Promise
    url: str
    icon: str = ""
    group: str = ""
    current: bool = False
    name: str = ""
    near: int = 0  # how much of the open page's address it covers; of several the nearest one is open


@dataclass(frozen=True)
class Waiting:
    """What waits for the acting post on a page of the rail, in words; `state`: a code of the `status` tag."""

    words: str
    state: str = "correct"
    label: str = ""  # where it leads elsewhere than to the page: the link's words and address
    url: str = ""


# Where what a lower room names is shown, by a word for it: rooms above say so (a lower room knows their addresses not).
_pages: dict[str, str] = {}
_waiting: dict[str, Callable[[Actor, Instant], Waiting | None]] = {}
_entries: dict[str, dict[str, Entry]] = {}  # by place, then by the name of its address
_may: Callable[[Actor, str], bool] | None = None


def register(*entries: Entry) -> None:
    """Add entries; the same place and route again replaces the earlier one."""
    for entry in entries:
        if entry.place not in PLACES:
            raise ValueError(f"no such place in the layout: {entry.place}")
        _entries.setdefault(entry.place, {})[entry.url_name] = entry


def register_page(word: str, url_name: str) -> None:
    """The page that shows what `word` names (case, case_at_desk), by its number."""
    _pages[word] = url_name


def page_of(word: str, number: str) -> str:
    """Its address; "" where no room has such a page."""
    return reverse(_pages[word], args=[number]) if word in _pages and number else ""


def register_waiting(url_name: str, waiting: Callable[[Actor, Instant], Waiting | None]) -> None:
    """
    What waits on this page of the rail, told on the first page of who may open it; None: nothing. `waiting` asks for
    the right to do it by itself and costs one statement at most where nothing waits.
    """
    _waiting[url_name] = waiting


def waiting_on(url_name: str, actor: Actor, at: Instant) -> Waiting | None:
    said = _waiting.get(url_name)
    return said(actor, at) if said else None


def use_rule(may: Callable[[Actor, str], bool]) -> None:
    """Identity says which acting post allows which action; until then every staff entry stays hidden."""
    global _may  # noqa: PLW0603 - set once at start-up, read by every page
    _may = may


@cache
def _leads_to(url_name: str, urlconf: str, prefix: str) -> tuple[str, Callable[..., HttpResponse]]:
    """
    The address of a page below `prefix`, and its view, whose mark says who sees the link. Looked up for every link of
    every page, they took half of a page's time.
    """
    url = reverse(url_name, urlconf)
    return url, resolve(url, urlconf).func


class Navigation:
    """The links of one request, read by the layout as `nav`; nothing is resolved before it is asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor: Actor | None = getattr(request, "actor", None)
        self._allowed: dict[str, bool] = {}  # by action

    def links(self, place: str) -> list[Link]:
        shown = sorted(_entries.get(place, {}).values(), key=lambda entry: (entry.order, entry.url_name))
        urlconf, prefix = get_urlconf() or settings.ROOT_URLCONF, get_script_prefix()
        links = [
            link
            for entry in shown
            if (link := self._link(entry, *_leads_to(entry.url_name, urlconf, prefix)))
        ]
        # Of two addresses one below the other (/desk/, /desk/audit/) the longer one is the page that is open.
        nearest = max((link.near for link in links if link.current), default=0)
        return [
            replace(link, current=False) if link.current and link.near < nearest else link for link in links
        ]

    def opens(self, address: str) -> bool:
        """Whether the reader may open what stands at this address; asked only of pages of the desk."""
        path = address.partition("?")[0].partition("#")[0]
        if not path.startswith(OF_STAFF):
            return True
        try:
            view = resolve(path, get_urlconf()).func
        except Resolver404:
            return False
        return self._visible(view) if hasattr(view, "access_rule") else True

    def _visible(self, view: Callable[..., HttpResponse]) -> bool:
        rule: AccessRule = view.access_rule  # type: ignore[attr-defined]  # unmarked: a defect, shown
        if rule.kind != "staff":
            return True
        if rule.action not in self._allowed:  # many pages of one right
            self._allowed[rule.action] = (
                self.actor is not None and _may is not None and _may(self.actor, rule.action)
            )
        return self._allowed[rule.action]

    def _link(self, entry: Entry, url: str, view: Callable[..., HttpResponse]) -> Link | None:
        path = self.request.path
        if not self._visible(view):
            return None
        found = self.request.resolver_match
        belongs = found is not None and found.view_name in entry.also
        current = belongs or path == url or (url != "/" and path.startswith(url))
        near = len(path) if belongs else len(url)
        return Link(entry.label, url, entry.icon, entry.group, current, entry.url_name, near)

    def _one(self, place: str) -> Link | None:
        return next(iter(self.links(place)), None)

    @cached_property
    def main(self) -> list[Link]:
        return self.links("main")

    @cached_property
    def tabbar(self) -> list[Link]:
        return [link for link in self.main if link.icon][:4]

    @cached_property
    def staff(self) -> list[tuple[str, list[Link]]]:
        """The rail: (heading, links) in the order of each group's first link; a heading may be empty."""
        groups: dict[str, list[Link]] = {}
        for link in self.links("staff"):
            groups.setdefault(link.group, []).append(link)
        return list(groups.items())

    def __getattr__(self, place: str) -> object:
        """`nav.sign_in` is one link or None; `nav.help`, `nav.open`, `nav.about`, `nav.hall_screens` are lists."""
        if place in {"help", "open", "about", "hall_screens"}:
            return self.links(place)
        if place in PLACES:
            return self._one(place)
        raise AttributeError(place)

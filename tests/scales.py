"""How heavy a page is that somebody sees for the first time."""

import gzip
from urllib.parse import urlsplit

from django.conf import settings

HEAVIEST = 200 * 1024  # bytes, compressed: a public page with all it loads at a first visit
COMPRESSED = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"}


class Scales:
    """
    What a page weighs with all it loads, compressed.

    A body costs the browser a twentieth of a second, and an answer has a dozen: a static file is weighed once.
    """

    def __init__(self, static: dict[str, int]) -> None:
        self.bytes: dict[str, int] = {}
        self.static = static  # by address

    def put(self, response) -> None:
        if response.status != 200:
            return
        address = response.url
        if urlsplit(address).path.startswith(settings.STATIC_URL):
            self.bytes[address] = self.static.get(address) or self.static.setdefault(
                address, weight(response)
            )
        else:
            self.bytes[address] = weight(response)


def weight(response) -> int:
    kind = response.headers.get("content-type", "").partition(";")[0]
    body = response.body()
    return len(gzip.compress(body)) if kind in COMPRESSED else len(body)

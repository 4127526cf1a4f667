"""`mingqu bridge`: the double of the devices of a window, on the computer of that window."""

from __future__ import annotations

import argparse
import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from mingqu.config.commands.installation import Refused, progress
from mingqu.config.commands.serve import free_port

PORT = 17630
PORTS_TRIED = 20
SECONDS = 15


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", required=True, help="address of the site, as its pages are opened")
    parser.add_argument("--code", required=True, help="the code that the manager of the hall is shown")
    parser.add_argument(
        "--port", type=int, default=PORT, help="on 127.0.0.1 (default %(default)s, or the next free)"
    )


def bridge(options: argparse.Namespace) -> None:
    """Play the devices of one window until Ctrl-C: pairs with the site by a code, answers its pages on 127.0.0.1."""
    from mingqu.hall.bridge.double import HOST, Double, serve

    address = urlsplit(options.server)
    if address.scheme not in {"http", "https"} or not address.netloc:
        raise Refused("Name the site with http:// or https://, as its pages are opened.")
    site = f"{address.scheme}://{address.netloc}"
    port = free_port(HOST, options.port, PORTS_TRIED)
    told = _post(site, "device-pairings", {"code": options.code, "port": port})

    def tell(answer: str) -> None:
        try:
            _post(site, "device-ratings", {"answer": answer})
        except Refused as refused:
            raise ConnectionError(str(refused)) from refused

    double = Double(told["secret"], told["origin"], tuple(told["devices"]), tell)
    server = serve(double, port)
    progress(f"paired: {told['window']}; devices at http://{HOST}:{port}/ (stop: Ctrl-C)")
    try:
        server.serve_forever()
    finally:
        server.server_close()


def _post(site: str, name: str, body: dict[str, Any]) -> Any:
    """Raises Refused, with what the site says."""
    asked = urllib.request.Request(  # noqa: S310  the scheme was looked at
        f"{site}/api/v1/{name}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310  as above
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        said = json.loads(refused.read() or b"{}")
        raise Refused(f"{site} says: {said.get('detail') or said.get('title') or refused.code}") from refused
    except (OSError, ValueError) as unreachable:
        raise Refused(f"{site} can't be reached or does not answer as Mingqu: {unreachable}") from unreachable

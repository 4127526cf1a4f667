"""
Channels written in a file (MINGQU_CHANNELS_FILE): each a gateway that is asked over HTTP. The file holds secrets or
names files that do, so both must be readable by their owner alone.

    channels:
      - name: gateway
        medium: sms                       # or email
        url: https://sms.example.gov.cn/send
        method: POST
        headers: {Content-Type: application/json, Authorization: "Bearer {secret}"}
        secret_file: /etc/mingqu/gateway.secret
        body: '{"mobile": {to}, "content": {text}, "ref": {reference}}'
        success: {status: [200, 202], path: code, equals: ["0"]}
        refused: {status: [400], path: code, equals: ["bad_number"]}
        reference_at: data.id
        tells_repetitions: true
        timeout: 10
        slow_after: 3
        callback: {secret_file: /etc/mingqu/callback.secret, reference_at: ref, state_at: state,
                   delivered: [DELIVRD], failed: [UNDELIV, EXPIRED]}
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from mingqu.kernel import gateways
from mingqu.kernel.yaml_text import read_yaml
from mingqu.notifications.channels.base import EMAIL, SMS, Channel
from mingqu.notifications.channels.http import Callback, HttpChannel, Test

KEYS: Final = frozenset(
    {"name", "medium", "url", "method", "headers", "secret_file", "body", "success", "refused", "reference_at",
     "tells_repetitions", "timeout", "slow_after", "callback"}
)  # fmt: skip


class ChannelsFileWrong(RuntimeError):
    """The file of channels can't be used: the operator is told what is wrong, and nothing is sent by it."""


def channels(path: str) -> dict[str, Channel]:
    """By name. Raises ChannelsFileWrong."""
    return dict(_read(path, Path(path).stat().st_mtime_ns)) if path else {}


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> dict[str, Channel]:
    raw = read_yaml(private(path)) or {}
    made = [_channel(entry) for entry in raw.get("channels", [])]
    found: dict[str, Channel] = {one.name: one for one in made}
    if len(found) != len(made):
        raise ChannelsFileWrong("two channels of one name")
    return found


def private(path: str) -> str:
    """What a file says that only its owner may read. Raises ChannelsFileWrong."""
    try:
        return gateways.private(path)
    except gateways.OthersMayRead as open_to_others:
        raise ChannelsFileWrong(str(open_to_others)) from open_to_others


def _channel(entry: Mapping[str, Any]) -> HttpChannel:
    if unknown := entry.keys() - KEYS:
        raise ChannelsFileWrong(f"unknown keys {sorted(unknown)}")
    if entry.get("medium", SMS) not in {SMS, EMAIL}:
        raise ChannelsFileWrong("medium is sms or email")
    address = urlsplit(entry["url"])
    if address.scheme != "https" and address.hostname not in {"127.0.0.1", "::1", "localhost"}:
        raise ChannelsFileWrong(f"{entry['name']}: numbers and texts leave the machine only over https")
    secret = private(entry["secret_file"]).strip() if "secret_file" in entry else ""
    return HttpChannel(
        name=str(entry["name"]),
        medium=entry.get("medium", SMS),
        url=entry["url"],
        method=entry.get("method", "POST"),
        headers={k: str(v).replace("{secret}", secret) for k, v in entry.get("headers", {}).items()},
        body=entry.get("body", ""),
        success=_test(entry.get("success", {"status": [200]})),
        refused=_test(entry["refused"]) if "refused" in entry else None,
        reference_at=entry.get("reference_at", ""),
        tells_repetitions=bool(entry.get("tells_repetitions", False)),
        timeout=float(entry.get("timeout", 10)),
        slow_after=float(entry.get("slow_after", 3)),
        callback=_callback(entry["callback"]) if "callback" in entry else None,
    )


def _test(raw: Mapping[str, Any]) -> Test:
    return Test(
        frozenset(int(one) for one in raw.get("status", [200])),
        str(raw.get("path", "")),
        frozenset(str(one) for one in raw.get("equals", [])),
    )


def _callback(raw: Mapping[str, Any]) -> Callback:
    secret = private(raw["secret_file"]).strip()
    if not secret:
        raise ChannelsFileWrong("the secret of a callback is empty: anybody could sign")
    return Callback(
        secret.encode(),
        str(raw.get("reference_at", "reference")),
        str(raw.get("state_at", "state")),
        frozenset(str(one) for one in raw.get("delivered", ["delivered"])),
        frozenset(str(one) for one in raw.get("failed", ["failed"])),
    )

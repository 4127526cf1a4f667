"""
Connectors written in a file (MINGQU_CONNECTORS_FILE). It holds secrets or names files that do, so both must be
readable by their owner alone.

    connectors:
      - name: province
        kind: http                          # or folder
        words: 省经营主体登记系统（接口）
        systems: [省经营主体登记系统]
        headers: {Authorization: "Bearer {secret}"}
        secret_file: /etc/mingqu/province.secret
        send: {url: https://reg.example.gov.cn/api/matters, number_at: data.id, refused: [400, 422]}
        ask: {url: "https://reg.example.gov.cn/api/matters/{reference}", tellings_at: data.states}
        day: {url: "https://reg.example.gov.cn/api/days/{day}", lines_at: data}
        recall: {url: "https://reg.example.gov.cn/api/matters/{reference}/recall", refused: [409, 422]}
        callback_secret_file: /etc/mingqu/province-callback.secret
        states: {ACCEPTED: handling, RETURNED: correction, DONE: granted, REJECTED: refused}
        timeout: 10
      - name: household
        kind: folder
        words: 公安人口管理系统（文件交换）
        systems: [公安人口管理系统]
        folder: /srv/mingqu/household
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from mingqu.exchange.connectors.base import Connector
from mingqu.exchange.connectors.contrib.folder import FolderConnector
from mingqu.exchange.connectors.contrib.http_json import Call, HttpConnector
from mingqu.exchange.errors import ConnectorsFileWrong
from mingqu.exchange.types import OUTSIDE
from mingqu.kernel.gateways import OthersMayRead, private
from mingqu.kernel.yaml_text import read_yaml

KEYS: Final = frozenset(
    {"name", "kind", "words", "systems", "headers", "secret_file", "send", "ask", "day", "recall",
     "callback_secret_file", "states", "timeout", "folder"}
)  # fmt: skip
CALL_KEYS: Final = frozenset({"url", "number_at", "refused", "tellings_at", "lines_at"})
OWN_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def connectors(path: str) -> dict[str, Connector]:
    """By name. Raises ConnectorsFileWrong."""
    return dict(_read(path, Path(path).stat().st_mtime_ns)) if path else {}


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> dict[str, Connector]:
    raw = read_yaml(_private(path)) or {}
    made = [_connector(entry) for entry in raw.get("connectors", [])]
    found = {one.name: one for one in made}
    if len(found) != len(made):
        raise ConnectorsFileWrong("two connectors of one name")
    systems = [system for one in made for system in one.systems]
    if len(systems) != len(set(systems)):
        raise ConnectorsFileWrong("two connectors reach one system")
    return found


def _private(path: str) -> str:
    try:
        return private(path)
    except OthersMayRead as open_to_others:
        raise ConnectorsFileWrong(str(open_to_others)) from open_to_others


def _connector(entry: Mapping[str, Any]) -> Connector:
    if unknown := entry.keys() - KEYS:
        raise ConnectorsFileWrong(f"unknown keys {sorted(unknown)}")
    name, systems = str(entry["name"]), frozenset(str(one) for one in entry.get("systems", []))
    words = str(entry.get("words", name))
    if entry.get("kind", "http") == "folder":
        return FolderConnector(name, words, systems, Path(entry["folder"]))
    secret = _private(entry["secret_file"]).strip() if "secret_file" in entry else ""
    callback = _private(entry["callback_secret_file"]).strip() if "callback_secret_file" in entry else ""
    if "callback_secret_file" in entry and not callback:
        raise ConnectorsFileWrong(f"{name}: the secret of callbacks is empty: anybody could sign")
    states = {str(theirs): str(ours) for theirs, ours in entry.get("states", {}).items()}
    if wrong := set(states.values()) - set(OUTSIDE):
        raise ConnectorsFileWrong(f"{name}: unknown states {sorted(wrong)}")
    headers = {k: str(v).replace("{secret}", secret) for k, v in entry.get("headers", {}).items()}
    calls = {what: _call(name, entry[what]) for what in ("send", "ask", "day", "recall") if what in entry}
    if "send" not in calls:
        raise ConnectorsFileWrong(f"{name}: where is it sent?")
    timeout = float(entry.get("timeout", 10))
    return HttpConnector(name, words, systems, calls, headers, callback.encode(), states, timeout)


def _call(name: str, raw: Mapping[str, Any]) -> Call:
    if unknown := raw.keys() - CALL_KEYS:
        raise ConnectorsFileWrong(f"{name}: unknown keys {sorted(unknown)}")
    address = urlsplit(raw["url"])
    if address.scheme != "https" and address.hostname not in OWN_MACHINE:
        raise ConnectorsFileWrong(f"{name}: what people applied for leaves the machine only over https")
    refused = frozenset(int(one) for one in raw.get("refused", [400, 422]))
    at = [str(raw.get(key, "")) for key in ("number_at", "tellings_at", "lines_at")]
    return Call(str(raw["url"]), refused, *at)

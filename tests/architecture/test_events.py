"""Every event is listed for auditors, every subscriber is for an event from below or its own room."""

import json
import re
import subprocess
import sys

from mingqu.kernel.events import SUBSCRIBERS, Event
from tests.architecture.house import RANK, ROOT, SOURCE

LOADED = """
import json, django
django.setup()
from mingqu.kernel.events import SUBSCRIBERS
print(json.dumps(sorted({one.name for several in SUBSCRIBERS.values() for one in several})))
"""


def kinds(base=Event):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


OURS = sorted({k for k in kinds() if k.__module__.startswith("mingqu.") and k.name and ".tests." not in k.__module__},
              key=lambda k: k.name)  # fmt: skip


def test_every_event_stands_in_the_list_of_audit_events():
    listed = (ROOT / "docs/audit-events.md").read_text("utf-8")

    assert [k.name for k in OURS if f"`{k.name}`" not in listed] == []


def test_event_names_begin_with_their_room_and_are_unique():
    names = [k.name for k in OURS]

    assert len(names) == len(set(names))
    assert [k.name for k in OURS if k.name.split(".")[0] != k.__module__.split(".")[1]] == []


def test_a_room_subscribes_only_to_events_of_rooms_below_or_its_own():
    wrong = []
    for name, subscribers in SUBSCRIBERS.items():
        if name.startswith("test."):
            continue
        for subscriber in subscribers:
            room = subscriber.receive.__module__.split(".")[1]
            source = name.split(".")[0]
            if room != source and RANK[room] <= RANK[source]:
                wrong.append(f"{subscriber.name} <- {name}")

    assert wrong == []


def test_every_process_has_every_subscriber_whatever_else_it_loads():
    """The relay loads no pages: a subscriber that only a page's import registers would never hear of anything."""
    written = {
        name
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        for name in re.findall(
            r'^@subscriber(?:_of_many)?\(\s*"([^"]+)"', path.read_text("utf-8"), re.MULTILINE
        )
    }
    loaded = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True).stdout

    assert len(written) > 50
    assert sorted(written) == json.loads(loaded)

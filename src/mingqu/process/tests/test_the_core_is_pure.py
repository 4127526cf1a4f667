"""The functional core knows no Django, no database and no clock."""

import subprocess
import sys

CORE = [
    "plan",
    "blocks",
    "markings",
    "checks",
    "steptable",
    "state",
    "signing",
    "step",
    "history",
    "layout",
    "bpmn",
    "regions",
    "ahead",
    "activities",
    "happenings",
    "branching",
    "keys",
    "element_checks",
    "picture",
    "deciding",
    "onto",
    "places",
    "carrying",
    "replanning",
    "timing",
    "memory",
    "rehearsal",
    "simulation.engine",
    "simulation.services",
]


def test_importing_the_core_imports_no_framework() -> None:
    code = f"""
import importlib, sys
for name in {CORE!r}:
    importlib.import_module("mingqu.process." + name)
print([name for name in ("django", "psycopg", "procrastinate", "time") if name in sys.modules and name != "time"])
"""
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"

"""What import contracts can't see: foreign keys that point up, and another room's inner modules."""

import re
import subprocess
import sys

import grimp
import pytest
from django.apps import apps

from tests.architecture.house import OPEN, RANK, ROOT, SOURCE, is_public


def test_every_installed_room_has_its_place():
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("mingqu.")}

    assert ours <= set(RANK)
    assert set(RANK) - {"config"} <= ours


def test_the_import_contracts_hold():
    command = [str(ROOT / ".venv/bin/lint-imports")]
    if not (ROOT / ".venv/bin/lint-imports").exists():
        command = [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
        ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3000:]


def test_foreign_keys_point_downwards():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and (own := model._meta.app_label) in RANK
        and (other := field.related_model._meta.app_label) in RANK
        and own != other
        and RANK[other] >= RANK[own]
    ]

    assert upward == []


def test_rooms_meet_only_at_their_public_modules():
    graph = grimp.build_graph("mingqu", exclude_type_checking_imports=True)
    trespass = []
    for importer in graph.modules:
        a = importer.split(".")
        if len(a) < 3 or a[1] not in RANK or a[1] == "config" or "tests" in a:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            b = imported.split(".")
            if len(b) > 2 and b[1] in RANK and b[1] != a[1] and b[1] not in OPEN and not is_public(b):
                trespass.append(f"{importer} -> {imported}")

    assert trespass == []


def test_migrations_import_no_app_code_but_the_kernel():
    guilty = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in SOURCE.glob("*/migrations/0*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("from mingqu.", "import mingqu."))
        and not line.split()[1].startswith(("mingqu.kernel",))
        and not line.split()[1].startswith(f"mingqu.{path.parts[-3]}.")
    ]

    assert guilty == []


@pytest.mark.parametrize("room", sorted(set(RANK) - {"config"}))
def test_every_room_says_on_one_page_what_it_is_for(room):
    assert len((SOURCE / room / "README.md").read_text("utf-8").splitlines()) > 5


def test_links_in_templates_point_to_the_same_room_or_down():
    """`{% url 'room:page' %}` upwards is a dependency that no import check sees (docs/decisions/0004)."""
    upward = []
    for path in SOURCE.glob("*/templates/**/*.html"):
        room = path.relative_to(SOURCE).parts[0]
        for target in re.findall(r"""url(?:_of)?\s+["']([a-z_]+):""", path.read_text("utf-8")):
            if target in RANK and target != room and RANK[target] >= RANK[room]:
                upward.append(f"{path.relative_to(SOURCE)} -> {target}")

    assert upward == []


A_DAY_TAKEN = re.compile(r"\b(?:at|now|(?:today|now)\(\w*\))\.date\(\)|\bdate\.today\(\)|\blocaldate\(")


def test_a_day_is_taken_from_an_instant_in_one_way_alone():
    """Kept in UTC, whose day is yesterday's from midnight to eight in Beijing (design, section 4 rule 6)."""
    files = [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    assert len(files) > 1000

    assert [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in files
        for line in path.read_text("utf-8").splitlines()
        if A_DAY_TAKEN.search(line) and "A_DAY_TAKEN" not in line
    ] == []

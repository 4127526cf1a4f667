"""
The English catalogues of the public pages: what is to be translated, collected from templates and code.

    make messages                     every room
    make messages ARGS="portal law"   these rooms

Keeps what is translated, adds what is new with an empty line (filled in when another room has the same sentence), drops
what is gone, and compiles. `django.mo` is committed: who runs a clone has neither gettext nor Babel.
"""

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import django
import yaml
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent / "src/mingqu"
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop", "to_citizens"}
MANY = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
TAG = re.compile(r"{[{%].*?[%}]}")
GIVEN = re.compile(r'_\("([^"]+)"\)')  # handed to a tag or filter: {% empty _("…") %}
PLURALS = "nplurals=2; plural=(n != 1);"


# Lists whose words stand on public pages, and which of their keys.
LISTS: dict[str, dict[str, tuple[str, ...]]] = {
    "kernel": {
        f"kernel/codelists/{name}.yaml": ("name",)
        for name in (
            *(
                "assurance_level",
                "audience",
                "bundle_event",
                "exercise_level",
                "handle_area",
                "handling_item_kind",
                "handling_kind",
                "item_type",
            ),
            *("law_kind", "life_event_enterprise", "life_event_person", "material_trust", "rating_level"),
            *("special_procedure", "theme_enterprise", "theme_person"),
        )
    }
    | {"kernel/codelists/online_depth.yaml": ("name", "says")},
    "outreach": {"outreach/home_visits.yaml": ("name",)},
    "evaluation": {"evaluation/indicators.yaml": ("question", "name", "says")},
}


@dataclass(frozen=True)
class Found:
    """One thing to translate, and the file it stands in."""

    words: str
    place: str
    plural: str = ""
    context: str = ""


class English(Catalog):
    """A catalogue whose header says only what readers of it need: it changes when a sentence does."""

    mime_headers = property(
        lambda self: [
            ("Language", "en"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", PLURALS),
        ],
        lambda self, headers: None,
    )


def rooms() -> list[str]:
    return sorted(path.parent.name for path in ROOT.glob("*/apps.py"))


def po_path(room: str) -> Path:
    return ROOT / room / "locale/en/LC_MESSAGES/django.po"


def in_code(path: Path) -> Iterator[Found]:
    """The constants handed to gettext and its kin."""
    place = str(path.relative_to(ROOT))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        given = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in ONE and given:
            yield Found(given[0], place)
        elif name in MANY and len(given) == 2:
            yield Found(given[0], place, plural=given[1])
        elif name in IN_CONTEXT and len(given) == 2:
            yield Found(given[1], place, context=given[0])


def in_template(path: Path) -> Iterator[Found]:
    """What {% translate %} and {% blocktranslate %} of one template say, read by Django's own parser."""
    from django.template import Origin, Template, engines
    from django.template.base import Node
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    place, text = str(path.relative_to(ROOT)), path.read_text("utf-8")
    template = Template(text, Origin(place), place, engines["django"].engine)

    def context_of(node: Node) -> str:
        return str(node.message_context.var) if node.message_context else ""  # type: ignore[attr-defined]

    for node in template.nodelist.get_nodes_by_type(TranslateNode):
        words = node.filter_expression.var.literal
        if isinstance(words, str):
            yield Found(words, place, context=context_of(node))
    for tag in TAG.findall(text):
        for words in GIVEN.findall(tag):
            yield Found(words, place)
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        singular, plural = (node.render_token_list(part)[0] for part in (node.singular, node.plural))
        if node.trimmed:
            singular, plural = (re.sub(r"\s*\n\s*", " ", part.strip()) for part in (singular, plural))
        yield Found(singular, place, plural=plural, context=context_of(node))


def in_list(path: Path, keys: tuple[str, ...]) -> Iterator[Found]:
    """The words of a YAML list that public pages show."""
    place, content = str(path.relative_to(ROOT)), yaml.safe_load(path.read_text("utf-8"))
    for row in (content, *content.get("values", ()), *content.get("reasons", ())):
        yield from (Found(row[key], place) for key in keys if key in row)


def found(room: str) -> list[Found]:
    """Everything of one room that is to be translated, in the order of its files."""
    things: list[Found] = []
    for path in sorted((ROOT / room).rglob("*.html")):
        if "templates" in path.parts:
            things += in_template(path)
    for path in sorted((ROOT / room).rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            things += in_code(path)
    for path, keys in LISTS.get(room, {}).items():
        things += in_list(ROOT / path, keys)
    return things


def read(room: str) -> Catalog:
    """The room's catalogue as it stands; an empty one when it has none."""
    path = po_path(room)
    if not path.exists():
        return English(locale="en")
    catalog = English(locale="en", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        for message in read_po(file, locale="en", charset="utf-8"):
            if message.id:
                catalog[message.id] = message
    return catalog


def compiled(catalog: Catalog) -> bytes:
    """The bytes of django.mo: the same whenever and wherever it is made."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def written(catalog: Catalog) -> bytes:
    """The bytes of django.po: no dates, no lines of code, so that it changes only when a sentence does."""
    out = io.BytesIO()
    write_po(out, catalog, width=0, include_lineno=False, omit_header=False, sort_output=False)
    return out.getvalue()


def renewed(room: str, elsewhere: dict[tuple[str, str], str]) -> Catalog:
    """The catalogue for what the room says now, with the translations there are."""
    old = read(room)
    new = English(locale="en", charset="utf-8", fuzzy=False)
    new.header_comment = f"# English of {room}: made by tools/messages.py, translated by hand."
    for thing in found(room):
        id_ = (thing.words, thing.plural) if thing.plural else thing.words
        known = old.get(thing.words, thing.context or None)
        if known and known.string:
            string = known.string
            if isinstance(string, tuple) != bool(thing.plural):
                string = ""
        else:
            string = "" if thing.plural else elsewhere.get((thing.context, thing.words), "")
        new.add(id_, string, locations=[(thing.place, 0)], context=thing.context or None)
    return new


def translated() -> dict[tuple[str, str], str]:
    """(context, sentence) → English, of all rooms."""
    return {
        (message.context or "", message.id): message.string
        for room in rooms()
        for message in read(room)
        if message.id and isinstance(message.id, str) and message.string
    }


def renew(room: str) -> int:
    """Write the room's two files when they change; how many sentences wait for their English."""
    catalog, path = renewed(room, translated()), po_path(room)
    if not len(catalog):
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    for file, content in ((path, written(catalog)), (path.with_suffix(".mo"), compiled(catalog))):
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)
    return sum(
        not all(message.string if isinstance(message.string, tuple) else [message.string])
        for message in catalog
        if message.id
    )


def main(names: list[str]) -> int:
    sys.path.insert(0, str(ROOT.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingqu.config.settings")
    django.setup()
    for room in names or rooms():
        if waiting := renew(room):
            print(f"{room}: {waiting} without English in {po_path(room).relative_to(ROOT.parent.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A name made with `as` lives until the end of its block: read in another one it is empty, a link leads nowhere."""

import re

from tests.architecture.house import SOURCE

BLOCK = re.compile(r"(?={% block \w+ %})")
MADE = re.compile(r"\b(?:as|asvar) (\w+)(?: trimmed)? %}")
TAG = re.compile(r"{[{%](?! *(?:end)?block )[^}]*[}%]}")


def astray(text: str) -> list[str]:
    """The names one block of a page makes and another, which does not make them, reads."""
    blocks = BLOCK.split(text)
    made = [set(MADE.findall(block)) for block in blocks]
    read = [set(re.findall(r"\w+", " ".join(TAG.findall(MADE.sub("%}", block))))) for block in blocks]
    anywhere = set().union(*made)
    return sorted({name for place, names in enumerate(read) for name in (names & anywhere) - made[place]})


def test_a_name_made_in_one_block_is_not_read_in_another():
    pages = list(SOURCE.glob("**/templates/**/*.html"))
    assert len(pages) > 100
    found = {
        str(path.relative_to(SOURCE)): names
        for path in pages
        if "{% extends" in (text := path.read_text("utf-8")) and (names := astray(text))
    }
    assert found == {}


def test_the_check_sees_a_name_that_went_astray():
    page = '{% block a %}{% url "x" as back %}{% endblock %}{% block b %}<a href="{{ back }}">{% endblock %}'
    assert astray(page) == ["back"]
    assert astray(page.replace("{% block b %}", '{% block b %}{% url "x" as back %}')) == []


def test_a_staff_page_with_styles_of_its_own_keeps_those_of_the_frame():
    """Without them the page is a heap of words: its frame and menu are drawn by ui/css/staff.css."""
    own = re.compile(r"{% block styles %}(?!{{ block\.super }})")
    pages = {path: path.read_text("utf-8") for path in SOURCE.glob("**/templates/**/*.html")}
    staff = {path: text for path, text in pages.items() if 'extends "ui/staff_page.html"' in text}

    assert len(staff) > 50
    assert [str(path.relative_to(SOURCE)) for path, text in staff.items() if own.search(text)] == []

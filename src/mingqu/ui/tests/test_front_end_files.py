"""What is shipped to the browser: known, licensed, from here only, and small."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest

from mingqu.kernel.yaml_text import read_yaml
from mingqu.ui.tests import gallery

UI = Path(__file__).resolve().parent.parent
STATIC, ROOMS = UI / "static", UI.parent
VENDOR = STATIC / "ui/vendor"
PACKAGES = read_yaml((VENDOR / "VENDOR.yaml").read_text())
FILES = [entry for package in PACKAGES for entry in package["files"]]
TEMPLATES = [*sorted(ROOMS.glob("*/templates/**/*.html")), UI / "tests/gallery.html"]
OUR_CODE = sorted((STATIC / "ui/css").glob("*.css")) + sorted((STATIC / "ui/js").glob("*.js"))
WEIGHT_BAR = 200 * 1024  # bytes, compressed, first visit


@pytest.mark.parametrize("entry", FILES, ids=lambda entry: entry["to"])
def test_a_vendored_file_is_the_one_that_was_looked_at(entry):
    assert hashlib.sha256((VENDOR / entry["to"]).read_bytes()).hexdigest() == entry["sha256"]


def test_every_vendored_file_is_listed_with_its_licence():
    listed = {entry["to"] for entry in FILES} | {package["licence_file"] for package in PACKAGES}

    assert {path.name for path in VENDOR.iterdir()} == listed | {"VENDOR.yaml"}
    assert all((VENDOR / package["licence_file"]).read_text().strip() for package in PACKAGES)


def test_nothing_of_gov_uk_that_is_not_ours_to_use_is_shipped():
    css = (VENDOR / "govuk-frontend.min.css").read_text()

    assert "GDS Transport" not in css
    assert "govuk-crest" not in css
    assert "@font-face" not in css


@pytest.mark.parametrize("path", [*OUR_CODE, *sorted(VENDOR.glob("*.css"))], ids=lambda path: path.name)
def test_styles_and_scripts_load_nothing(path):
    code = path.read_text()

    beside = {f"url('{entry['to']}')" for entry in FILES if entry["to"].endswith(".woff2")}
    assert set(re.findall(r"url\((?!['\"]?(?:data:|#))[^)]*\)", code)) <= beside
    assert "@import" not in code
    assert "sourceMappingURL" not in code
    named = re.findall(r"https?://\w[\w./]*", re.sub(r"/\*.*?\*/", "", code, flags=re.DOTALL))
    assert set(named) <= {"http://www.w3.org/2000/svg"}, "the name of a kind of picture loads nothing"


ALONE = {"identity/own_copy_page.html"}  # lies in a file somebody takes home, where no style sheet of ours is


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOMS)))
def test_a_template_holds_no_inline_code_no_colour_and_no_address_of_another_site(path):
    source = path.read_text()

    assert re.findall(r"\sstyle\s*=", source) == []
    assert re.findall(r"<style\b", source) == [] or str(path).endswith(tuple(ALONE))
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", source) == []
    assert re.findall(r"\son[a-z]+\s*=", source) == []
    assert re.findall(r"\bhx-on\b", source) == []
    assert re.findall(r"(?:src|href|action)=[\"']?https?://[^\"'\s>]*", source) == []
    assert re.findall(r"(?:fill|stroke|color)=[\"']#[0-9a-fA-F]{3,8}", source) == []


def test_only_tokens_and_paper_hold_colours():
    holding = {
        path.name
        for path in OUR_CODE
        if path.suffix == ".css" and re.search(r"#[0-9a-fA-F]{3,8}\b", path.read_text())
    }

    assert holding == {"tokens.css", "print.css"}


def test_every_token_that_is_used_exists():
    defined = set(re.findall(r"(--mq-[\w-]+)\s*:", (STATIC / "ui/css/tokens.css").read_text()))
    used = {name for path in OUR_CODE for name in re.findall(r"var\((--mq-[\w-]+)\)", path.read_text())}

    assert used - defined == set()


def test_the_first_visit_to_a_public_page_is_small(no_links):
    page = gallery.render("ui/public_page.html", wrong=True)
    loaded = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    weight = len(gzip.compress(page.encode(), 6)) + sum(
        len(gzip.compress((STATIC / path).read_bytes(), 6)) for path in loaded
    )
    print(f"first visit, compressed: {weight} bytes in {len(loaded) + 1} files")

    assert len(loaded) > 5
    assert weight <= WEIGHT_BAR

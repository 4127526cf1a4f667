"""A page shown for a look leads nowhere and sends nothing."""

import pytest

from mingqu.ui.preview import enclosed

WITHIN = "/desk/items/drafts/1/preview/"


def shown(body):
    return enclosed(
        f'<html><body class="a">{body}</body></html>',
        within=WITHIN,
        words="看一看<b>",
        back="/desk/items/drafts/1/",
        back_words="返回",
    )


@pytest.mark.parametrize(
    "stays",
    [
        '<a class="x" href="#materials">交什么</a>',
        '<a href="?handling=02">变更</a>',
        f'<a href="{WITHIN}guide/">指南</a>',
        f'<form method="post" action="{WITHIN}form/">',
        '<form method="post" novalidate>',
        '<button name="deed" value="a">',
    ],
)
def test_ways_within_the_preview_stay(stays):
    assert stays in shown(stays)


@pytest.mark.parametrize(
    ("way", "gone"),
    [
        ('<a href="/services/x/">', "/services/x/"),
        ('<a href="tel:12345">', "tel:"),
        ('<a href="https://example.org/">', "example.org"),
        ('<form method="post" action="/sign-out/">', "/sign-out/"),
        ('<FORM METHOD="post" ACTION="/sign-out/">', "/sign-out/"),
        ('<button formaction="/x/">', "/x/"),
        ('<form method="post" hx-post="/apply/draft/1/page/1/autosave/" hx-trigger="input">', "hx-"),
    ],
)
def test_ways_out_lead_nowhere(way, gone):
    assert gone not in shown(way)


def test_a_form_that_led_elsewhere_is_not_sent():
    assert 'method="dialog"' in shown('<form method="post" action="/sign-out/">')
    assert 'method="post"' not in shown('<form method="post" action="/sign-out/">')


def test_the_page_says_what_it_is_and_the_way_back():
    page = shown("<p>正文</p>")

    assert page.index("<b>预览</b>") < page.index("正文")
    assert "看一看&lt;b&gt;" in page and 'href="/desk/items/drafts/1/"' in page

"""Small readers of pages: their text, the key of a form, a posted act step by step."""

import html
import re

from django.test import Client
from django.urls import reverse


def text_of(answer) -> str:
    """The words of a page, without markup."""
    body = re.sub(r"<(script|style|svg).*?</\1>", "", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", body)))


def key_in(answer, form_action: str = "") -> str:
    """The key of the page's form, or of the form with this address."""
    body = answer.content.decode()
    if form_action:
        body = body[body.index(f'action="{form_action}"') :]
    return re.search(r'name="key" value="([0-9a-f-]{36})"', body).group(1)


def url(name: str, case, *args) -> str:
    return reverse(f"workbench:{name}", args=[case.number, *args])


def act(client: Client, name: str, case, **given):
    """Open the page of an act and press on until it is done; the last answer."""
    page = client.get(url(name, case))
    assert page.status_code == 200, (page.status_code, getattr(page, "url", ""))
    return client.post(url(name, case), {"key": key_in(page), "stage": "do", **given})


def opinion(client: Client, case, **given):
    """Fill in the opinion on the case page and press the button."""
    page = client.get(url("case", case))
    form = page.context["opinion"]
    points = {field: "met" for field, _, _ in form.points}
    return client.post(
        url("opinion", case),
        {"key": key_in(page, url("opinion", case)), "task_id": str(form.task.task_id), "finding": "met"}
        | points
        | given,
    )

"""The public face of forms: schema, pages, checking, drafts."""

from mingqu.forms.rules import (
    Circumstances,
    asked_only,
    asked_words,
    check,
    coerce,
    get,
    merged,
    prefilled,
    read_schema,
    rows,
    words,
)
from mingqu.forms.services.drafts import (
    change_context,
    claim_draft,
    delete_draft,
    delete_expired_drafts,
    follow_owner,
    save_draft,
    start_draft,
    take_for_filing,
)
from mingqu.forms.services.pages import PageForm, all_pages, fields_form, html_name, page_form

__all__ = [
    "Circumstances",
    "PageForm",
    "all_pages",
    "asked_only",
    "asked_words",
    "change_context",
    "check",
    "claim_draft",
    "coerce",
    "delete_draft",
    "delete_expired_drafts",
    "fields_form",
    "follow_owner",
    "get",
    "html_name",
    "merged",
    "page_form",
    "prefilled",
    "read_schema",
    "rows",
    "save_draft",
    "start_draft",
    "take_for_filing",
    "words",
]

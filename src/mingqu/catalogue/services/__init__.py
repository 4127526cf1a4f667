"""Commands of the catalogue."""

from mingqu.catalogue.draft_pages import offer_look
from mingqu.catalogue.item_pages import offer_item_page
from mingqu.catalogue.services.draft_rows import EDITABLE, Saved
from mingqu.catalogue.services.drafts import (
    approve_draft,
    drop_draft,
    publish_draft,
    publish_due,
    put_form,
    return_draft,
    save_draft,
    submit_draft,
    take_back_draft,
)
from mingqu.catalogue.services.editing import say_comment, settle_comment, step_draft
from mingqu.catalogue.services.experts import ExpertChange, put_expert
from mingqu.catalogue.services.paper_forms import FormChange, NewFile
from mingqu.catalogue.services.publishing import ItemScope, Published, item_id, publish_revision
from mingqu.catalogue.services.withdrawal import withdraw_item

__all__ = [
    "EDITABLE",
    "ExpertChange",
    "FormChange",
    "ItemScope",
    "NewFile",
    "Published",
    "Saved",
    "approve_draft",
    "drop_draft",
    "item_id",
    "offer_item_page",
    "offer_look",
    "publish_draft",
    "publish_due",
    "publish_revision",
    "put_expert",
    "put_form",
    "return_draft",
    "save_draft",
    "say_comment",
    "settle_comment",
    "step_draft",
    "submit_draft",
    "take_back_draft",
    "withdraw_item",
]

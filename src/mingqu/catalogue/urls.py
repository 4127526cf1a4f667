"""Addresses of those who write, review and publish definitions."""

from django.urls import path

from mingqu.catalogue.views import drafts, items

app_name = "catalogue"

urlpatterns = [
    path("desk/items/", items.item_list, name="items"),
    path("desk/items/drafts/", drafts.draft_list, name="drafts"),
    path("desk/items/drafts/new/", drafts.new_draft, name="new_draft"),
    path("desk/items/drafts/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("desk/items/drafts/<uuid:draft_id>/edit/", drafts.edit_draft, name="edit_draft"),
    path("desk/items/drafts/<uuid:draft_id>/act/", drafts.act, name="act"),
    path("desk/items/of/<str:code>/", items.item, name="item"),
    path("desk/items/of/<str:code>/compare/", items.compare, name="compare"),
    path("desk/items/of/<str:code>/withdraw/", items.withdraw, name="withdraw"),
    path("desk/items/of/<str:code>/<int:number>/", items.item, name="revision"),
    path("desk/items/of/<str:code>/<int:number>/file.<str:form>", items.download, name="download"),
]

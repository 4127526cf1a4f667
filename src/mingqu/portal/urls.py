"""Addresses of the public pages that several rooms answer."""

from django.urls import path

from mingqu.portal.views import (
    acting,
    codes,
    depth,
    display,
    efficiency,
    guide,
    kiosk,
    ledger,
    lists,
    my,
    results,
    services,
)

app_name = "portal"

urlpatterns = [
    path("", services.front, name="front"),
    path("search/", services.search, name="search"),
    path("search/suggestions/", services.suggestions, name="suggestions"),
    path("search/elsewhere/", services.search_elsewhere, name="search_elsewhere"),
    path("search/open/<slug:kind>/<str:code>/", services.opened, name="opened"),
    path("services/letters/", services.letters, name="letters"),
    path("services/", services.service_list, name="services"),
    path("desk/items/drafts/<uuid:draft_id>/preview/guide/", guide.guide_preview, name="guide_preview"),
    path("services/<slug:code>/", guide.guide, name="guide"),
    path("lists/", lists.every, name="lists"),
    path("lists/<slug:kind>/<str:region>/", lists.edition, name="list"),
    path("lists/<slug:kind>/<str:region>/<int:number>/", lists.edition, name="list_edition"),
    path("lists/<slug:kind>/<str:region>/<int:number>/file.xlsx", lists.download, name="list_file"),
    path("lists/<slug:kind>/<str:region>/<int:number>/changes/", lists.changes, name="list_changes"),
    path("lists/<slug:kind>/<str:region>/<int:number>/entry/", lists.entry, name="list_entry"),
    path("codes/", codes.every, name="codes"),
    path("codes/<slug:key>/", codes.one, name="code_list"),
    path("depth/", depth.depth, name="depth"),
    path("efficiency/", efficiency.efficiency, name="efficiency"),
    path("results/", results.results, name="results"),
    path("my/", my.my, name="my"),
    path("my/list.xlsx", my.my_file, name="my_file"),
    path("my/acting/", acting.acting, name="acting"),
    path("my/acting/switch/", acting.switch, name="switch"),
    path("my/acting/firm/", acting.firm, name="acting_firm"),
    path("my/acting/relative/", acting.relative, name="relative"),
    path("my/acting/firm/<uuid:firm_id>/handler/", acting.handler, name="handler"),
    path("my/acting/<uuid:capacity_id>/", acting.capacity, name="capacity"),
    path("kiosk/", kiosk.kiosk, name="kiosk"),
    path("kiosk/waiting/", kiosk.waiting, name="kiosk_waiting"),
    path("kiosk/ended/", kiosk.ended, name="kiosk_ended"),
    path("kiosk/end/", kiosk.end, name="kiosk_end"),
    path("kiosk/leave/", kiosk.leave, name="kiosk_leave"),
    path("display/", display.display, name="display"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoints.json", ledger.checkpoints_json, name="checkpoints"),
]

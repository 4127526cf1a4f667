"""Addresses of the public pages that several rooms answer."""

from django.urls import path

from mingqu.portal.views import guide, ledger, my, services

app_name = "portal"

urlpatterns = [
    path("", services.front, name="front"),
    path("search/", services.search, name="search"),
    path("search/suggestions/", services.suggestions, name="suggestions"),
    path("search/open/<slug:kind>/<str:code>/", services.opened, name="opened"),
    path("services/letters/", services.letters, name="letters"),
    path("services/", services.service_list, name="services"),
    path("services/<slug:code>/", guide.guide, name="guide"),
    path("my/", my.my, name="my"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoints.json", ledger.checkpoints_json, name="checkpoints"),
]

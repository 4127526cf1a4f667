"""Addresses of 通办."""

from django.urls import path

from mingqu.across.views import agreements as views
from mingqu.across.views import figures

app_name = "across"

AGREEMENT = "desk/agreements/<slug:number>/"

urlpatterns = [
    path("across/", views.places, name="places"),
    path("desk/agreements/", views.agreements, name="agreements"),
    path("desk/agreements/new/", views.new, name="new"),
    path("desk/agreements/export/", views.export, name="export"),
    path("desk/agreements/figures/", figures.page, name="figures"),
    path("desk/agreements/figures/list/", figures.behind, name="behind"),
    path("desk/agreements/figures/export/", figures.export, name="figures_export"),
    path(f"{AGREEMENT}", views.agreement, name="agreement"),
    path(f"{AGREEMENT}answer/", views.answer, name="answer"),
    path(f"{AGREEMENT}take-back/", views.take_back, name="take_back"),
    path(f"{AGREEMENT}withdraw/", views.withdraw, name="withdraw"),
]

"""Addresses of announcements and planned stops."""

from django.urls import path

from mingqu.upkeep import views

app_name = "upkeep"

urlpatterns = [
    path("desk/notices/", views.notices, name="notices"),
    path("desk/notices/new/", views.announce, name="announce"),
    path("desk/notices/<uuid:notice_id>/withdraw/", views.withdraw, name="withdraw"),
    path("desk/stops/new/", views.plan, name="plan"),
    path("desk/stops/<uuid:stop_id>/longer/", views.prolong, name="prolong"),
    path("desk/stops/<uuid:stop_id>/end/", views.end, name="end"),
]

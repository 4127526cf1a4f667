"""Addresses of the report upwards."""

from django.urls import path

from mingqu.federation import views

app_name = "federation"

urlpatterns = [
    path("desk/upward/", views.tables, name="tables"),
    path("desk/upward/<slug:table>/", views.table, name="table"),
    path("desk/upward/<slug:table>/export/", views.export, name="export"),
    path("desk/upward/<slug:table>/again/", views.again, name="again"),
    path("desk/upward/<slug:table>/look/", views.look, name="look"),
]

"""Addresses of supervision after approval."""

from django.urls import path

from mingqu.regulation import views

app_name = "regulation"

urlpatterns = [
    path("inspections/", views.open_records, name="open"),
    path("desk/supervised/", views.desk, name="desk"),
    path("desk/supervised/export/", views.export, name="export"),
    path("desk/supervised/take-up/", views.take_up, name="take_up"),
    path("desk/supervised/<uuid:object_id>/", views.supervised, name="supervised"),
    path("desk/supervised/<uuid:object_id>/date/", views.put_off, name="put_off"),
]

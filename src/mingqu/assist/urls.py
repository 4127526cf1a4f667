"""Addresses of what could not be done."""

from django.urls import path

from mingqu.assist import views

app_name = "assist"

urlpatterns = [
    path("stuck/", views.new, name="new"),
    path("stuck/look/", views.look, name="look"),
    path("stuck/figures/", views.figures, name="figures"),
    path("stuck/<slug:number>/", views.stuck, name="stuck"),
    path("desk/stuck/", views.desk, name="desk"),
    path("desk/stuck/new/", views.counter, name="counter"),
    path("desk/stuck/export/", views.export, name="export"),
    path("desk/stuck/<slug:number>/", views.at_desk, name="at_desk"),
]

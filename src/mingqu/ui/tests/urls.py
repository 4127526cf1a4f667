"""The addresses of ui alone: its tests must not fall when a room above it can't be imported."""

from django.urls import include, path

urlpatterns = [path("", include("mingqu.ui.urls"))]

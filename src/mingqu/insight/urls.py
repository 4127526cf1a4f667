"""Addresses of statistics."""

from django.urls import path

from mingqu.insight.views import statistics

app_name = "insight"

urlpatterns = [
    path("desk/statistics/", statistics.statistics, name="statistics"),
    path("desk/statistics/cases/", statistics.behind, name="behind"),
    path("desk/statistics/how/", statistics.how, name="how"),
    path("desk/statistics/export/", statistics.export, name="export"),
]

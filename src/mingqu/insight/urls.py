"""Addresses of statistics."""

from django.urls import path

from mingqu.insight.views import reports, statistics

app_name = "insight"

urlpatterns = [
    path("desk/statistics/", statistics.statistics, name="statistics"),
    path("desk/statistics/cases/", statistics.behind, name="behind"),
    path("desk/statistics/cases/export/", statistics.behind_export, name="behind_export"),
    path("desk/statistics/how/", statistics.how, name="how"),
    path("desk/statistics/export/", statistics.export, name="export"),
    path("desk/reports/", reports.reports, name="reports"),
    path("desk/reports/<uuid:report_id>/", reports.report, name="report"),
    path("desk/reports/<uuid:report_id>/file/<slug:form>/", reports.report_file, name="report_file"),
]

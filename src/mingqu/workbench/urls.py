"""Addresses of the staff pages."""

from django.urls import path

from mingqu.workbench.views import audit, case, desk, health
from mingqu.workbench.views.acts import deciding, ending, receiving, reviewing

app_name = "workbench"

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/export/", desk.export, name="export"),
    path("desk/search/", desk.search, name="search"),
    path("desk/cases/<str:number>/", case.case, name="case"),
    path("desk/cases/<str:number>/files/<uuid:file_id>/", case.file, name="file"),
    path("desk/cases/<str:number>/applicant/", case.reveal, name="reveal"),
    path("desk/cases/<str:number>/opinion/", case.opinion, name="opinion"),
    path("desk/cases/<str:number>/papers/<uuid:request_id>/retry/", case.retry_paper, name="retry_paper"),
    path("desk/cases/<str:number>/acceptance/", receiving.accept, name="accept"),
    path("desk/cases/<str:number>/correction/", receiving.correct, name="correct"),
    path("desk/cases/<str:number>/non-acceptance/", receiving.refuse_acceptance, name="refuse_acceptance"),
    path("desk/cases/<str:number>/settlement/", receiving.settle, name="settle"),
    path("desk/cases/<str:number>/special-procedure/", reviewing.pause, name="pause"),
    path("desk/cases/<str:number>/special-procedure/end/", reviewing.resume, name="resume"),
    path("desk/cases/<str:number>/return/", reviewing.return_inside, name="return_inside"),
    path("desk/cases/<str:number>/extension/", deciding.extend, name="extend"),
    path("desk/cases/<str:number>/termination/", deciding.terminate, name="terminate"),
    path("desk/cases/<str:number>/decision/", deciding.decide, name="decide"),
    path("desk/cases/<str:number>/delivery/", ending.deliver, name="deliver"),
    path("desk/cases/<str:number>/archiving/", ending.archive, name="archive"),
    path("desk/health/", health.health, name="health"),
    path("desk/health/retry/", health.retry, name="retry"),
    path("desk/audit/", audit.audit, name="audit"),
    path("desk/audit/receipts/<uuid:root_id>/", audit.receipt, name="receipt"),
]

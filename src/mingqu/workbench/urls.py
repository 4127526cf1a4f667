"""Addresses of the staff pages."""

from django.urls import path

from mingqu.workbench.views import audit, case, desk, health
from mingqu.workbench.views.acts import deciding, ending, receiving

app_name = "workbench"

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/search/", desk.search, name="search"),
    path("desk/cases/<str:number>/", case.case, name="case"),
    path("desk/cases/<str:number>/files/<uuid:file_id>/", case.file, name="file"),
    path("desk/cases/<str:number>/applicant/", case.reveal, name="reveal"),
    path("desk/cases/<str:number>/opinion/", case.opinion, name="opinion"),
    path("desk/cases/<str:number>/papers/<uuid:request_id>/retry/", case.retry_paper, name="retry_paper"),
    path("desk/cases/<str:number>/acceptance/", receiving.accept, name="accept"),
    path("desk/cases/<str:number>/correction/", receiving.correct, name="correct"),
    path("desk/cases/<str:number>/non-acceptance/", receiving.refuse_acceptance, name="refuse_acceptance"),
    path("desk/cases/<str:number>/decision/", deciding.decide, name="decide"),
    path("desk/cases/<str:number>/delivery/", ending.deliver, name="deliver"),
    path("desk/cases/<str:number>/archiving/", ending.archive, name="archive"),
    path("desk/health/", health.health, name="health"),
    path("desk/health/retry/", health.retry, name="retry"),
    path("desk/audit/", audit.audit, name="audit"),
    path("desk/audit/receipts/<uuid:root_id>/", audit.receipt, name="receipt"),
]

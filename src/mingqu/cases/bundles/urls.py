"""Addresses of the citizens' pages of bundles and projects."""

from django.urls import path

from mingqu.cases.bundles.views import asking, correction, delivery, drafting, materials, own

app_name = "bundles"

DRAFT = "bundles/drafts/<uuid:draft_id>/"
MINE = "bundles/mine/<str:number>/"

urlpatterns = [
    path(DRAFT, drafting.task_list, name="draft"),
    path(f"{DRAFT}page/<int:page>/", drafting.form_page, name="form_page"),
    path(f"{DRAFT}page/<int:page>/autosave/", drafting.autosave, name="autosave"),
    path(f"{DRAFT}materials/", materials.materials, name="materials"),
    path(f"{DRAFT}materials/<str:code>/", materials.material, name="material"),
    path(f"{DRAFT}files/<uuid:file_id>/", drafting.draft_file, name="draft_file"),
    path(f"{DRAFT}files/<uuid:file_id>/remove/", materials.remove_file, name="remove_file"),
    path(f"{DRAFT}check/", drafting.check, name="check"),
    path(f"{MINE}done/", own.done, name="done"),
    path(MINE, own.progress, name="progress"),
    path(f"{MINE}files/<uuid:file_id>/", own.file, name="file"),
    path(f"{MINE}correction/", correction.correction, name="correction"),
    path(f"{MINE}correction/files/<uuid:file_id>/remove/", correction.remove, name="correction_remove"),
    path(f"{MINE}delivery/", delivery.delivery, name="delivery"),
    path(f"{MINE}withdraw/", own.withdraw, name="withdraw"),
    path("progress/bundles/<str:number>/", own.public_progress, name="public_progress"),
    path("projects/<str:number>/", own.project, name="project"),
    path("bundles/<str:code>/", asking.start, name="start"),
    path("bundles/<str:code>/result/", asking.result, name="result"),
    path("bundles/<str:code>/begin/", asking.begin, name="begin"),
]

"""Addresses of an application, its progress and its corrections."""

from django.urls import path

from mingqu.cases.many import views as many
from mingqu.cases.views import (
    check,
    correction,
    delivery,
    drafts,
    files,
    kept_materials,
    material_form,
    materials,
    outside,
    owed,
    paper_form,
    party,
    phone,
    previewing,
    progress,
    readers,
    situation,
    visits,
)

app_name = "cases"

DRAFT = "apply/draft/<uuid:draft_id>/"
CASE = "cases/<str:number>/"
PREVIEW = "desk/items/drafts/<uuid:draft_id>/preview/apply/"

urlpatterns = [
    path(PREVIEW, previewing.start, name="preview_start"),
    path(f"{PREVIEW}result/", previewing.result, name="preview_result"),
    path(f"{PREVIEW}form/", previewing.form, name="preview_form"),
    path("apply/resume/", drafts.resume, name="resume"),
    path("apply/resume/<str:code>/", drafts.resume_link, name="resume_link"),
    path(DRAFT, drafts.task_list, name="draft"),
    path(f"{DRAFT}page/<int:page>/", drafts.form_page, name="form_page"),
    path(f"{DRAFT}page/<int:page>/autosave/", drafts.autosave, name="autosave"),
    path(f"{DRAFT}material/<str:code>/", materials.material, name="material"),
    path(f"{DRAFT}file/<uuid:file_id>/", files.draft_file, name="draft_file"),
    path(f"{DRAFT}file/<uuid:file_id>/remove/", materials.remove, name="remove_file"),
    path(f"{DRAFT}party/", party.party, name="party"),
    path(f"{DRAFT}check/", check.check, name="check"),
    path("apply/<str:item_code>/", situation.start, name="start"),
    path("apply/<str:item_code>/result/", situation.result, name="result"),
    path("phone/", phone.code, name="phone_code"),
    path("phone/<str:token>/", phone.send, name="phone_send"),
    path("apply/<str:item_code>/form/", paper_form.paper_form, name="paper_form"),
    path("apply/<str:item_code>/form/<str:code>/", material_form.material_form, name="material_form"),
    path(
        "apply/<str:item_code>/form/<str:code>/file/",
        material_form.material_form_file,
        name="material_form_file",
    ),
    path("apply/<str:item_code>/begin/", situation.begin, name="begin"),
    path("my/many/", many.many, name="many"),
    path("my/many/<uuid:batch_id>/", many.batch, name="many_batch"),
    path("my/many/<uuid:batch_id>/leave/", many.leave, name="many_leave"),
    path("my/many/<uuid:batch_id>/pay/", many.pay, name="many_pay"),
    path("my/many/<uuid:batch_id>/wrong.xlsx", many.wrong_rows, name="many_wrong"),
    path("my/many/<uuid:batch_id>/print/", many.printed, name="many_printed"),
    path("my/many/<uuid:batch_id>/list.xlsx", many.listed, name="many_listed"),
    path("my/many/<str:item_code>/<str:handling>/", many.prepare, name="many_prepare"),
    path("my/many/<str:item_code>/<str:handling>/template.xlsx", many.template, name="many_template"),
    path("my/outside/<slug:reference>/", outside.correction, name="outside"),
    path("my/outside/<slug:reference>/files/", outside.upload, name="outside_upload"),
    path("my/outside/<slug:reference>/files/<uuid:file_id>/remove/", outside.remove, name="outside_remove"),
    path("my/materials/", kept_materials.own_materials, name="own_materials"),
    path(f"{CASE}done/", check.done, name="done"),
    path(f"{CASE}progress/", progress.progress, name="progress"),
    path(f"{CASE}ledger.json", progress.ledger_receipt, name="ledger_receipt"),
    path(f"{CASE}correction/", correction.correction, name="correction"),
    path(f"{CASE}correction/<str:code>/", correction.upload, name="correction_upload"),
    path(f"{CASE}correction/file/<uuid:file_id>/remove/", correction.remove, name="correction_remove"),
    path(f"{CASE}owed/", owed.owed, name="owed"),
    path(f"{CASE}owed/<str:code>/", owed.upload, name="owed_upload"),
    path(f"{CASE}owed/file/<uuid:file_id>/remove/", owed.remove, name="owed_remove"),
    path(f"{CASE}visits/<uuid:visit_id>/new-date/", visits.new_date, name="new_date"),
    path(f"{CASE}delivery/", delivery.delivery, name="delivery"),
    path(f"{CASE}withdraw/", correction.withdraw, name="withdraw"),
    path(f"{CASE}files/<uuid:file_id>/", files.case_file, name="file"),
    path(f"{CASE}readers/", readers.readers, name="readers"),
    path("progress/", progress.query, name="query"),
    path("progress/<str:number>/", progress.public_progress, name="public_progress"),
    path("progress/<str:number>/ledger.json", progress.public_receipt, name="public_receipt"),
]

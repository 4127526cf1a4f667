"""Addresses of the staff pages."""

from django.urls import path

from mingqu.workbench.views import (
    after_checks,
    audit,
    bundles,
    case,
    consultations,
    counter,
    departments,
    desk,
    figures,
    health,
    projects,
    seals,
    visits,
)
from mingqu.workbench.views import batch as batch_views
from mingqu.workbench.views import outside as outside_views
from mingqu.workbench.views import phrases as phrase_views
from mingqu.workbench.views.acts import consulting, deciding, ending, handing, receiving, reviewing
from mingqu.workbench.views.window import bringing, drafting, queue, reception
from mingqu.workbench.views.window import bundles as window_bundles

app_name = "workbench"

BUNDLE_DRAFT = "desk/window/bundle-draft/<uuid:draft_id>/"
CONSULTATION = "desk/consultations/<str:number>/<uuid:consultation_id>/"
VISITS = "desk/cases/<str:number>/visits/"

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/next/", desk.next_case, name="next"),
    path("desk/export/", desk.export, name="export"),
    path("desk/window/", reception.find, name="window"),
    path("desk/window/register/", reception.register, name="window_register"),
    path("desk/window/person/", reception.person, name="window_person"),
    path("desk/window/take-over/", reception.take_over, name="window_take_over"),
    path("desk/window/finish/", reception.finish, name="window_finish"),
    path("desk/window/queue/", queue.queue, name="queue"),
    path("desk/window/queue/act/", queue.act, name="queue_act"),
    path("desk/window/start/<str:item_code>/<str:handling>/", drafting.start, name="window_start"),
    path("desk/window/draft/<uuid:draft_id>/", drafting.draft, name="window_draft"),
    path("desk/window/draft/<uuid:draft_id>/page/<int:page>/", drafting.form_page, name="window_page"),
    path("desk/window/draft/<uuid:draft_id>/materials/", drafting.materials, name="window_materials"),
    path("desk/window/draft/<uuid:draft_id>/check/", drafting.check, name="window_check"),
    path("desk/window/filed/<str:number>/", drafting.filed, name="window_filed"),
    path("desk/window/cases/<str:number>/bring/", bringing.bring, name="window_bring"),
    path("desk/window/bundles/<str:code>/", window_bundles.start, name="window_bundle_start"),
    path(f"{BUNDLE_DRAFT}", window_bundles.draft, name="window_bundle_draft"),
    path(f"{BUNDLE_DRAFT}page/<int:page>/", window_bundles.form_page, name="window_bundle_page"),
    path(f"{BUNDLE_DRAFT}materials/", window_bundles.materials, name="window_bundle_materials"),
    path(f"{BUNDLE_DRAFT}check/", window_bundles.check, name="window_bundle_check"),
    path("desk/window/bundle-filed/<str:number>/", window_bundles.filed, name="window_bundle_filed"),
    path("desk/window/bundle-bring/<str:number>/", window_bundles.bring, name="window_bundle_bring"),
    path("desk/batch/accept/", batch_views.accept, name="batch_accept"),
    path("desk/batch/grant/", batch_views.grant, name="batch_grant"),
    path("desk/phrases/", phrase_views.phrases, name="phrases"),
    path("desk/counter/", counter.counter, name="counter"),
    path("desk/counter/arrived/", counter.arrived, name="counter_arrived"),
    path("desk/counter/export/", counter.export, name="counter_export"),
    path("desk/search/", desk.search, name="search"),
    path("desk/cases/<str:number>/", case.case, name="case"),
    path("desk/cases/<str:number>/files/<uuid:file_id>/", case.file, name="file"),
    path("desk/cases/<str:number>/applicant/", case.reveal, name="reveal"),
    path("desk/cases/<str:number>/dossier/", case.dossier, name="dossier"),
    path("desk/cases/<str:number>/marks/", case.mark, name="mark"),
    path("desk/cases/<str:number>/opinion/", case.opinion, name="opinion"),
    path("desk/cases/<str:number>/papers/<uuid:request_id>/retry/", case.retry_paper, name="retry_paper"),
    path("desk/cases/<str:number>/acceptance/", receiving.accept, name="accept"),
    path("desk/cases/<str:number>/correction/", receiving.correct, name="correct"),
    path("desk/cases/<str:number>/non-acceptance/", receiving.refuse_acceptance, name="refuse_acceptance"),
    path("desk/cases/<str:number>/settlement/", receiving.settle, name="settle"),
    path("desk/cases/<str:number>/special-procedure/", reviewing.pause, name="pause"),
    path("desk/cases/<str:number>/special-procedure/end/", reviewing.resume, name="resume"),
    path("desk/cases/<str:number>/return/", reviewing.return_inside, name="return_inside"),
    path("desk/cases/<str:number>/passing-on/", handing.pass_on, name="pass_on"),
    path("desk/cases/<str:number>/signers/", handing.change_signers, name="change_signers"),
    path("desk/cases/<str:number>/standing-still/", handing.hold_step, name="hold_step"),
    path("desk/cases/<str:number>/taking-back/", handing.take_back, name="take_back"),
    path("desk/cases/<str:number>/extension/", deciding.extend, name="extend"),
    path("desk/cases/<str:number>/termination/", deciding.terminate, name="terminate"),
    path("desk/cases/<str:number>/decision/", deciding.decide, name="decide"),
    path("desk/cases/<str:number>/papers/<uuid:paper_id>/served/", counter.serve_notice, name="serve_notice"),
    path("desk/cases/<str:number>/delivery/", counter.deliver, name="deliver"),
    path("desk/cases/<str:number>/delivery/not-here/", counter.take_back, name="counter_take_back"),
    path(
        "desk/cases/<str:number>/after-checks/<uuid:check_id>/", after_checks.after_check, name="after_check"
    ),
    path("desk/cases/<str:number>/archiving/", ending.archive, name="archive"),
    path("desk/cases/<str:number>/consulting/", consulting.consult, name="consult"),
    path(
        "desk/cases/<str:number>/consultations/<uuid:consultation_id>/end/",
        consultations.end,
        name="end_consultation",
    ),
    path("desk/consultations/", consultations.consultations, name="consultations"),
    path(f"{CONSULTATION}", consultations.consultation, name="consultation"),
    path(f"{CONSULTATION}files/<uuid:file_id>/", consultations.file, name="consultation_file"),
    path("desk/visits/", visits.visits, name="visits"),
    path(f"{VISITS}plan/<uuid:task_id>/", visits.plan, name="visit_plan"),
    path(f"{VISITS}<uuid:visit_id>/", visits.spot, name="visit"),
    path(f"{VISITS}<uuid:visit_id>/move/", visits.move, name="visit_move"),
    path(f"{VISITS}<uuid:visit_id>/sign/", visits.sign, name="visit_sign"),
    path(f"{VISITS}<uuid:visit_id>/photos/", visits.photos, name="visit_photos"),
    path(f"{VISITS}<uuid:visit_id>/photos/<uuid:photo_id>/", visits.photo, name="visit_photo"),
    path(
        f"{VISITS}<uuid:visit_id>/photos/<uuid:photo_id>/remove/",
        visits.remove_photo,
        name="visit_remove_photo",
    ),
    path("desk/bundles/", bundles.bundles, name="bundles"),
    path("desk/bundles/<str:number>/", bundles.bundle, name="bundle"),
    path("desk/bundles/<str:number>/papers/<uuid:file_id>/", bundles.paper, name="bundle_paper"),
    *(
        path(f"desk/bundles/<str:number>/{name}/", bundles.act_of(name), name=f"bundle_{name}")
        for name in bundles.ACTS
    ),
    path("desk/bundles/<str:number>/points/", departments.say_points, name="bundle_points"),
    path("desk/bundles/<str:number>/visit-answer/", departments.answer, name="bundle_visit_answer"),
    path("desk/bundles/<str:number>/delivery/", bundles.deliver, name="bundle_delivery"),
    path("desk/projects/", projects.projects, name="projects"),
    path("desk/projects/register/", projects.register_project, name="register_project"),
    path("desk/projects/<str:number>/", projects.project, name="project"),
    path("desk/projects/<str:number>/stages/", projects.add_stage, name="add_stage"),
    path("desk/figures/", figures.figures, name="figures"),
    path("desk/figures/export/", figures.export, name="figures_export"),
    path("desk/outside-lists/", outside_views.outside_lists, name="outside_lists"),
    path("desk/health/", health.health, name="health"),
    path("desk/seals/", seals.seals, name="seals"),
    path("desk/seals/provide/", seals.provide, name="provide_seal"),
    path("desk/health/retry/", health.retry, name="retry"),
    path("desk/audit/", audit.audit, name="audit"),
    path("desk/audit/reads/", audit.reads, name="audit_reads"),
    path("desk/audit/export/", audit.export, name="audit_export"),
    path("desk/audit/receipts/<uuid:root_id>/", audit.receipt, name="receipt"),
]

"""Addresses of help near home."""

from django.urls import path

from mingqu.outreach.views import errands, home_visits, offline, originals, own, points, tally

app_name = "outreach"

ERRAND = "desk/errands/<slug:number>/"
VISIT = "desk/home-visits/<slug:number>/"
POINT = "desk/points/<slug:point>/"

urlpatterns = [
    path("points/", points.points, name="points"),
    path("my/errands/", own.errands, name="own_errands"),
    path("my/errands/<slug:number>/", own.errand, name="own_errand"),
    path("my/errands/<slug:number>/signatures/<uuid:file_id>/", own.signature, name="own_signature"),
    path("home-visit/", own.ask, name="ask"),
    path("home-visit/<slug:number>/", own.visit, name="own_visit"),
    path("desk/errands/", errands.desk, name="desk"),
    path("desk/errands/new/", errands.new, name="new"),
    path("desk/errands/papers/", errands.papers, name="papers"),
    path("desk/errands/tally/", tally.tally, name="tally"),
    path("desk/errands/tally/export/", tally.export, name="tally_export"),
    path("desk/errands/offline/", offline.offline, name="offline"),
    path("desk/errands/offline/worker.js", offline.worker, name="offline_worker"),
    path("desk/errands/offline/token/", offline.token, name="offline_token"),
    path("desk/errands/offline/sync/", offline.sync, name="offline_sync"),
    path(f"{ERRAND}", errands.at_desk, name="at_desk"),
    path(f"{ERRAND}code/", errands.send_code, name="send_code"),
    path(f"{ERRAND}agree/", errands.agree, name="agree"),
    path(f"{ERRAND}paper/", errands.paper, name="paper"),
    path(f"{ERRAND}paper/file/", errands.paper_file, name="paper_file"),
    path(f"{ERRAND}paper/answer/", errands.answer_paper, name="answer_paper"),
    path(f"{ERRAND}result/", errands.bring, name="bring"),
    path(f"{ERRAND}end/", errands.end, name="end"),
    path(f"{ERRAND}originals/", originals.originals, name="originals"),
    path(f"{ERRAND}originals/send/", originals.send, name="send_originals"),
    path(f"{ERRAND}originals/back/", originals.give_back, name="give_back_originals"),
    path("desk/home-visits/", home_visits.visits, name="visits"),
    path("desk/home-visits/new/", home_visits.new, name="new_visit"),
    path(f"{VISIT}", home_visits.at_desk, name="visit_at_desk"),
    path(f"{VISIT}plan/", home_visits.plan, name="plan_visit"),
    path(f"{VISIT}close/", home_visits.close, name="close_visit"),
    path("desk/points/", points.manage, name="manage"),
    path("desk/points/new/", points.new, name="new_point"),
    path("desk/points/export/", points.export, name="export_points"),
    path(f"{POINT}", points.point, name="point"),
    path(f"{POINT}items/", points.delegate, name="delegate"),
    path(f"{POINT}items/import/", points.import_items, name="import_items"),
    path(f"{POINT}items/<str:item_code>/end/", points.end_delegation, name="end_delegation"),
]

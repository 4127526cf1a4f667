"""Addresses of verification and of one's own certificates."""

from django.urls import path

from mingqu.certificates.views import desk, imports, own, revoking, standing, striking

app_name = "certificates"

BATCH = "desk/certificate-imports/<uuid:batch_id>/"
ONE = "desk/certificates/<str:number>/"

urlpatterns = [
    path("verify/", own.verify, name="verify"),
    path("verify/<str:code>/", own.verify_code, name="verify_code"),
    path("desk/certificates/", standing.found, name="desk"),
    path(f"{ONE}suspend/", standing.suspend, name="suspend"),
    path(f"{ONE}restore/", standing.restore, name="restore"),
    path(f"{ONE}revoke/", revoking.revoke, name="revoke"),
    path(f"{ONE}strike-off/", striking.strike_off, name="strike_off"),
    path("desk/certificate-imports/", imports.batches, name="imports"),
    path("desk/certificate-imports/template/", imports.template, name="import_template"),
    path(BATCH, imports.batch, name="import_batch"),
    path(f"{BATCH}wrong-rows/", imports.wrong_rows, name="import_wrong_rows"),
    path(f"{BATCH}confirm/", imports.confirm, name="import_confirm"),
    path(f"{BATCH}undo/", imports.undo, name="import_undo"),
    path(ONE, desk.certificate, name="at_desk"),
    path(f"{ONE}begin-later/", desk.put_off, name="put_off"),
    path(f"{ONE}begun/", desk.begun, name="begun"),
    path("certificates/", own.wallet, name="wallet"),
    path("certificates/<str:number>/", own.detail, name="detail"),
    path("certificates/<str:number>/file/", own.download, name="download"),
    path("certificates/<str:number>/revocation/", revoking.decision, name="revocation"),
    path("certificates/<str:number>/strike-off/", striking.decision, name="strike_off_decision"),
    path("certificates/<str:number>/show/", own.show, name="show"),
]

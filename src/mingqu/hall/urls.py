"""Addresses of halls: appointments, the terminal that gives numbers, who runs the hall."""

from django.urls import path

from mingqu.hall.views import devices, double_courier, furnishing, manage, own, parcels, terminal

app_name = "hall"
DEVICES = "desk/halls/<slug:code>/windows/<int:window>/devices/"

OWN = "my/appointments/<slug:number>/"

urlpatterns = [
    path("appointments/new/", own.choose, name="choose"),
    path("appointments/hold/", own.hold, name="hold"),
    path("appointments/held/<uuid:slot_id>/<uuid:hold_id>/", own.book, name="book"),
    path("my/appointments/", own.mine, name="mine"),
    path(OWN, own.booking, name="booking"),
    path(f"{OWN}move/", own.move, name="move"),
    path(f"{OWN}cancel/", own.cancel, name="cancel"),
    path(f"{OWN}appointment.ics", own.calendar, name="calendar"),
    path("hall/terminal/", terminal.terminal, name="terminal"),
    path("hall/terminal/appointment/", terminal.check_in, name="check_in"),
    path("hall/terminal/number/<uuid:queue_id>/<uuid:number_id>/", terminal.number, name="number"),
    path("my/parcels/<slug:number>/", parcels.own, name="own_parcel"),
    path("my/parcels/<slug:number>/address/", parcels.readdress, name="readdress"),
    path("desk/parcels/", parcels.parcels, name="parcels"),
    path("desk/parcels/export/", parcels.export, name="export_parcels"),
    path("desk/parcels/<slug:number>/", parcels.parcel, name="parcel"),
    path(
        "desk/parcels/<slug:number>/<uuid:consignment_id>/cancellation/", parcels.cancel, name="cancel_parcel"
    ),
    path("double/courier/<slug:reference>/", double_courier.courier, name="double_courier"),
    path("desk/halls/", manage.halls, name="halls"),
    path("desk/halls/new/", furnishing.new, name="new"),
    path("desk/halls/<slug:code>/", manage.manage, name="manage"),
    path("desk/halls/<slug:code>/windows/", furnishing.windows, name="windows"),
    path("desk/halls/<slug:code>/windows/hall/", furnishing.change, name="change"),
    path("desk/halls/<slug:code>/windows/line/", furnishing.keep_line, name="keep_line"),
    path("desk/halls/<slug:code>/windows/window/", furnishing.keep_window, name="keep_window"),
    path(DEVICES, devices.devices, name="devices"),
    path(f"{DEVICES}code/", devices.code, name="pairing_code"),
    path(f"{DEVICES}end/", devices.end, name="end_pairing"),
    path("desk/halls/<slug:code>/opening/", manage.opening, name="opening"),
    path("desk/halls/<slug:code>/closed-days/", manage.close, name="close"),
    path("desk/halls/<slug:code>/closed-days/reopened/", manage.reopen, name="reopen"),
    path("desk/halls/<slug:code>/terminals/", manage.register_terminal, name="register_terminal"),
    path(
        "desk/halls/<slug:code>/terminals/<uuid:terminal_id>/end/", manage.end_terminal, name="end_terminal"
    ),
]

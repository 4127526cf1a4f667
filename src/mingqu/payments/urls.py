"""Addresses of payments."""

from django.urls import path

from mingqu.payments.views import days, desk, double, own

app_name = "payments"

ONE = "desk/payments/<str:number>/"
DAY = "desk/payment-days/<slug:provider>/<str:day>/"

urlpatterns = [
    path("my/payments/", own.mine, name="mine"),
    path("my/payments/together/<uuid:together_id>/", own.together, name="together"),
    path("my/payments/together/<uuid:together_id>/again/", own.together_again, name="together_again"),
    path("my/payments/<str:number>/", own.detail, name="detail"),
    path("my/payments/<str:number>/pay/", own.pay, name="pay"),
    path("my/payments/<str:number>/notice/", own.paper, name="paper"),
    path("desk/payments/", desk.notices, name="desk"),
    path("desk/payments/export/", desk.export, name="export"),
    path("desk/payment-days/", days.days, name="days"),
    path(DAY, days.day, name="day"),
    path(f"{DAY}export/", days.export, name="day_export"),
    path(f"{DAY}settle/", days.settle, name="settle"),
    path(ONE, desk.notice, name="at_desk"),
    path(f"{ONE}take/", desk.take, name="take"),
    path(f"{ONE}exemption/", desk.exemption, name="exemption"),
    path(f"{ONE}checked/", desk.checked, name="checked"),
    path(f"{ONE}refund/", desk.refund, name="refund"),
    path("double/bank/<slug:reference>/", double.bank, name="double_bank"),
]

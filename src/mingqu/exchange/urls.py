"""Addresses of the exchange."""

from django.urls import path

from mingqu.exchange.views import connections, days, desk, double, states

app_name = "exchange"

ONE = "desk/exchange/<slug:reference>/"
DAY = "desk/exchange-days/<slug:connector>/<str:day>/"

urlpatterns = [
    path("desk/exchange/", desk.handovers, name="desk"),
    path("desk/exchange-states/", states.states, name="states"),
    path("desk/exchange-states/<uuid:file_id>/", states.states_file, name="states_file"),
    path("desk/exchange-states/<uuid:file_id>/wrong.xlsx", states.wrong_states, name="states_wrong"),
    path("desk/exchange-days/", days.days, name="days"),
    path("desk/exchange-connections/", connections.connections, name="connections"),
    path(DAY, days.day, name="day"),
    path(f"{DAY}export/", days.export, name="day_export"),
    path(f"{DAY}settle/", days.settle, name="settle"),
    path(ONE, desk.handover, name="at_desk"),
    path(f"{ONE}sheet/", desk.sheet, name="sheet"),
    path(f"{ONE}number/", desk.number, name="number"),
    path(f"{ONE}state/", desk.state, name="state"),
    path(f"{ONE}answer/", desk.answer, name="answer"),
    path(f"{ONE}files/<uuid:file_id>/", desk.answer_file, name="answer_file"),
    path(f"{ONE}carried-over/", desk.carried_over, name="carried_over"),
    path(f"{ONE}again/", desk.again, name="again"),
    path(f"{ONE}by-hand/", desk.by_hand, name="by_hand"),
    path(f"{ONE}resolve/", desk.resolve, name="resolve"),
    path("double/registry/", double.registry_page, name="double"),
    path("double/registry/say/", double.say, name="double_say"),
]

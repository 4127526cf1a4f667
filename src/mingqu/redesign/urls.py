"""Addresses of simulations, reports and maps."""

from django.urls import path

from mingqu.redesign.views import maps, moves, savings
from mingqu.redesign.views import simulations as views

app_name = "redesign"
RUN = "desk/simulation/<uuid:simulation_id>/"
MOVE = "desk/flow-moves/<uuid:move_id>/"

urlpatterns = [
    path("desk/simulation/", views.run_list, name="runs"),
    path("desk/simulation/new/", views.which, name="which"),
    path("desk/simulation/new/<str:item_code>/", views.of_item, name="of_item"),
    path("desk/simulation/new/<str:item_code>/<str:handling>/", views.new, name="new"),
    path("desk/simulation/compare/", views.compare, name="compare"),
    path(RUN, views.one, name="run"),
    path(f"{RUN}stop/", views.stop, name="stop"),
    path(f"{RUN}again/", views.again, name="again"),
    path(f"{RUN}export/", views.export, name="export"),
    path("desk/flow-moves/", moves.move_list, name="moves"),
    path("desk/flow-moves/new/", moves.which, name="move_which"),
    path(
        "desk/flow-moves/new/<str:item_code>/<str:handling>/<uuid:revision_id>/", moves.new, name="move_new"
    ),
    path(MOVE, moves.one, name="move"),
    path(f"{MOVE}approve/", moves.approve, name="move_approve"),
    path(f"{MOVE}decline/", moves.decline, name="move_decline"),
    path(f"{MOVE}undo/", moves.undo, name="move_undo"),
    path(f"{MOVE}export/", moves.export, name="move_export"),
    path("desk/prerequisites/", maps.prerequisites, name="prerequisites"),
    path("desk/prerequisites/new/", maps.bring, name="bring_map"),
    path("desk/prerequisites/<uuid:map_id>/", maps.one, name="map"),
    path("desk/prerequisites/<uuid:map_id>/export/", maps.export, name="map_export"),
    path("desk/reengineering/", savings.savings, name="savings"),
    path("desk/reengineering/export/", savings.export, name="savings_export"),
    path("desk/reengineering/<str:item_code>/", savings.item_savings, name="item_savings"),
]

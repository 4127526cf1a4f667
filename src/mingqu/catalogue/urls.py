"""Addresses of those who write, review and publish definitions."""

from django.urls import path

from mingqu.catalogue.batches import views as batches
from mingqu.catalogue.imports import review_views
from mingqu.catalogue.imports import views as importing
from mingqu.catalogue.linting import views as linting
from mingqu.catalogue.search import views as searching
from mingqu.catalogue.studio import decision_views, deed_views, expert_views, table_views
from mingqu.catalogue.studio import views as studio
from mingqu.catalogue.views import affected, coverage, drafts, duties, editions, items, paper_forms

app_name = "catalogue"

urlpatterns = [
    path("desk/items/", items.item_list, name="items"),
    path("desk/lists/", editions.edition_list, name="editions"),
    path("desk/lists/new/", editions.new_edition, name="new_edition"),
    path("desk/lists/items/", coverage.items, name="list_items"),
    path("desk/lists/duties/", duties.duty_list, name="duties"),
    path("desk/lists/duties/new/", duties.new_duty, name="new_duty"),
    path("desk/lists/duties/<uuid:duty_id>/", duties.duty, name="duty"),
    path("desk/lists/template-<slug:kind>.xlsx", editions.template, name="list_template"),
    path("desk/lists/<uuid:edition_id>/", editions.edition, name="edition"),
    path("desk/lists/<uuid:edition_id>/file.xlsx", editions.download, name="edition_file"),
    path("desk/lists/<uuid:edition_id>/act/", editions.act, name="edition_act"),
    path("desk/lists/<uuid:edition_id>/entries/new/", editions.entry, name="new_entry"),
    path("desk/lists/<uuid:edition_id>/entries/<uuid:entry_id>/", editions.entry, name="entry"),
    path("desk/items/changes/", batches.changes, name="changes"),
    path("desk/items/changes/new/", batches.new_change, name="new_change"),
    path("desk/items/changes/<uuid:change_id>/", batches.change, name="change"),
    path("desk/items/changes/<uuid:change_id>/act/", batches.act, name="change_act"),
    path("desk/items/affected/", affected.affected, name="affected"),
    path("desk/items/affected/table.xlsx", affected.affected_table, name="affected_table"),
    path("desk/items/doubtful/", linting.doubtful, name="doubtful"),
    path("desk/items/doubtful/table.xlsx", linting.table, name="doubtful_table"),
    path("desk/items/sayings/", searching.sayings, name="sayings"),
    path("desk/items/sayings/keep/", searching.keep, name="keep_saying"),
    path("desk/items/sayings/switch/", searching.switch, name="switch_saying"),
    path("desk/items/sayings/table.xlsx", searching.table, name="sayings_table"),
    path("desk/items/drafts/", drafts.draft_list, name="drafts"),
    path("desk/items/drafts/new/", drafts.new_draft, name="new_draft"),
    path("desk/items/drafts/begin/", deed_views.begin, name="begin_draft"),
    path("desk/items/drafts/<uuid:draft_id>/", drafts.draft, name="draft"),
    path("desk/items/drafts/<uuid:draft_id>/edit/", drafts.edit_draft, name="edit_draft"),
    path("desk/items/drafts/<uuid:draft_id>/remarks/", deed_views.say, name="draft_say"),
    path(
        "desk/items/drafts/<uuid:draft_id>/remarks/<uuid:comment_id>/", deed_views.settle, name="draft_settle"
    ),
    path("desk/items/drafts/<uuid:draft_id>/tables/", table_views.tables, name="draft_tables"),
    path("desk/items/drafts/<uuid:draft_id>/tables.xlsx", table_views.workbook, name="draft_workbook"),
    path("desk/items/drafts/<uuid:draft_id>/step/", deed_views.step, name="draft_step"),
    path("desk/items/drafts/<uuid:draft_id>/parts/<slug:name>/", studio.part, name="draft_part"),
    path("desk/items/drafts/<uuid:draft_id>/flow/<int:place>/", expert_views.flow, name="draft_flow"),
    path(
        "desk/items/drafts/<uuid:draft_id>/flow/<int:place>/file.bpmn",
        expert_views.flow_file,
        name="draft_flow_file",
    ),
    path(
        "desk/items/drafts/<uuid:draft_id>/decisions/<int:place>/",
        decision_views.decisions,
        name="draft_decisions",
    ),
    path(
        "desk/items/drafts/<uuid:draft_id>/decisions/<int:place>/<slug:name>/",
        decision_views.decision,
        name="draft_decision",
    ),
    path("desk/items/drafts/<uuid:draft_id>/forms/", paper_forms.draft_forms, name="draft_forms"),
    path(
        "desk/items/drafts/<uuid:draft_id>/forms/files/<str:digest>/",
        paper_forms.draft_form_file,
        name="draft_form_file",
    ),
    path(
        "desk/items/drafts/<uuid:draft_id>/forms/<str:handling>/<str:material>/",
        paper_forms.draft_form,
        name="draft_form",
    ),
    path("desk/items/drafts/<uuid:draft_id>/act/", drafts.act, name="act"),
    path("desk/items/reviews/", review_views.review_batches, name="reviews"),
    path("desk/items/reviews/<uuid:batch_id>/", review_views.review_batch, name="review_batch"),
    path("desk/items/reviews/<uuid:batch_id>/act/", review_views.review_act, name="review_act"),
    path("desk/items/reviews/<uuid:batch_id>/rows.xlsx", review_views.review_table, name="review_table"),
    path("desk/items/reviews/<uuid:batch_id>/<int:line>/", review_views.review_row, name="review_row"),
    path("desk/items/reviews/deeds/<uuid:deed_id>/", review_views.review_deed, name="review_deed"),
    path("desk/items/reviews/deeds/<uuid:deed_id>/undo/", review_views.review_undo, name="review_undo"),
    path(
        "desk/items/reviews/deeds/<uuid:deed_id>/call-off/",
        review_views.review_call_off,
        name="review_call_off",
    ),
    path("desk/imports/", importing.imports, name="imports"),
    path("desk/imports/template.xlsx", importing.template, name="import_template"),
    path("desk/imports/<uuid:batch_id>/", importing.batch, name="import_batch"),
    path("desk/imports/<uuid:batch_id>/rows.xlsx", importing.table, name="import_table"),
    path("desk/imports/<uuid:batch_id>/cancel/", importing.cancel, name="import_cancel"),
    path("desk/items/of/<str:code>/", items.item, name="item"),
    path("desk/items/of/<str:code>/revise/", deed_views.revise, name="revise_draft"),
    path("desk/items/of/<str:code>/compare/", items.compare, name="compare"),
    path("desk/items/of/<str:code>/withdraw/", items.withdraw, name="withdraw"),
    path("desk/items/of/<str:code>/<int:number>/", items.item, name="revision"),
    path("desk/items/of/<str:code>/<int:number>/file.<str:form>", items.download, name="download"),
]

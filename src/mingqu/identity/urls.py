"""Addresses of sign-in and one's own account."""

from django.urls import path

from mingqu.identity.views import citizen, real_name, staff
from mingqu.identity.views.admin import accounts, org_imports, organs, training

app_name = "identity"

urlpatterns = [
    path("sign-in/", citizen.sign_in, name="sign_in"),
    path("sign-in/code/", citizen.code, name="code"),
    path("sign-in/closed/", citizen.closed, name="closed"),
    path("sign-out/", staff.sign_out, name="sign_out"),
    path("my/profile/", citizen.profile, name="profile"),
    path("my/profile/identity/", citizen.declare, name="declare"),
    path("my/profile/real-name/", real_name.real_name, name="real_name"),
    path("my/profile/phone/", citizen.phone, name="phone"),
    path("my/profile/phone/code/", citizen.phone_code, name="phone_code"),
    path("staff/sign-in/", staff.staff_sign_in, name="staff_sign_in"),
    path("staff/sign-in/passkey/", staff.staff_passkey, name="staff_passkey"),
    path("staff/second-factor/", staff.second_factor_page, name="second_factor"),
    path("staff/second-factor/set-up/", staff.second_factor_setup, name="second_factor_setup"),
    path("staff/second-factor/passkey/", staff.add_passkey, name="add_passkey"),
    path("staff/second-factor/recovery-codes/", staff.recovery_codes, name="recovery_codes"),
    path("staff/password/", staff.password, name="password"),
    path("staff/start/", staff.start, name="start"),
    path("staff/posts/", staff.posts, name="posts"),
    path("staff/accounts/", accounts.account_list, name="accounts"),
    path("staff/accounts/new/", accounts.create, name="create_account"),
    path("staff/accounts/<uuid:user_id>/", accounts.account, name="account"),
    path("staff/accounts/<uuid:user_id>/lock/", accounts.lock, name="lock"),
    path("staff/accounts/<uuid:user_id>/unlock/", accounts.unlock, name="unlock"),
    path("staff/accounts/<uuid:user_id>/password/", accounts.reset_password, name="reset_password"),
    path("staff/accounts/<uuid:user_id>/second-factor/", accounts.reset_factor, name="reset_factor"),
    path("staff/training-regions/", training.region_list, name="training_regions"),
    path("staff/training-regions/new/", training.mark, name="mark_training"),
    path("staff/training-regions/<str:region_code>/end/", training.unmark, name="unmark_training"),
    path("staff/organs/", organs.post_list, name="organs"),
    path("staff/organs/imports/", org_imports.imports, name="org_imports"),
    path("staff/organs/imports/template.xlsx", org_imports.template, name="org_template"),
    path("staff/organs/imports/<uuid:import_id>/", org_imports.one, name="org_import"),
    path("staff/organs/imports/<uuid:import_id>/agree/", org_imports.agree, name="org_agree"),
    path("staff/organs/imports/<uuid:import_id>/drop/", org_imports.drop, name="org_drop"),
    path("staff/organs/departments/new/", organs.create_department, name="create_department"),
    path("staff/organs/departments/<uuid:department_id>/review/", organs.review_organ, name="review_organ"),
    path("staff/organs/posts/new/", organs.create_post, name="create_post"),
    path("staff/organs/posts/<uuid:post_id>/", organs.post, name="post"),
    path("staff/organs/posts/<uuid:post_id>/holders/new/", organs.assign, name="assign"),
    path("staff/organs/posts/<uuid:post_id>/holders/<uuid:user_id>/end/", organs.end, name="end"),
    path("staff/organs/posts/<uuid:post_id>/roles/new/", organs.grant, name="grant"),
    path("staff/organs/roles/<uuid:grant_id>/revoke/", organs.revoke, name="revoke"),
]

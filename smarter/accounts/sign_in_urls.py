"""The pages of allauth that this site offers. Sign-up, extra addresses and codes by mail have no address at all."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.conf import settings
from django.urls import path, re_path
from django.views.decorators.http import require_http_methods, require_POST

from smarter.accounts.second_factor import changes_recorded, ended_sessions_recorded
from smarter.accounts.views import signing_in

page = require_http_methods(["GET", "POST"])

urlpatterns = [
    path("login/", signing_in.sign_in, name="account_login"),
    path("demo/", signing_in.demo_sign_in, name="demo_sign_in"),
    path("logout/", require_POST(account.logout), name="account_logout"),
    path("reauthenticate/", page(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", page(account.password_change), name="account_change_password"),
    path("password/set/", page(account.password_set), name="account_set_password"),
    path("password/reset/", page(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", page(account.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        page(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        page(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("two-factor/", page(mfa.index), name="mfa_index"),
    path("two-factor/authenticate/", page(mfa.authenticate), name="mfa_authenticate"),
    path("two-factor/reauthenticate/", page(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("two-factor/app/activate/", page(changes_recorded(totp.activate_totp)), name="mfa_activate_totp"),
    path("two-factor/app/deactivate/", page(changes_recorded(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("two-factor/recovery-codes/", page(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "two-factor/recovery-codes/generate/",
        page(changes_recorded(recovery_codes.generate_recovery_codes)),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "two-factor/recovery-codes/download/",
        page(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", page(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", page(changes_recorded(webauthn.add_webauthn)), name="mfa_add_webauthn"),
    path("passkeys/login/", page(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("passkeys/reauthenticate/", page(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/remove/", page(changes_recorded(webauthn.remove_webauthn)), name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/edit/", page(changes_recorded(webauthn.edit_webauthn)), name="mfa_edit_webauthn"),
    path("sessions/", page(ended_sessions_recorded(sessions.list_usersessions)), name="usersessions_list"),
]

if settings.OIDC_ISSUER:
    from smarter.accounts.views import company

    urlpatterns += [
        path("company/<str:provider_id>/", company.company_sign_in, name="openid_connect_login"),
        path("company/<str:provider_id>/callback/", company.company_callback, name="openid_connect_callback"),
    ]

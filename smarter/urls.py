"""The roof: every URL of the site. Nothing imports this module."""

from django.conf import settings
from django.urls import include, path

from smarter import views

handler500 = views.server_error
urlpatterns = [
    path("", include("candidates.urls")),
    path("rubrics/", include("rubrics.urls")),
    path("", include("smarter.accounts.urls")),
    path("", include("smarter.mail.urls")),
    path("account/", include("smarter.accounts.sign_in_urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

if settings.DEBUG:
    urlpatterns += [path("styles/", views.styles, name="styles")]

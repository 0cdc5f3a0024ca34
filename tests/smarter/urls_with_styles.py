"""The site's URLs as they are in DEBUG: with the styles page."""

from django.urls import path

from smarter import views
from smarter.urls import urlpatterns as site

urlpatterns = [*site, path("styles/", views.styles, name="styles")]

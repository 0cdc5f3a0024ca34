"""The link that stops mails."""

from django.urls import path

from smarter.mail import views

app_name = "mail"
urlpatterns = [path("mails/stop/<str:token>/", views.mail_stop, name="mail_stop")]

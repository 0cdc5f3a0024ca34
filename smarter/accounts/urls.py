"""People, invitations and one's own profile."""

from django.urls import path

from smarter.accounts.views import invitations, own, people

app_name = "accounts"
urlpatterns = [
    path("people/", people.person_list, name="person_list"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.person_reactivate, name="person_reactivate"),
    path("people/invite/", invitations.invitation_create, name="invitation_create"),
    path("people/invitations/<int:pk>/renew/", invitations.invitation_renew, name="invitation_renew"),
    path("people/invitations/<int:pk>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"),
    path("invitations/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
    path("profile/", own.profile, name="profile"),
]

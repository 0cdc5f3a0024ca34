"""Forms of people, invitations and one's own profile."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from smarter.accounts.models import Invitation, User, time_zones


def time_zone_choices() -> list[tuple[str, str]]:
    """All time zones by name, with the name's underscores gone."""
    return [(name, name.replace("_", " ")) for name in sorted(time_zones()) if "/" in name]


def form_helper(*, button: str, layout: Layout, action: str = "") -> FormHelper:
    """The site's form: our messages instead of the browser's, one button."""
    helper = FormHelper()
    helper.form_class = "form"
    helper.form_action = action
    helper.attrs = {"novalidate": True}
    helper.layout = layout
    helper.add_input(Submit("", button))
    return helper


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]
    """Asks for a reset link. An unknown address is sent a mail too, so that both take the same time."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the mail."""
        if self.users:
            return str(super().save(request, **kwargs))
        email = str(self.cleaned_data["email"])
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class PersonFilterForm(forms.Form):
    """Narrows the list of people."""

    q = forms.CharField(label="Name or email", required=False, max_length=150)
    role = forms.ChoiceField(
        required=False, choices=[("", "Any role"), ("admin", "Admins"), ("recruiter", "Recruiters")]
    )
    state = forms.ChoiceField(
        required=False, choices=[("", "Active"), ("gone", "Deactivated"), ("all", "Active and deactivated")]
    )

    def as_query(self) -> str:
        """The choices made, for the links to other pages of the list."""
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})

    def apply(self, people: QuerySet[User]) -> QuerySet[User]:
        """The people asked for; a filter that makes no sense is left out."""
        chosen = self.cleaned_data if self.is_valid() else {}
        if text := chosen.get("q"):
            people = people.filter(Q(name__icontains=text) | Q(email__icontains=text))
        if role := chosen.get("role"):
            people = people.filter(**{f"is_{role}": True})
        if chosen.get("state") != "all":
            people = people.filter(is_active=chosen.get("state") != "gone")
        return people


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an admin says about a person."""

    class Meta:
        model = User
        fields = ["job_title", "level", "is_recruiter", "is_admin"]
        labels = {"is_recruiter": "Recruiter", "is_admin": "Admin", "level": "Seniority"}
        help_texts = {
            "level": "In a debrief the most junior speaks first.",
            "is_recruiter": "Creates openings and candidates.",
            "is_admin": "Looks after people, rubrics and the audit. Does not see scores by this role.",
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.helper = form_helper(
            button="Save changes", layout=Layout(Div("job_title", "level", css_class="fields"), *self.Meta.fields[2:])
        )

    def clean_is_admin(self) -> bool:
        """One's own admin role stays: with it the way back would go."""
        is_admin = bool(self.cleaned_data["is_admin"])
        if self.instance.pk == self.by.pk and not is_admin:
            raise ValidationError("You cannot take the admin role from yourself. Ask another admin to do it.")
        return is_admin


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whom to invite, and as what."""

    class Meta:
        model = Invitation
        fields = ["email", "name", "is_recruiter", "is_admin"]
        labels = {"email": "Email", "is_recruiter": "Recruiter", "is_admin": "Admin"}
        help_texts = {
            "name": "They can change it when they accept.",
            "is_recruiter": PersonForm.Meta.help_texts["is_recruiter"],
            "is_admin": PersonForm.Meta.help_texts["is_admin"],
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(
            button="Send invitation", layout=Layout(Div("email", "name", css_class="fields"), *self.Meta.fields[2:])
        )

    def clean_email(self) -> str:
        """One account and one open invitation for each address, however it is typed."""
        email = str(self.cleaned_data["email"]).lower()
        if person := User.objects.filter(email=email).first():
            state = "has an account already" if person.is_active else "has a deactivated account: reactivate it instead"
            raise ValidationError(f"{person.name} {state}.")
        if Invitation.objects.pending().filter(email=email).exists():
            raise ValidationError("This address has an invitation already. Send it again from the list of people.")
        return email


class AcceptInvitationForm(forms.Form):
    """What the invited person says about themselves."""

    name = forms.CharField(max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    time_zone = forms.ChoiceField(choices=time_zone_choices, help_text="Times of interviews are shown in it.")
    password = forms.CharField(
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        strip=False, max_length=1000, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": invitation.name, "time_zone": settings.TIME_ZONE}
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["password"].help_text = " ".join(password_validators_help_texts())
        self.helper = form_helper(button="Create account", layout=Layout(*self.fields))

    def clean(self) -> dict[str, Any]:
        """Both passwords agree, and are good enough for this person."""
        super().clean()
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", "The two passwords differ. Type the same one twice.")
        elif password:
            person = User(email=self.invitation.email, name=self.cleaned_data.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return self.cleaned_data


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person says about themselves."""

    time_zone = forms.ChoiceField(choices=time_zone_choices, help_text="Times of interviews are shown in it.")

    class Meta:
        model = User
        fields = ["name", "job_title", "time_zone", "keys_enabled", "mail_reminders"]
        labels = {"keys_enabled": "Keys on the scorecard", "mail_reminders": "Reminders by email"}
        help_texts = {
            "keys_enabled": "1 to 5 rate the dimension you are in, 0 stands for not observed.",
            "mail_reminders": "When a scorecard is late. Invitations, changes and handed-back scorecards always come.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("keys_enabled", "mail_reminders"):
            self.fields[name].widget.attrs["role"] = "switch"
        self.helper = form_helper(
            button="Save profile",
            layout=Layout(Div("name", "job_title", css_class="fields"), *self.Meta.fields[2:]),
        )

"""Forms for signing in, people, roles and hubs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from wtforms import BooleanField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

from crm.accounts.models import Account
from crm.accounts.rules import LONGEST_PASSWORD
from crm.accounts.service.administering import GrantWanted, Invitation
from crm.accounts.service.hubs import AreaWanted, HubDetails
from crm.accounts.service.trying import Credentials
from crm.kernel.roles import GRANTABLE, SCOPES, Role, RoleWanted, Scope
from crm.places.queries import authorities
from crm.web.fields import DayField, EmailLine, Line, TelephoneLine, optional
from crm.web.filters import sentence
from crm.web.forms import Form

TOO_LONG = f"The password must be {LONGEST_PASSWORD} characters or fewer"
NEW_PASSWORD = (InputRequired("Enter a new password"), Length(max=LONGEST_PASSWORD, message=TOO_LONG))


KNOWS = "I know what this role clashes with, and go ahead"


class SignInForm(Form):
    """An address and a password."""

    email = EmailLine("Email address", [InputRequired("Enter your email address")])
    password = PasswordField(
        "Password", [InputRequired("Enter your password"), Length(max=LONGEST_PASSWORD, message=TOO_LONG)]
    )

    def credentials(self) -> Credentials:
        """What was typed."""
        return Credentials(self.email.data or "", self.password.data or "")


class LinkForm(Form):
    """An address to send a sign-in link to."""

    email = EmailLine("Email address", [InputRequired("Enter your email address")])


class NewPasswordForm(Form):
    """A new password, once: what is typed can be shown."""

    new_password = PasswordField("New password", NEW_PASSWORD)


class ChangePasswordForm(Form):
    """The password now, and the new one, in the order in which the page asks for them."""

    password = PasswordField(
        "Your password now",
        [InputRequired("Enter your password"), Length(max=LONGEST_PASSWORD, message=TOO_LONG)],
    )
    new_password = PasswordField("New password", NEW_PASSWORD)


class PeopleSearch(Form):
    """The filters of the list of people, as the address carries them."""

    q = Line("Name or email address", [], longest=100)
    role = SelectField(
        "Holds the role today",
        choices=[
            SelectChoice("", "Any role, or none"),
            *(SelectChoice(role.value, sentence(role.label)) for role in GRANTABLE),
        ],
        validate_choice=False,
    )

    @property
    def chosen_role(self) -> Role | None:
        """The role, if it is one of ours."""
        return Role(self.role.data) if self.role.data in list(GRANTABLE) else None

    def is_set(self) -> bool:
        """Whether anything is searched for."""
        return any(field.data for field in self)


class InvitationForm(Form):
    """Somebody to invite."""

    name = Line("Full name", [InputRequired("Enter their full name")])
    email = EmailLine("Email address", [InputRequired("Enter their email address")])
    kind = RadioField(
        "How will they sign in?",
        [InputRequired("Choose how they will sign in")],
        choices=[
            SelectChoice("staff", "With a password: staff of a hub, the programme or the network"),
            SelectChoice("outside", "With a link by email: founders, angels and providers"),
        ],
    )

    def details(self) -> Invitation:
        """The invitation as the service takes it."""
        return Invitation(self.email.data or "", self.name.data or "", is_staff=self.kind.data == "staff")


class CorrectionForm(Form):
    """A name and an address to put right."""

    name = Line("Full name", [InputRequired("Enter their full name")])
    email = EmailLine("Email address", [InputRequired("Enter their email address")])


class RestoreForm(Form):
    """That a role is given back, and that the administrator knows what it clashes with."""

    knows_clashes = BooleanField(KNOWS)


class GrantForm(Form):
    """A role to grant, for what, and from when to when. Whether it can be granted depends on what ``SETTLES`` it."""

    SETTLES = ("role", "scope", "valid_from", "valid_to")
    role = SelectField("Role", [InputRequired("Choose a role")])
    scope = SelectField("Held for", [InputRequired("Choose what the role is held for")])
    valid_from = DayField("First day", [InputRequired("Enter the first day")])
    valid_to = DayField("Last day", [optional()])
    knows_clashes = BooleanField(KNOWS)

    def offer(self, scopes: Mapping[Scope, Mapping[str, str]]) -> GrantForm:
        """Offer what a role can be held for, by kind, id and name, and every role that can be held for one of them."""
        offered = {Scope.EVERYWHERE, *scopes}
        self.role.choices = [
            SelectChoice("", "Choose a role"),
            *(
                SelectChoice(role.value, sentence(role.label))
                for role in GRANTABLE
                if offered.intersection(SCOPES[role])
            ),
        ]
        everywhere = SelectChoice(Scope.EVERYWHERE.value, "The whole service")
        named = [
            SelectChoice(f"{kind.value}:{scope_id}", f"{kind.value.capitalize()}: {name}")
            for kind, names in scopes.items()
            for scope_id, name in names.items()
        ]
        self.scope.choices = [everywhere, *named]
        return self

    def wanted(self) -> RoleWanted | None:
        """The role and what it is held for; None until both are chosen."""
        kind, _, scope_id = str(self.scope.data or "").partition(":")
        if self.role.data not in list(Role) or kind not in list(Scope):
            return None
        return RoleWanted(Role(self.role.data), Scope(kind), scope_id or None)

    def details(self) -> GrantWanted:
        """The grant as the service takes it."""
        kind, _, scope_id = str(self.scope.data).partition(":")
        return GrantWanted(
            role=Role(self.role.data),
            scope=Scope(kind),
            scope_id=scope_id or None,
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
        )


class HubForm(Form):
    """What is known of a hub."""

    name = Line("Name", [InputRequired("Enter the hub's name")])
    email = EmailLine("Email address", [optional()])
    phone = TelephoneLine("Telephone", [optional()])
    website = Line(
        "Website",
        [optional(), Regexp(r"https?://[^\s]+$", message="Enter a web address that begins with https://")],
        longest=300,
    )
    opened_on = DayField("Opened on", [InputRequired("Enter the day it opened")])
    closed_on = DayField("Closed on", [optional()])
    source = Line("Source", [InputRequired("Say where this comes from")], longest=500)

    def details(self) -> HubDetails:
        """The hub as the service takes it."""
        return HubDetails(
            name=self.name.data or "",
            email=self.email.data or None,
            phone=self.phone.data or None,
            website=self.website.data or None,
            opened_on=self.opened_on.data,
            closed_on=self.closed_on.data,
            source=self.source.data or "",
        )


class NewHubForm(HubForm):
    """A hub to add, with its code."""

    code = Line(
        "Code",
        [
            InputRequired("Enter a code"),
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*$", message="Use small letters, digits and single hyphens"),
        ],
        longest=40,
    )


class AreaForm(Form):
    """An authority for a hub to serve."""

    authority_code = SelectField("Authority", [InputRequired("Choose an authority")])
    valid_from = DayField("First day", [InputRequired("Enter the first day")])
    valid_to = DayField("Last day", [optional()])
    source = Line("Source", [InputRequired("Say where this comes from")], longest=500)

    def offer(self) -> AreaForm:
        """Offer the authorities of the region."""
        known = sorted(authorities(), key=lambda each: each.name)
        self.authority_code.choices = [
            SelectChoice("", "Choose an authority"),
            *(SelectChoice(each.code, each.name) for each in known),
        ]
        return self

    def details(self) -> AreaWanted:
        """The area as the service takes it."""
        return AreaWanted(
            self.authority_code.data,
            self.valid_from.data,
            self.source.data or "",
            valid_to=self.valid_to.data,
        )


class EndForm(Form):
    """The last day of something."""

    last_day = DayField("Last day", [InputRequired("Enter the last day")])


def named_with(name: str, standing: str | None) -> str:
    """A colleague's name, with what is to be known before something is given to them."""
    return f"{name} ({standing})" if standing else name


class CaseloadForm(Form):
    """To whom everything goes that is not given to anybody else."""

    everything_to = SelectField("Give everything to", validate_choice=False)

    def offer(self, people: Iterable[Account], standing: Mapping[UUID, str]) -> CaseloadForm:
        """Offer these colleagues, each with what they hold or until when they are away."""
        named = [SelectChoice(str(each.id), named_with(each.name, standing.get(each.id))) for each in people]
        self.everything_to.choices = [SelectChoice("", "No one: only as chosen below"), *named]
        return self

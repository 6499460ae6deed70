"""The forms of the officers' pages; Flask-WTF adds the token to each.

They say what a field may hold before a service sees it. Nothing is chosen from a form that is
not checked again where it is used.
"""

from typing import Final

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from cases.kinds import Role
from journalist_app.services.roles import OFFICERS_ROLES, spell_duties

CONSENT_FIELDS: Final = ("name", "contact", "workplace", "everything that they wrote")
"""What a body can be allowed to learn of a source, as the source reads it."""


class SignInForm(FlaskForm):
    """Name, passphrase, six-digit code."""

    officer = StringField(
        "Officer", [DataRequired("Type your name."), Length(max=100, message="Type your name alone.")]
    )
    passphrase = PasswordField(
        "Passphrase",
        [DataRequired("Type your seven words."), Length(max=200, message="Type your seven words alone.")],
    )
    code = StringField(
        "Six-digit code",
        [
            DataRequired("Type the code that is shown now."),
            Length(max=20, message="Type the six digits alone."),
        ],
    )


class StickForm(FlaskForm):
    """Which stick, where there is a choice, and the server key that a person accepted."""

    stick = StringField("Stick", [Optional(), Length(max=4096)])
    accept_server = StringField("Accepted server", [Optional(), Length(max=64)])


class CopyForm(FlaskForm):
    """Which medium a copy of the key file goes to, and for a new copy what it is called."""

    medium = StringField("Medium")
    label = StringField("Which stick it is, and where it is kept")


class BackupForm(FlaskForm):
    """Which medium a backup goes to, or which backup on it is read back."""

    medium = StringField("Medium")
    name = StringField("Backup")


class DestroyForm(FlaskForm):
    """Through which week, and how many lost reports the page named."""

    through = IntegerField("Week", [InputRequired("Choose a week.")])
    lost = IntegerField("Lost", [Optional()])


class ClockForm(FlaskForm):
    """The day that it is, as the officer read it elsewhere."""

    today = StringField("Today's date, as 2026-11-22")


class PersonForm(FlaskForm):
    """An officer's name and roles."""

    name = StringField("Name", [Optional(), Length(max=100)])
    roles = SelectMultipleField(
        "Roles",
        choices={role.value: spell_duties(role) for role in OFFICERS_ROLES},
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def chosen_roles(self) -> frozenset[Role]:
        """The roles that were chosen, of those that there are."""
        chosen = set(self.roles.data or ())
        return frozenset(role for role in OFFICERS_ROLES if role.value in chosen)


class SuccessorForm(FlaskForm):
    """Who becomes an administrator in place of the last one."""

    successor = StringField("Administrator from now on", [Optional(), Length(max=40)])


class CodeForm(FlaskForm):
    """The code of a phone that is new."""

    code = StringField("Six-digit code of the new phone", [DataRequired(), Length(max=20)])


class ReplyForm(FlaskForm):
    """An answer to a source."""

    text = TextAreaField(
        "Answer",
        [
            DataRequired("Write what the source should read."),
            Length(max=70_000, message="This answer is too long. Send it in parts."),
        ],
    )
    about = IntegerField("It tells of", [Optional()])
    stage = StringField("Stage", [DataRequired("Choose a stage."), Length(max=40)])
    due_on = DateField("They hear next by", [Optional()])
    may_read = BooleanField("Ask them to say “I have read this”")
    may_object = BooleanField("Let them object")
    consent_body = StringField("Ask for consent: who would learn it", [Optional(), Length(max=200)])
    consent_fields = SelectMultipleField(
        "What they would learn",
        choices=dict(zip(CONSENT_FIELDS, CONSENT_FIELDS, strict=True)),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

"""The forms of the public site: their fields, and the token that Flask-WTF puts into each.

The two forms with files are only drawn from here; what arrives from them is read by
`source_app.multipart`, field by field. The small ones are read and checked by Flask-WTF.
"""

from flask_wtf import FlaskForm
from wtforms import HiddenField, MultipleFileField, StringField, TextAreaField


class SendForm(FlaskForm):
    """A text and files. The order of the fields is the order in which they must arrive."""

    upload_id = HiddenField()
    message = TextAreaField()
    files = MultipleFileField()


class ReturnForm(FlaskForm):
    """The codename."""

    codename = StringField()


class CheckForm(FlaskForm):
    """Two words of the codename."""

    first = StringField()
    second = StringField()


class LeaveForm(FlaskForm):
    """A button. `sure` is there once the page has asked about a codename that was not checked."""

    sure = HiddenField()

"""What is pressed on the pages of the report upwards."""

from django import forms


class AgainForm(forms.Form):
    """`entry`: one thing; without it all that were rejected. `key` makes a second press the same deed."""

    key = forms.UUIDField()
    entry = forms.UUIDField(required=False)

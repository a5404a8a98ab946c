"""Show in a form what a typed text may mean, so that one tap chooses (``components/choices.html``)."""

from django.forms import Form

from portal.errors import Ambiguous, DomainError

# Fields that name one record each, by the code of the refusal.
FIELD_OF = {"ambiguous_person": "person", "ambiguous_equipment": "equipment", "ambiguous_position": "position"}


def offer_choices(form: Form, error: DomainError, field: str = "") -> None:
    """Offer the candidates of an ambiguous text at its field; other refusals offer none.

    Args:
        field: name of the field; by default the one named after what is ambiguous.
    """
    name = field or FIELD_OF.get(error.code, "")
    if isinstance(error, Ambiguous) and name in form.fields:
        vars(form.fields[name])["candidates"] = error.candidates


def refuse_typed(form: Form, field: str, error: DomainError) -> None:
    """Put a refusal at the field of a bound form, with the choices there are."""
    form.add_error(field, str(error))
    offer_choices(form, error, field)

"""Places of training as records, their names, and the key under which two spellings are one place."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.enums import PlaceKind
from portal.typed import plain

# Full-width letters, digits and the ideographic space as an input method types them; brackets and commas stay.
_FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FULL_WIDTH[0x3000] = 0x20


def tidy_place(name: str) -> str:
    """Return the name of a place as it is kept: plain letters and digits, single spaces, none around."""
    return " ".join(name.translate(_FULL_WIDTH).split())


def place_key(name: str) -> str:
    """Return what two spellings of one place share: any width, letter case and hyphen, nothing unseen, no spaces."""
    before, key = None, name
    # Where a space goes, a mark may join the letter before it; where a letter is folded, another may follow.
    while key != before:
        before, key = key, "".join(plain(key).casefold().split())
    return key


class PlaceKeyField(models.CharField):
    """The key of the place in another field of the record, filled whenever the record is saved.

    Args:
        of: name of the field with the place.
    """

    def __init__(self, *args: Any, of: str = "place", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return the arguments for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the key, cut to the length of the column."""
        key = place_key(getattr(model_instance, self.of))[: self.max_length]
        setattr(model_instance, self.attname, key)
        return key


class Place(models.Model):
    """A room of the network or a customer's site, under one name shown and any number of others."""

    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=8, choices=PlaceKind.choices, default=PlaceKind.ROOM)
    organisation = models.ForeignKey(
        "portal.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_places",
        verbose_name=_("belongs to"),
        help_text=_("The outlet that has the room, or the customer; empty for what everybody uses."),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("people it holds"), null=True, blank=True, help_text=_("Empty if nobody counted.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    audited_rows = ("names",)

    class Meta:
        verbose_name = _("place of training")
        verbose_name_plural = _("places of training")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                name="place_holds_somebody",
                violation_error_message=_("A place holds at least one person; leave it empty if nobody counted."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("courses:place", args=[self.pk])

    @property
    def other_names(self) -> list[str]:
        """The names beside the one shown; ``names`` should be loaded."""
        own = place_key(self.name)
        return [row.name for row in self.names.all() if row.key != own]


class PlaceName(models.Model):
    """A name of a place, the one shown included: one key is one place, whoever spells it."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=160)
    key = PlaceKeyField(max_length=160, of="name", unique=True, editable=False)

    class Meta:
        verbose_name = _("name of a place")
        verbose_name_plural = _("names of places")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

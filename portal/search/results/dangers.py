"""What to do at once about the dangers that a query tells of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.search.query.dangers import dangers_in

#: Banners above the results; more would hide them.
MAX_BANNERS = 2


@dataclass(frozen=True, slots=True)
class FirstAid:
    """What to do about a danger: its name, and the steps in order."""

    title: str | Promise
    steps: tuple[str | Promise, ...]


_POWER_OFF = _("Switch off at the main switch if it can be reached safely.")
_RESCUE = _("Is somebody hurt or unwell, call the emergency number 120.")
FIRST_AID = {
    "gas": FirstAid(
        _("Smell of gas or leaking gas"),
        (
            _("Close the gas valve and the main valve."),
            _("Open doors and windows; let the air through."),
            _("Touch no switch, plug or lamp, light nothing, use no telephone in the room."),
            _("Everybody outside; from there call the hotline and the gas company."),
        ),
    ),
    "carbon_monoxide": FirstAid(
        _("Carbon monoxide"),
        (
            _("Everybody into the open air at once; open doors and windows."),
            _("Close the gas valve; put out every burner."),
            _RESCUE,
        ),
    ),
    "electric": FirstAid(
        _("Electric shock or live housing"),
        (
            _("Do not touch the machine, nor anybody who hangs on it."),
            _POWER_OFF,
            _RESCUE,
            _("Nobody uses the machine until a certified electrician has measured it."),
        ),
    ),
    "fire": FirstAid(
        _("Fire or smoke"),
        (
            _("Everybody outside; call the fire brigade 119."),
            _POWER_OFF,
            _("Close the gas valve if it can be reached safely."),
            _("No water on electrical equipment or burning oil; a lid, a fire blanket or a dry powder extinguisher."),
        ),
    ),
    "ammonia": FirstAid(
        _("Leaking ammonia"),
        (
            _("Everybody out, across the wind and upwards; wet cloth before mouth and nose."),
            _("Nobody goes back in without breathing apparatus."),
            _("Call the fire brigade 119 and the hotline."),
        ),
    ),
    "refrigerant": FirstAid(
        _("Leaking refrigerant"),
        (
            _("Open doors and windows; leave small rooms and cold rooms."),
            _("No open flame; liquid refrigerant freezes the skin."),
            _("Switch the machine off; only certified refrigeration workers open the circuit."),
        ),
    ),
    "scald": FirstAid(
        _("Burns and scalds"),
        (
            _("Cool the burn under running tap water for at least fifteen minutes."),
            _("Open no blisters, put on no ointment, toothpaste or ice."),
            _POWER_OFF,
            _RESCUE,
        ),
    ),
    "injury": FirstAid(
        _("Somebody caught, trapped or hurt"),
        (
            _("Press the emergency stop and switch off at the main switch."),
            _("Do not turn the machine back or pull; do not force lift doors open."),
            _RESCUE,
        ),
    ),
}


def first_aid(query: str) -> list[FirstAid]:
    """Return what to do about the dangers a query tells of, the most urgent first."""
    return [FIRST_AID[danger.code] for danger in dangers_in(query)][:MAX_BANNERS]

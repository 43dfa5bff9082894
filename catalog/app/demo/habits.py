"""What the people of the demo studio look for again and again, and what they record of assets besides.

Both come before the assets: so everything that a search finds later is news to whoever keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from catalog.app.demo.bringing import voices
from catalog.client import Client
from catalog.client.words import FieldType


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A search that somebody keeps."""

    by: str
    title: str
    query: str
    shared: bool = False


class Recorded(TypedDict, total=False):
    """Values of the custom fields."""

    vendor: str
    weight_kg: float


SOUGHT = (
    Sought(by="mira", title="Materials for the market", query="q=market+OR+harbor&kind=material"),
    Sought(by="jonas", title="Characters to review", query="kind=creature&kind=digital_double", shared=True),
    Sought(by="tdbot", title="Vehicles", query="kind=vehicle"),
    Sought(by="clio", title="People whose likeness we hold", query="kind=digital_double"),
)

FIELDS: tuple[tuple[str, FieldType, str, str, str | None], ...] = (
    ("vendor", "exact", "Vendor", "供应商", None),
    ("weight_kg", "number", "Weight", "重量", "kg"),
)

RECORDED: Mapping[str, Recorded] = {
    "prp_crateMarket": {"vendor": "In house", "weight_kg": 18},
    "prp_teapotCeladon": {"vendor": "Pier Nine Scans", "weight_kg": 0.9},
    "prp_barrelFish": {"vendor": "In house", "weight_kg": 42},
    "prp_bollardMooring": {"vendor": "Pier Nine Scans", "weight_kg": 320},
    "prp_hydrantRed": {"vendor": "Pier Nine Scans", "weight_kg": 95},
    "prp_anchorOld": {"vendor": "Pier Nine Scans", "weight_kg": 760},
    "veh_trikeNoodle": {"vendor": "In house", "weight_kg": 140},
    "veh_droneParcel": {"vendor": "Small Rotors", "weight_kg": 6.5},
}


def enter_fields(client: Client) -> None:
    """Define what is recorded of assets; safe to run again."""
    there = {field.name for field in client.fields.list()}
    for name, type_, label, label_zh, unit in FIELDS:
        if name not in there:
            client.fields.define(name=name, type=type_, label=label, label_zh=label_zh, unit=unit)


def enter_searches(client: Client) -> None:
    """Keep the searches that are not kept yet, each in its owner's name; safe to run again."""
    with voices(client, {sought.by for sought in SOUGHT}) as speaking:
        for sought in SOUGHT:
            voice = speaking[sought.by]
            if all(one.title != sought.title for one in voice.searches.list(whose="mine")):
                voice.searches.create(title=sought.title, query=sought.query, shared=sought.shared)

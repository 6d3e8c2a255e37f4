"""The floor: the special-equipment grade by hand, a plain if-chain over a dict of complete facts. Nothing can be much faster in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def grade(f: Mapping[str, Any]) -> str | None:
    """I, II, III, IV or None, by 附件2 of 朔政办发〔2020〕58号."""
    deaths = f["deaths"]
    injuries = f["serious_injuries"]
    loss = f["direct_economic_loss"]
    evacuees = f["toxic_leak_evacuees"]
    explosion = f["boiler_explosion"]
    large = f["boiler_capacity"] >= 600
    ropeway = f["ropeway_stranding_duration"]
    ride = f["ride_stranding_duration"]
    if deaths >= 30 or injuries >= 100 or loss >= 100_000_000 or (explosion and large) or evacuees >= 150_000:
        return "I"
    many = f["ropeway_stranded"] >= 100
    crowd = f["ride_stranded"] >= 100
    if (many and ropeway >= 48) or (crowd and ride >= 48):
        return "I"
    if (
        deaths >= 10
        or injuries >= 50
        or loss >= 50_000_000
        or (large and f["boiler_outage_duration"] >= 240)
        or evacuees >= 50_000
    ):
        return "II"
    if (many and ropeway >= 24) or (crowd and ride >= 24):
        return "II"
    if deaths >= 3 or injuries >= 10 or loss >= 10_000_000 or explosion or evacuees >= 10_000 or ropeway >= 12 or ride >= 12:
        return "III"
    if f["pressure_vessel_explosion"] or f["pressure_pipeline_explosion"] or f["crane_overturn"]:
        return "III"
    if (
        deaths >= 1
        or injuries > 0
        or loss >= 10_000
        or evacuees >= 500
        or f["elevator_entrapment_duration"] >= 2
        or ropeway >= 3.5
        or ride >= 1
    ):
        return "IV"
    if f["crane_structure_fracture"] or f["crane_hoist_fall"]:
        return "IV"
    return None

"""Time zones by offset, country and language, where a site does not name its own."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH

_COUNTRY_OF_LANGUAGE = {
    "it": "IT",
    "de": "DE",
    "fr": "FR",
    "el": "GR",
    "nl": "NL",
    "pl": "PL",
    "cs": "CZ",
    "sk": "SK",
    "hu": "HU",
    "ro": "RO",
    "bg": "BG",
    "hr": "HR",
    "sl": "SI",
    "sv": "SE",
    "da": "DK",
    "fi": "FI",
    "no": "NO",
    "nb": "NO",
    "ja": "JP",
    "ko": "KR",
    "tr": "TR",
    "he": "IL",
    "sq": "AL",
    "mt": "MT",
}
"""Languages most of whose newspapers are published in one country."""
_MAIN_ZONE = {"ES": "Europe/Madrid", "DE": "Europe/Berlin", "PT": "Europe/Lisbon"}
"""Of countries with further zones in which hardly anybody lives."""


def zone_of_region(region: str, language: str) -> str:
    """Return the time zone of a country; empty if it has several, or is not known.

    Args:
        region: ISO 3166 code, or empty.
        language: BCP 47 primary subtag, whose usual country is assumed where `region` is empty.

    >>> zone_of_region("GB", "en"), zone_of_region("", "fr"), zone_of_region("US", "en")
    ('Europe/London', 'Europe/Paris', '')
    """
    country = region or _COUNTRY_OF_LANGUAGE.get(language, "")
    if country in _MAIN_ZONE:
        return _MAIN_ZONE[country]
    zones = _zones().get(country, [])
    return zones[0] if len(zones) == 1 else ""


def zone_of_offset(hours: object) -> str:
    """Return the zone with a fixed offset from UTC, which WordPress states as a number of hours.

    Empty if there is none, as for half hours.

    >>> zone_of_offset(1), zone_of_offset("-5"), zone_of_offset(5.5), zone_of_offset(0)
    ('Etc/GMT-1', 'Etc/GMT+5', '', '')
    """
    try:
        value = float(hours) if isinstance(hours, int | float | str) else 0.0
    except ValueError:
        return ""
    # 0 is also what is stated by a site whose owner never chose a zone.
    if not value or value != int(value) or not -12 <= value <= 14:
        return ""
    # The signs are those of POSIX.
    return f"Etc/GMT{-int(value):+d}"


@cache
def _zones() -> dict[str, list[str]]:
    """Return ISO 3166 code to its time zones, from the time zone database's own table."""
    zones: dict[str, list[str]] = {}
    for line in _table().splitlines():
        if line and not line.startswith("#"):
            country, _, name, *_ = line.split("\t")
            zones.setdefault(country, []).append(name)
    return zones


def _table() -> str:
    for folder in TZPATH:
        try:
            return (Path(folder) / "zone.tab").read_text(encoding="utf-8")
        except OSError:
            continue
    try:
        return (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    except (ModuleNotFoundError, OSError):
        return ""

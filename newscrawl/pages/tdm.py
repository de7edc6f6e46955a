"""Reads reservations of text and data mining (TDMRep, W3C Community Group)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newscrawl.items import Rights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.pages.structured import Meta

WELL_KNOWN = "/.well-known/tdmrep.json"
_MAX_RULES = 1_000
_MAX_LENGTH = 2_000
_RESERVED: dict[int | str, bool] = {1: True, 0: False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class _Rule:
    pieces: tuple[str, ...]
    """Text between the wildcards of the location."""
    is_anchored: bool
    reserved: bool | None
    policy: str | None

    def matches(self, path: str) -> bool:
        """Return whether the location matches `path`, in linear time for any wildcards."""
        first, *rest = self.pieces
        if not path.startswith(first):
            return False
        if not rest:
            return not self.is_anchored or path == first
        position = len(first)
        for piece in rest[:-1]:
            index = path.find(piece, position)
            if index < 0:
                return False
            position = index + len(piece)
        if self.is_anchored:
            return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= position
        return path.find(rest[-1], position) >= 0


class Reservations:
    """The rules of a site's tdmrep.json; the first whose location matches a path counts."""

    def __init__(self, rules: tuple[_Rule, ...] = ()) -> None:
        self._rules = rules

    @classmethod
    def parse(cls, text: str) -> Reservations:
        """Return the rules of a tdmrep.json, none for any other text.

        >>> reservations = Reservations.parse('[{"location": "/esteri/*", "tdm-reservation": 1}]')
        >>> reservations.lookup("https://www.example.it/esteri/x-y/")
        (True, None)
        """
        try:
            entries = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(entries, list):
            return cls()
        return cls(tuple(rule for entry in entries[:_MAX_RULES] if (rule := _rule(entry))))

    def lookup(self, url: str) -> tuple[bool | None, str | None]:
        """Return (reserved, policy) for the page at `url`."""
        path = urlsplit(url).path or "/"
        for rule in self._rules:
            if rule.matches(path):
                return rule.reserved, rule.policy
        return None, None

    def complete(self, rights: Rights, url: str) -> None:
        """Fill what the page and its response do not state."""
        reserved, policy = self.lookup(url)
        if rights.tdm_reserved is None:
            rights.tdm_reserved = reserved
        if rights.tdm_policy is None:
            rights.tdm_policy = policy


def _rule(entry: Any) -> _Rule | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("location"), str):
        return None
    location = entry["location"][:_MAX_LENGTH]
    pieces = tuple(location.removesuffix("$").split("*"))
    stated, policy = entry.get("tdm-reservation"), entry.get("tdm-policy")
    return _Rule(
        pieces,
        location.endswith("$"),
        _RESERVED.get(stated) if isinstance(stated, (int, str)) else None,
        policy if isinstance(policy, str) and policy else None,
    )


def stated_rights(headers: Mapping[str, str], meta: Meta) -> Rights:
    """Return what a page and its response reserve; the response has priority.

    Args:
        headers: of the response, names in lower case.
        meta: the page's meta elements.
    """
    reserved = headers.get("tdm-reservation") or meta.first("tdm-reservation")
    return Rights(
        tdm_reserved={"1": True, "0": False}.get((reserved or "").strip()),
        tdm_policy=headers.get("tdm-policy") or meta.first("tdm-policy"),
        robots=meta.first("robots") or headers.get("x-robots-tag"),
    )

"""Separates the two dates of one label: "4 Luglio 2026 - Updated on 16 Luglio 2026"."""

from __future__ import annotations

import re

_MARKER = re.compile(
    r"(?<!\w)(?:(?:last\s++)?(?:upd\.|updated?|modified|edited)"
    r"|(?:ult(?:imo|\.)\s*+)?(?:aggiornamento|agg\.(?:to)?|agg(?=:)|aggiorn\.)"
    r"|ult(?:ima|\.)\s*+(?:modifica|revisione)(?:\s++effettuata)?|modifica(?=:)"
    r"|aggiornat[oa]|modificat[oa]|rivist[oa]|revisionat[oa])(?![^\W\d])"
    r"[\s:]*+(?:(?:on|il|del|al)(?!\w))?[\s:]*+",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?<!\w)(?:published|pubbl\.|pubblicat[oa]|pubblicazione)(?!\w)", re.IGNORECASE
)
_LABEL = re.compile(
    r"[\W_]*(?:(?:data|ora)(?:\s++(?:e\s++ora\s++)?d(?:i|ell['’]))?[\W_]*)?+", re.IGNORECASE
)
"""Before the marker of an update that comes first: nothing, or "Data di"."""
_BETWEEN = "-–—|•·,;/(" + "".join(filter(str.isspace, map(chr, range(0x3001))))


def split_updated(text: str) -> tuple[str, str | None]:
    """Return the published and the modified part of a date label; the latter may be None.

    The theme prints "<published> - Updated on <modified>" and does not translate it; other
    labels say "Aggiornato il", "Ultimo aggiornamento", "Modificato il". Both parts are
    stripped. A label that names only the modification gives an empty published part.

    >>> split_updated("4 Luglio 2026 - Updated on 16 Luglio 2026")
    ('4 Luglio 2026', '16 Luglio 2026')
    >>> split_updated("28 ottobre 2025 (aggiornato il 3 novembre 2025)")
    ('28 ottobre 2025', '3 novembre 2025')
    >>> split_updated("28 Ottobre 2025")
    ('28 Ottobre 2025', None)
    """
    marker = _MARKER.search(text)
    if marker is None:
        return text.strip(), None
    published, modified = text[: marker.start()], text[marker.end() :]
    if _LABEL.fullmatch(published) and (later := _PUBLISHED.search(modified)):
        published, modified = modified[later.start() :], modified[: later.start()]
    if published.rstrip().endswith("("):
        modified = modified.rstrip().removesuffix(")")
    return published.strip().rstrip(_BETWEEN), modified.strip().rstrip(_BETWEEN) or None

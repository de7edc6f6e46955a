"""Words before a number that say whether it is a day, an hour, or counts something."""

from __future__ import annotations

NUMBER_LABELS = (
    "tel", "telefono", "cell", "cellulare", "fax", "n", "nr", "num", "numero", "id", "cod",
    "codice", "prot", "protocollo", "ordine", "pratica", "€", "euro", "#",
)  # fmt: skip
VERSION_LABELS = (
    "v", "ver", "version", "versione", "release", "rev", "build", "ip", "ios", "macos", "android",
    "windows", "php", "top", "art",
)  # fmt: skip
NOT_DAY_LABELS = (
    "ore", "h", "alle", "dalle", "delle", "all", "n", "nr", "no", "num", "numero", "number", "vol",
    "volume", "anno", "pag", "pagina", "page", "p", "pp", "capitolo", "cap", "puntata", "episodio",
    "episode", "parte", "part", "edizione", "issue", "fascicolo", "giornata", "turno", "stagione",
    "sezione", "uscita", "foto", "tappa", "legge", "art", "articolo", "fase", "#", "week",
    "settimana", "canale", "rete", "rai", "tg", "la", "italia", "radio", "formula", "serie",
    "gruppo", "girone", "round", "lotto", "zona", "livello",
)  # fmt: skip
"""Words before a number that is an hour or counts something, not a day."""
LETTERED = frozenset({"serie", "gruppo", "girone", "lotto", "zona", "fascia", "classe"})
"""Words before a letter: "Serie B 2 - 28 ottobre"."""
INTRODUCTIONS = frozenset(
    [
        "il",
        "del",
        "dal",
        "al",
        "on",
        "data",
        "giorno",
        "pubblicato",
        "pubblicata",
        "published",
        "aggiornato",
        "aggiornata",
        "updated",
        "addi",
    ]
)

"""Recognises lines that only invite the reader to a channel, a network or a newsletter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.items import Link

_VERBS = frozenset(
    {
        "abbonati", "aggiungi", "aggiungici", "clicca", "condividi", "entra", "follow",
        "iscrivetevi", "iscriviti", "join", "metti", "resta", "ricevi", "rimani", "segui",
        "seguici", "seguite", "seguiteci", "subscribe", "unisciti", "unitevi",
    }
)  # fmt: skip
_PLACES = frozenset(
    {
        "bluesky", "facebook", "google", "instagram", "linkedin", "newsletter", "social",
        "telegram", "threads", "tiktok", "twitter", "whatsapp", "x", "youtube",
    }
)  # fmt: skip
_OTHER_WORDS = frozenset(
    {
        "a", "account", "ad", "aggiornamenti", "aggiornata", "aggiornati", "aggiornato", "ai",
        "al", "alla", "alle", "anche", "articolo", "canale", "canali", "channel", "community",
        "con", "d", "da", "de", "dei", "del", "della", "delle", "di", "e", "ed", "email",
        "entrare", "essere", "fonti", "giorno", "gli", "gratis", "gratuita", "gratuitamente",
        "gratuito", "gruppo", "i", "il", "in", "iscriverti", "l", "la", "le", "like", "lo", "mail",
        "mattina", "mi", "migliori", "nei", "nel", "nella", "nelle", "news", "non", "nostra",
        "nostre", "nostri", "nostro", "notizie", "nuovo", "o", "ogni", "on", "our", "pagina",
        "pagine", "per", "perdere", "perderti", "piace", "preferite", "profili", "profilo",
        "questa", "questo", "qui", "quotidiana", "reale", "restare", "ricevere", "rimanere",
        "seguirci", "seguire", "sempre", "sera", "settimana", "settimanale", "su", "sui", "sul",
        "sulla", "sulle", "tempo", "the", "tra", "tue", "tutte", "tutti", "tutto", "ufficiale",
        "ufficiali", "ultime", "un", "una", "unirti", "us", "via", "your",
    }
)  # fmt: skip
_WORDS = _VERBS | _PLACES | _OTHER_WORDS
_FIRST_WORDS = _VERBS | {"per", "non", "vuoi"}
_WORD = re.compile(r"[^\W_]+")
_MAX_LENGTH = 160


def is_invitation(text: str, links: Sequence[Link]) -> bool:
    """Return whether a line with a link has no words but those of an invitation, and names.

    >>> from newscrawl.items import Link
    >>> link = Link("https://t.me/ilfaro", "canale Telegram")
    >>> is_invitation("Iscriviti al nostro canale Telegram", [link])
    True
    >>> is_invitation("Iscriviti al canale Telegram, dice il sindaco", [link])
    False
    """
    if not links or len(text) > _MAX_LENGTH:
        return False
    words = _WORD.findall(text)
    folded = [word.casefold() for word in words]
    if not folded or folded[0] not in _FIRST_WORDS:
        return False
    if _VERBS.isdisjoint(folded) or _PLACES.isdisjoint(folded):
        return False
    return all(
        word[0].isupper() or known in _WORDS for word, known in zip(words, folded, strict=True)
    )

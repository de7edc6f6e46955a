"""Recognises lines that only invite the reader to a channel, a network or a newsletter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.items import Link

_VERBS = frozenset(
    {
        "abbonati", "aggiungi", "aggiungici", "attiva", "clicca", "cliccando", "condividi", "entra",
        "follow", "imposta", "iscrivetevi", "iscriviti", "join", "metti", "resta", "ricevi",
        "rimani", "scegli", "segui", "seguici", "seguite", "seguiteci", "subscribe", "unisciti",
        "unitevi",
    }
)  # fmt: skip
_PLACES = frozenset(
    {
        "bluesky", "discover", "facebook", "google", "instagram", "linkedin", "newsletter",
        "social", "telegram", "threads", "tiktok", "twitter", "whatsapp", "x", "youtube",
    }
)  # fmt: skip
_OTHER_WORDS = frozenset(
    {
        "a", "account", "ad", "aggiornamenti", "aggiornata", "aggiornati", "aggiornato", "ai", "al",
        "alla", "alle", "anche", "articolo", "canale", "canali", "channel", "come", "community",
        "con", "d", "da", "de", "dei", "del", "della", "delle", "di", "e", "ed", "email", "entrare",
        "essere", "fonte", "fonti", "giorno", "gli", "gratis", "gratuita", "gratuitamente",
        "gratuito", "gruppo", "i", "il", "in", "iscriverti", "l", "la", "le", "like", "lo", "mail",
        "mattina", "mi", "migliori", "nei", "nel", "nella", "nelle", "news", "non", "nostra",
        "nostre", "nostri", "nostro", "notizie", "nuovo", "o", "ogni", "on", "our", "pagina",
        "pagine", "per", "perdere", "perderti", "piace", "preferita", "preferite", "profili",
        "profilo", "questa", "questo", "qui", "quotidiana", "reale", "restare", "ricevere",
        "rimanere", "seguirci", "seguire", "sempre", "sera", "settimana", "settimanale", "su",
        "sui", "sul", "sulla", "sulle", "tempo", "the", "tra", "tue", "tutte", "tutti", "tutto",
        "ufficiale", "ufficiali", "ultime", "un", "una", "unirti", "us", "via", "your",
    }
)  # fmt: skip
_WORDS = _VERBS | _PLACES | _OTHER_WORDS
_OWN_WORDS = frozenset(
    {"aggiungici", "nostra", "nostre", "nostri", "nostro", "seguici", "seguiteci"}
)
"""Words that say without a link that the channel is the publisher's."""
_GIVING_VERBS = frozenset({"dona", "scarica", "sostieni", "sostienici", "supporta", "supportaci"})
_GIVEN = frozenset(
    {
        "android", "app", "applicazione", "caffè", "contributo", "donazione", "editoria",
        "giornale", "giornalismo", "informazione", "ios", "lavoro", "paypal", "redazione",
    }
)  # fmt: skip
_GIVING_WORDS = (
    _GIVING_VERBS | _GIVEN | {"indipendente", "libera", "libero", "oggi", "ora", "piccola"}
)
_OWN_CAUSES = frozenset({"giornalismo", "informazione", "redazione", "sostienici", "supportaci"})
_FIRST_WORDS = _VERBS | {"per", "non", "vuoi"}
_OPENING = _FIRST_WORDS | _GIVING_VERBS
_WORD = re.compile(r"[^\W_]+")
_SHARING = re.compile(
    r"//(?:[\w-]+\.)?(?:facebook\.com/(?:sharer|share\.php|dialog/share)"
    r"|(?:twitter|x)\.com/(?:intent(?!/(?:user|follow))|share)|wa\.me/\?|whatsapp\.com/send|t\.me/share"
    r"|linkedin\.com/(?:share|cws)|pinterest\.\w+/pin/create)",
    re.IGNORECASE,
)
"""Addresses of forms that share a page."""
MAX_LENGTH = 160
"""Characters of the longest invitation."""


def is_share_bar(links: Sequence[Link]) -> bool:
    """Return whether links only share the page on social networks.

    >>> from newscrawl.items import Link
    >>> is_share_bar([Link("https://wa.me/?text=x", "WhatsApp")])
    True
    """
    return all(_SHARING.search(link.url) for link in links)


def _invites(folded: list[str]) -> bool:
    return not (_VERBS.isdisjoint(folded) or _PLACES.isdisjoint(folded))


def is_invitation(text: str, links: Sequence[Link]) -> bool:
    """Return whether a line has no words but those of an invitation, and names.

    Without a link it says that the channel is the publisher's.

    >>> from newscrawl.items import Link
    >>> link = Link("https://t.me/ilfaro", "canale Telegram")
    >>> is_invitation("Iscriviti al nostro canale Telegram", [link])
    True
    >>> is_invitation("Iscriviti al canale Telegram, dice il sindaco", [link])
    False
    >>> is_invitation("Seguici su Facebook", []), is_invitation("Segui Meta su Facebook", [])
    (True, False)
    """
    first = _WORD.search(text)
    if len(text) > MAX_LENGTH or first is None or first[0].casefold() not in _OPENING:
        return False
    words = _WORD.findall(text)
    folded = [word.casefold() for word in words]
    known = _WORDS
    if folded[0] in _GIVING_VERBS:
        # Others have apps and ask for donations, too.
        if _GIVEN.isdisjoint(folded) or (_OWN_WORDS | _OWN_CAUSES).isdisjoint(folded) or not links:
            return False
        known = _WORDS | _GIVING_WORDS
    elif not _invites(folded) or not (links or _OWN_WORDS.intersection(folded)):
        return False
    return all(
        word[0].isupper() or other in known for word, other in zip(words, folded, strict=True)
    )

"""The posts that every twin has, whatever its size: each trap at least once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from twin.dating import ROME


@dataclass(frozen=True, slots=True)
class Special:
    """A post that is always there; `changes` replace what the generator would have made."""

    when: datetime
    section: str
    traps: frozenset[str]
    changes: dict[str, Any] = field(default_factory=dict)
    same_text_as: int | None = None
    """Number of the special post whose text this one repeats."""


def _special(when: str, section: str, traps: str, *, fold: int = 0, **changes: Any) -> Special:
    moment = datetime.fromisoformat(when).replace(tzinfo=ROME, fold=fold)
    same = changes.pop("same_text_as", None)
    return Special(moment, section, frozenset(traps.split()), changes, same)


_TWINS = "Bilancio comunale, il consiglio rinvia il voto"
_LONG = (
    "Autostrade, ferrovie, porti e aeroporti: il documento di trecento pagine che il comitato per"
    " le opere pubbliche ha consegnato dopo undici mesi di audizioni, con l’elenco completo dei"
    " cantieri, le scadenze di ciascuno, i costi aggiornati, le penali, i nomi dei responsabili e"
    " le osservazioni delle amministrazioni locali che avevano chiesto di essere ascoltate prima"
    " della firma definitiva"
)

SPECIALS: tuple[Special, ...] = (
    _special("2025-10-28T14:30:00", "esteri", "accord dateline caption-credit"),
    _special(
        "2026-11-20T10:12:41", "politica", "multi-category other-url-category caption-pipe lists",
        categories=("politica", "cronaca"), url_category="cronaca",
    ),
    _special("2026-11-22T21:04:10", "calcio", "child-category coauthors-2 caption-credit quotes"),
    _special("2026-11-18T08:45:00", "economia", "coauthors-3 tables caption-credit"),
    _special("2026-11-11T17:20:33", "cultura", "coauthors-4 quotes caption-slash"),
    _special("2026-10-30T12:00:05", "politica", "pages-2 caption-credit"),
    _special("2026-10-02T09:15:27", "cultura", "pages-3 body-images caption-only"),
    _special("2026-11-23T09:40:12", "video", "child-category video-youtube short-body"),
    _special("2026-11-19T19:31:50", "video", "child-category video-vimeo one-line"),
    _special("2026-11-16T22:58:03", "sport", "video-dailymotion"),
    _special("2026-11-14T13:22:18", "video", "child-category video-mp4 no-image house-notice"),
    _special("2026-11-09T16:05:44", "spettacoli", "video-iframe"),
    _special("2026-11-21T11:37:29", "spettacoli", "gallery"),
    _special("2026-11-17T07:50:00", "salute", "no-image no-subtitle lists"),
    _special(
        "2026-11-13T15:41:06", "tecnologia", "escaped-subtitle toc caption-foto",
        subtitle="Il <em>prototipo</em> supera le prove: costi & tempi del <b>progetto</b>",
    ),
    _special("2026-11-12T10:00:00", "politica", "protected caption-foto"),
    _special("2026-11-10T12:30:00", "economia", "sponsored free caption-only"),
    _special("2026-11-08T18:14:55", "tecnologia", "source-via outside-links caption-pipe"),
    _special("2026-11-07T06:59:30", "ambiente", "builder caption-credit"),
    _special("2026-11-06T20:20:20", "cronaca", "br-body single-br caption-foto"),
    _special("2026-11-05T11:11:11", "ambiente", "other-dateline ads caption-credit"),
    _special("2026-11-04T14:02:37", "cronaca", "many-dates caption-pipe"),
    _special("2026-10-14T09:30:00", "cronaca", "caption-credit read-also lists"),
    _special("2026-10-16T18:45:12", "cronaca", "duplicate caption-only", same_text_as=22),
    _special("2026-11-02T00:30:00", "esteri", "after-midnight dateline caption-credit"),
    _special("2026-07-15T01:30:00", "esteri", "late-utc caption-slash"),
    _special("2025-10-26T02:30:00", "cronaca", "dst-first caption-credit"),
    _special("2025-10-26T02:30:00", "sport", "dst-second caption-foto", fold=1),
    _special("2025-03-30T03:05:00", "economia", "dst-gap caption-pipe"),
    _special(
        "2026-10-28T16:16:16", "cultura", "title-entities caption-credit",
        title='Arte & mestieri: 3 < 5 & 5 > 3, l’officina riapre e l’insegna dice "e"',
    ),
    _special(
        "2026-10-27T12:48:09", "spettacoli", "title-quotes caption-pipe updated",
        title="“Non è un addio”: il regista dell'ultima 'prima' racconta l’«opera» in 3 atti",
    ),
    _special(
        "2026-10-26T08:08:08", "tecnologia", "title-emoji caption-credit",
        title="🚀 Il satellite degli studenti è in orbita: festa 👩‍🔬 in laboratorio 𝛑≈3,14",
    ),
    _special(
        "2026-10-25T13:13:13", "cronaca", "title-control caption-only",
        title="Ponte chiuso al traffico,\r\ni \x1b[31mlavori\x1b[0m\x07 fino alla\u2028primavera",
    ),
    _special(
        "2026-10-24T10:45:00", "economia", "title-formula caption-credit",
        title="=Zero: il costo del nuovo sportello per gli artigiani, spiegato voce per voce",
    ),
    _special("2026-10-23T19:00:00", "politica", "title-long caption-credit", title=_LONG),
    _special(
        "2026-10-22T07:30:00", "salute", "slug-digits lists caption-foto",
        title="10 domande sul sonno, le risposte dei medici: parte 2",
    ),
    _special(
        "2026-10-21T17:17:17", "ambiente", "slug-accents caption-credit",
        title="Perché la città è più verde: così i viali tornano all’ombra",
        slug="perch%c3%a9-la-citt%c3%a0-%c3%a8-pi%c3%b9-verde",
    ),
    _special("2026-09-14T10:20:00", "politica", "caption-credit", title=_TWINS),
    _special("2026-10-19T10:25:00", "politica", "slug-twin caption-pipe", title=_TWINS),
    _special(
        "2026-10-18T15:55:00", "tecnologia", "slug-video body-video caption-credit", title="Video",
    ),
    _special(
        "2026-10-17T09:09:09", "cultura", "tags-odd caption-slash",
        tags=(
            "Città d’arte", "Musei, mostre e fiere", "Libri & autori", 'Premio "Lanterna"',
            "Perché no?", "Žižkov", "São Paulo",
        ),
    ),
    _special("2026-10-15T11:40:00", "salute", "paid caption-only"),
    _special("2026-10-13T06:30:00", "esteri", "live tweets caption-credit"),
    _special("2026-10-12T21:45:00", "esteri", "failed-embed caption-foto utm-links"),
    _special("2026-10-11T23:10:00", "calcio", "child-category updated read-also caption-pipe"),
    _special("2026-10-10T10:10:10", "sport", "updated-same-day stars utm-links caption-credit"),
    _special("2026-10-09T08:20:00", "ambiente", "caption-none empty-paragraphs read-also"),
)  # fmt: skip

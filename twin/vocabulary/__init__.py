"""What each section writes about: one module a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.vocabulary import (
    ambiente,
    calcio,
    cronaca,
    cultura,
    economia,
    esteri,
    politica,
    salute,
    spettacoli,
    sport,
    tecnologia,
    video,
)

if TYPE_CHECKING:
    from twin.words import Vocabulary

VOCABULARIES: dict[str, Vocabulary] = {
    module.__name__.rpartition(".")[2]: module.VOCABULARY
    for module in (
        cronaca, politica, economia, esteri, sport, calcio, spettacoli, salute, tecnologia,
        cultura, ambiente, video,
    )
}  # fmt: skip
"""By slug of the section."""

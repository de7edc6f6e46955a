"""The spiders of Alanews: one per entry of its menu, and one for the whole site."""

from __future__ import annotations

from newscrawl.sites import ALANEWS
from newscrawl.spiders.section import SectionSpider


class AlanewsSectionSpider(SectionSpider):
    """Reads one section of Alanews, or all of it."""

    site = ALANEWS


class CronacaSpider(AlanewsSectionSpider):
    name = "cronaca"


class PoliticaSpider(AlanewsSectionSpider):
    name = "politica"


class EconomiaSpider(AlanewsSectionSpider):
    name = "economia"


class EsteriSpider(AlanewsSectionSpider):
    name = "esteri"


class SportSpider(AlanewsSectionSpider):
    name = "sport"


class CalcioSpider(AlanewsSectionSpider):
    name = "calcio"


class SpettacoliSpider(AlanewsSectionSpider):
    name = "spettacoli"


class SaluteSpider(AlanewsSectionSpider):
    name = "salute"


class TecnologiaSpider(AlanewsSectionSpider):
    name = "tecnologia"


class CulturaSpider(AlanewsSectionSpider):
    name = "cultura"


class AmbienteSpider(AlanewsSectionSpider):
    name = "ambiente"


class VideoSpider(AlanewsSectionSpider):
    name = "video"


class AlanewsSpider(AlanewsSectionSpider):
    """The whole site in one run, each article once."""

    name = "alanews"

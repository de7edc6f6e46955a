"""The spiders of Alanews: one per entry of its menu, and one for the whole site."""

from __future__ import annotations

from newscrawl.spiders.section import SectionSpider


class CronacaSpider(SectionSpider):
    name = "cronaca"


class PoliticaSpider(SectionSpider):
    name = "politica"


class EconomiaSpider(SectionSpider):
    name = "economia"


class EsteriSpider(SectionSpider):
    name = "esteri"


class SportSpider(SectionSpider):
    name = "sport"


class CalcioSpider(SectionSpider):
    name = "calcio"


class SpettacoliSpider(SectionSpider):
    name = "spettacoli"


class SaluteSpider(SectionSpider):
    name = "salute"


class TecnologiaSpider(SectionSpider):
    name = "tecnologia"


class CulturaSpider(SectionSpider):
    name = "cultura"


class AmbienteSpider(SectionSpider):
    name = "ambiente"


class VideoSpider(SectionSpider):
    name = "video"


class AlanewsSpider(SectionSpider):
    """The whole site in one run, each article once."""

    name = "alanews"

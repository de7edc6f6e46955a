"""What the date grammar reads, what it refuses, and what no text can do to it."""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.dates import ItalianDate, fallback, find_dateline, parse, split_updated
from newscrawl.dates.words import MONTHS, NUMBERS, SCAN, UNITS, WEEKDAYS
from tests.support.crawling import ROOT

NOW = datetime.fromisoformat("2026-11-23T15:00:00+01:00")
CASES = ROOT / "tests" / "data" / "dates.csv"
with CASES.open(encoding="utf-8", newline="") as lines:
    ROWS = [(row["text"], row["expected"], row["precision"]) for row in csv.DictReader(lines)]


def read(text: str, reference: datetime = NOW) -> str | None:
    found = parse(text, reference=reference)
    return found.isoformat() if found else None


@pytest.mark.parametrize(("text", "expected", "precision"), ROWS, ids=[row[0] for row in ROWS])
def test_case_of_the_table(text: str, expected: str, precision: str) -> None:
    found = parse(text, reference=NOW)
    if not expected:
        assert found is None
        return
    assert found is not None
    assert found.isoformat() == expected
    assert (found.precision == "day") == (precision == "day")


DAYS = {
    # The year in two digits.
    "28/10/25": "2025-10-28",
    "28.10.25": "2025-10-28",
    "3/4/25": "2025-04-03",
    "28/10/99": "1999-10-28",
    "28 ott 25": "2025-10-28",
    "28 ott. 25": "2025-10-28",
    "28 ott '25": "2025-10-28",
    "28 ottobre ’25": "2025-10-28",
    "28-ott-25": "2025-10-28",
    # The first of the month.
    "1° maggio 2025": "2025-05-01",
    "1°maggio 2025": "2025-05-01",
    "1 ° maggio 2025": "2025-05-01",
    "1º Maggio 2025": "2025-05-01",
    "1ª maggio 2025": "2025-05-01",
    "primo maggio 2025": "2025-05-01",
    "Primo Maggio": "2026-05-01",
    "il primo di novembre 2025": "2025-11-01",
    # Letters, spaces and signs as they come.
    "LUNEDÌ 19 GENNAIO 2026": "2026-01-19",
    "lunedi\u0300 19 gennaio 2026": "2026-01-19",
    "28\u00a0ottobre\u00a02025": "2025-10-28",
    "28\u202fottobre\t2025\r\n": "2025-10-28",
    "28\u200b ottobre\u00ad 2025": "2025-10-28",
    "28\x00 ottobre 2025": "2025-10-28",
    "28ottobre2025": "2025-10-28",
    "28-ottobre-2025": "2025-10-28",
    "28/ott/2025": "2025-10-28",
    "28. ottobre 2025": "2025-10-28",
    "28 Ott, 2025": "2025-10-28",
    "28 ottobre (2025)": "2025-10-28",
    "28 ottobre del 2025": "2025-10-28",
    "28 ottobre dell’anno 2025": "2025-10-28",
    "28 sett 2025": "2025-09-28",
    "28 genn. 2025": "2025-01-28",
    "28 / 10 / 2025": "2025-10-28",
    "28–10–2025": "2025-10-28",
    # Year first.
    "2026/09/12": "2026-09-12",
    "2025.10.28": "2025-10-28",
    "2025-1-5": "2025-01-05",
    "https://www.alanews.it/2026/09/12/esteri/titolo/": "2026-09-12",
    # English.
    "October 28, 2025": "2025-10-28",
    "October 28th, 2025": "2025-10-28",
    "28 October 2025": "2025-10-28",
    "28th of October 2025": "2025-10-28",
    "March 4, 2024": "2024-03-04",
    "mar 3, 2025": "2025-03-03",
    "Novembre 20, 2026": "2026-11-20",
    "Day: Novembre 20, 2026": "2026-11-20",
    # What stands around a date.
    "Pubblicato il 28 Ottobre 2025": "2025-10-28",
    "by Redazione 28 Ottobre 2025": "2025-10-28",
    "Tokyo, 28 ottobre 2025": "2025-10-28",
    "Aggiornato: 28 ottobre 2025": "2025-10-28",
    "Ultimo aggiornamento 28 ottobre 2025": "2025-10-28",
    "Redazione | 28 Ottobre 2025 | Esteri": "2025-10-28",
    "(28 ottobre 2025)": "2025-10-28",
    "l'8 marzo 2025": "2025-03-08",
    "28 ottobre 2025, 16 feriti": "2025-10-28",
    "16 feriti, 28 ottobre 2025": "2025-10-28",
    "Inter-Milan 3-1, 28 ottobre 2025": "2025-10-28",
    "28 ottobre 2025 12.50 euro": "2025-10-28",
    "28 ottobre 2025 10 e 30 feriti": "2025-10-28",
    "28 ottobre 2025, 14,30": "2025-10-28",
    "28 ottobre 2025 - 10.000 persone": "2025-10-28",
    # The first of several.
    "4 Luglio 2026 - Updated on 16 Luglio 2026": "2026-07-04",
    "04/07/2026 - Updated on 16/07/2026": "2026-07-04",
    "10-12 maggio 2025": "2025-05-10",
    "10 e 11 maggio 2025": "2025-05-10",
    "dal 10 al 12 maggio 2025": "2025-05-10",
    "dall’8 all’11 maggio 2025": "2025-05-08",
    "3 giorni fa - 28 ottobre 2025": "2026-11-20",
    "28 ottobre 2025, 3 giorni fa": "2025-10-28",
    # "Oggi" that only introduces the day beside it.
    "Oggi, 28 ottobre 2025": "2025-10-28",
    "Oggi è martedì 28 ottobre 2025": "2025-10-28",
    "Ieri, 28 ottobre 2025": "2025-10-28",
    # A missing year means the past.
    "23 novembre": "2026-11-23",
    "24 novembre": "2025-11-24",
    "29 febbraio": "2024-02-29",
    "Roma, 28 OTT - Il presidente": "2026-10-28",
    "28 ott": "2026-10-28",
    "3 ago": "2026-08-03",
    "5 set": "2026-09-05",
    "il 5 mar.": "2026-03-05",
    "28 ottobre 16 feriti": "2026-10-28",
    "28 ottobre 300 persone": "2026-10-28",
    "28 ottobre 1.500 persone": "2026-10-28",
    # Times that do not exist are passed over.
    "28 ottobre 2025 25:00": "2025-10-28",
    "28 ottobre 2025 ore 24": "2025-10-28",
    "2025-10-28T14:30:00+99:00": "2025-10-28",
    "2025-10-28T24:00:00": "2025-10-28",
    # The edges of the calendar.
    "28 ottobre 1900": "1900-10-28",
    "31/12/2100": "2100-12-31",
    "29 febbraio 2024": "2024-02-29",
    # Something impossible before something possible.
    "31 giugno 2025, 1 luglio 2025": "2025-07-01",
    # Counted from the reference.
    "tre giorni fa": "2026-11-20",
    "un giorno fa": "2026-11-22",
    "ventuno giorni fa": "2026-11-02",
    "0 giorni fa": "2026-11-23",
    "2 gg fa": "2026-11-21",
    "3 sett. fa": "2026-11-02",
    "3 sett fa": "2026-11-02",
    "un mese fa": "2026-10-23",
    "2 settimane ago": "2026-11-09",
    "5 mesi ago": "2026-06-23",
    "a year ago": "2025-11-23",
    "un anno e mezzo fa": "2025-05-23",
    "un anno e 2 mesi fa": "2025-09-23",
    "tre giorni or sono": "2026-11-20",
    "l’altro ieri": "2026-11-21",
    "altroieri": "2026-11-21",
    "ieri l'altro": "2026-11-21",
    "avant'ieri": "2026-11-21",
    "ieri sera": "2026-11-22",
    "stamattina": "2026-11-23",
    "questa mattina": "2026-11-23",
    "stasera": "2026-11-23",
    "poco fa": "2026-11-23",
    "pochi minuti fa": "2026-11-23",
    "Today": "2026-11-23",
    "Yesterday": "2026-11-22",
}


@pytest.mark.parametrize(("text", "expected"), DAYS.items(), ids=DAYS)
def test_day(text: str, expected: str | None) -> None:
    found = parse(text, reference=NOW)
    assert (found.isoformat() if found else None) == expected
    assert found is None or found.precision == "day"


INSTANTS = {
    # How a time follows a day.
    "28 ottobre 2025, ore 14:30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 alle 9": "2025-10-28T09:00:00+01:00",
    "28 ottobre 2025 alle ore 9": "2025-10-28T09:00:00+01:00",
    "28 ottobre 2025 alle ore 14,30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 alle 14 e 30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 14 : 30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 h9": "2025-10-28T09:00:00+01:00",
    "28 ottobre 2025 h. 14.30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 14h30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 | 14:30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 • 14:30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 – 14:30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 (14:30)": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025: 14.30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 2025 a mezzogiorno": "2025-10-28T12:00:00+01:00",
    "28 ottobre 2025, mezzanotte": "2025-10-28T00:00:00+01:00",
    "28 ott 25 14:30": "2025-10-28T14:30:00+01:00",
    "28 ottobre 14:30": "2026-10-28T14:30:00+01:00",
    "28 ott. 14.30": "2026-10-28T14:30:00+01:00",
    "28/10/2025-14:30": "2025-10-28T14:30:00+01:00",
    "28/10/2025T14:30": "2025-10-28T14:30:00+01:00",
    "16/07/2026 05:19": "2026-07-16T05:19:00+02:00",
    "19 gen. 2026 - 08:15": "2026-01-19T08:15:00+01:00",
    "28 ottobre 2025 10:00-12:00": "2025-10-28T10:00:00+01:00",
    "2025-10-28 10:00-12:00": "2025-10-28T10:00:00+01:00",
    "28 ottobre 2025 ore 14:30 est Europa": "2025-10-28T14:30:00+01:00",
    "October 28, 2025 at 2:30 pm": "2025-10-28T14:30:00+01:00",
    "October 28, 2025 12:05 AM": "2025-10-28T00:05:00+01:00",
    # How it leads.
    "14:30, 28 ottobre 2025": "2025-10-28T14:30:00+01:00",
    "14.30 | 28/10/2025": "2025-10-28T14:30:00+01:00",
    "alle 9 del 28 ottobre 2025": "2025-10-28T09:00:00+01:00",
    "ore 14:30 di martedì 28 ottobre 2025": "2025-10-28T14:30:00+01:00",
    "14:30 - martedì 28 ottobre 2025": "2025-10-28T14:30:00+01:00",
    "mezzanotte del 3 marzo 2024": "2024-03-03T00:00:00+01:00",
    "alle 14:30 di ieri": "2026-11-22T14:30:00+01:00",
    # ISO 8601, naive.
    "2025-10-28T14:30": "2025-10-28T14:30:00+01:00",
    "2025-10-28 14:30": "2025-10-28T14:30:00+01:00",
    "20251028 14:30": "2025-10-28T14:30:00+01:00",
    "20251028T1430": "2025-10-28T14:30:00+01:00",
    # ISO 8601 with an offset, and zones by name.
    "2025-10-28T14:30Z": "2025-10-28T15:30:00+01:00",
    "2025-10-28T14:30+00:00": "2025-10-28T15:30:00+01:00",
    "2025-10-28T14:30-05:00": "2025-10-28T20:30:00+01:00",
    "28 luglio 2025 ore 14:30 CET": "2025-07-28T15:30:00+02:00",
    "28 luglio 2025 ore 14:30 GMT": "2025-07-28T16:30:00+02:00",
    "28 luglio 2025 ore 14:30 (UTC)": "2025-07-28T16:30:00+02:00",
    "28 luglio 2025 14:30 UTC+2": "2025-07-28T14:30:00+02:00",
    "28 luglio 2025 14:30 UTC +03:00": "2025-07-28T13:30:00+02:00",
    # Changes of clocks.
    "25 ottobre 2026 alle 2.30": "2026-10-25T02:30:00+02:00",
    "2026-10-25T02:30+01:00": "2026-10-25T02:30:00+01:00",
    "29 marzo 2026 ore 2": "2026-03-29T03:00:00+02:00",
    # Counted from the reference.
    "2 hours ago": "2026-11-23T13:00:00+01:00",
    "an hour ago": "2026-11-23T14:00:00+01:00",
    "half an hour ago": "2026-11-23T14:30:00+01:00",
    "mezz’ora fa": "2026-11-23T14:30:00+01:00",
    "mezzora fa": "2026-11-23T14:30:00+01:00",
    "un quarto d'ora fa": "2026-11-23T14:45:00+01:00",
    "tre quarti d’ora fa": "2026-11-23T14:15:00+01:00",
    "un'ora e mezza fa": "2026-11-23T13:30:00+01:00",
    "un’ora e 20 minuti fa": "2026-11-23T13:40:00+01:00",
    "1 giorno, 2 ore fa": "2026-11-22T13:00:00+01:00",
    "trentotto minuti fa": "2026-11-23T14:22:00+01:00",
    "5h fa": "2026-11-23T10:00:00+01:00",
    "24 ore fa": "2026-11-22T15:00:00+01:00",
    "30 secondi fa": "2026-11-23T14:59:00+01:00",
    "Aggiornato 5 minuti fa": "2026-11-23T14:55:00+01:00",
    "ieri alle 18.05": "2026-11-22T18:05:00+01:00",
    "ieri sera alle 9": "2026-11-22T21:00:00+01:00",
    "oggi pomeriggio alle 3": "2026-11-23T15:00:00+01:00",
    "stamattina alle 9": "2026-11-23T09:00:00+01:00",
    "3 giorni fa alle 14:30": "2026-11-20T14:30:00+01:00",
    "yesterday, 10:30": "2026-11-22T10:30:00+01:00",
    "Yesterday at 10:30": "2026-11-22T10:30:00+01:00",
    "adesso": "2026-11-23T15:00:00+01:00",
    "Pubblicato ora": "2026-11-23T15:00:00+01:00",
    "just now": "2026-11-23T15:00:00+01:00",
}
SECONDS = {
    "2025-10-28T14:30:25": "2025-10-28T14:30:25+01:00",
    "2025-10-28 14:30:25": "2025-10-28T14:30:25+01:00",
    "2025-10-28T14:30:25.123456": "2025-10-28T14:30:25+01:00",
    "2025-10-28T14:30:25,5Z": "2025-10-28T15:30:25+01:00",
    "2025-10-28T14:30:25Z": "2025-10-28T15:30:25+01:00",
    "2025-10-28T14:30:25+0000": "2025-10-28T15:30:25+01:00",
    "2025-10-28 14:30:25+01": "2025-10-28T14:30:25+01:00",
    "2025-10-28T23:30:00Z": "2025-10-29T00:30:00+01:00",
    "2025-06-30T23:30:00+00:00": "2025-07-01T01:30:00+02:00",
    "20251028T143000Z": "2025-10-28T15:30:00+01:00",
    "Tue, 28 Oct 2025 13:30:00 +0000": "2025-10-28T14:30:00+01:00",
    "28 Oct 2025 13:30:00 GMT": "2025-10-28T14:30:00+01:00",
    "Tue, 28 Oct 2025 09:30:00 EDT": "2025-10-28T14:30:00+01:00",
    "Tuesday, 28-Oct-25 13:30:00 GMT": "2025-10-28T14:30:00+01:00",
    "mar 28 ott 14:30:00 CET 2025": "2025-10-28T14:30:00+01:00",
    "Tue Oct 28 2025 14:30:00 GMT+0100 (CET)": "2025-10-28T14:30:00+01:00",
    "28/10/2025 14.30.25": "2025-10-28T14:30:25+01:00",
}


@pytest.mark.parametrize(("text", "expected"), INSTANTS.items(), ids=INSTANTS)
def test_minute(text: str, expected: str) -> None:
    found = parse(text, reference=NOW)
    assert found is not None
    assert (found.isoformat(), found.precision) == (expected, "minute")


@pytest.mark.parametrize(("text", "expected"), SECONDS.items(), ids=SECONDS)
def test_second(text: str, expected: str) -> None:
    found = parse(text, reference=NOW)
    assert found is not None
    assert (found.isoformat(), found.precision) == (expected, "second")


NO_DATES = [
    # Nothing, or words.
    *("", " ", "-", "Ansa", "Esteri", "di Marco Rossi", "carabinieri", "Un fa", "USA Today"),
    *("Foto di Mario Marzo", "Maggio in festa", "Marzo", "Donna Aprile", "ora legale"),
    "E adesso tocca a noi",
    # Parts of dates.
    *("2025", "10", "1", "ottobre 2025", "Ottobre, 2025", "nel 2025 ottobre", "28", "lunedì"),
    *("ottobre 28", "28/10", "1/2", "24/7", "2025/26", "2025-10", "lunedì 28", "14:30"),
    *(
        "ore 14:30",
        "alle 9",
        "Aggiornato alle 14:30",
        "mezzogiorno",
        "anno 2025",
        "ottobre 2025 10",
    ),
    *("ottobre 2025, ore 10", "Maggio 2025: 16 feriti", "16 feriti nel maggio 2025"),
    # Days that do not exist.
    *("31 giugno", "31 giugno 2025", "29 febbraio 2025", "32 gennaio 2025", "0 maggio 2025"),
    *("31/06/2025", "10/28/2025", "00/00/0000", "2025-02-30", "2025-13-01", "20251332"),
    *("0000-00-00 00:00:00", "30 feb 2024 14:30", "February 30, 2025", "2025 giugno 31"),
    # Years that are none of news.
    *("28 ottobre 1899", "28 ottobre 2101", "28/10/1850", "1899-12-31", "28 ottobre 20255"),
    *("2100-12-31T23:30:00Z", "2025 anni fa", "99999 giorni fa"),
    # Plain numbers, times, scores, prices, versions, addresses, telephones.
    *("16 feriti", "3 giorni", "5 minuti", "25:00", "3-1", "6-4 6-3 7-5", "6-4-10", "1.000.000"),
    *("12.50 euro", "€ 12,50", "1.2.3", "11.6.10", "versione 10.12.20", "v10.12.25"),
    *("192.168.1.10", "10.12.20.25", "192.168.10.12", "06 1234567", "+39 06 12 34 56"),
    *("333-10-12-2025", "02-10-20-30", "tel. 20120315", "+20120315", "prot. n. 20251028"),
    *("20251028123", "12345678", "20251028,50", "IMG_20251028", "A28 ottobre 2025", "28_10_2025"),
    # Months that are other words.
    *("Sinner vince in 3 set", "vince in 3 set.", "in 5 set 6-4", "a 3 mar lontano"),
    # The future, and the vague.
    *("domani", "dopodomani", "tra 3 giorni", "fra due ore", "in 3 giorni", "stanotte"),
    *("qualche ora fa", "la settimana scorsa", "lunedì scorso", "due giorni e mezzo fa"),
    "21 أبريل، 2020",
]


@pytest.mark.parametrize("text", NO_DATES)
def test_no_date(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(fallback, "_dateparser", asked.append)
    assert parse(text, reference=NOW) is None
    if text != "2025 giugno 31":
        assert asked == []


def test_as_many_examples_as_promised() -> None:
    assert len(DAYS) + len(INSTANTS) + len(SECONDS) + len(NO_DATES) > 250


WEEKDAYS_OF_28_OCTOBER = [
    ("lunedì", "2024-10-28", False),
    ("martedì", "2025-10-28", False),
    ("mercoledì", "2026-10-28", False),
    ("giovedì", "2021-10-28", False),
    ("venerdì", "2022-10-28", False),
    ("sabato", "2023-10-28", False),
    # The last Sunday was in 2018.
    ("domenica", "2026-10-28", True),
]


@pytest.mark.parametrize(("weekday", "expected", "mismatch"), WEEKDAYS_OF_28_OCTOBER)
def test_weekday_decides_a_missing_year(weekday: str, expected: str, *, mismatch: bool) -> None:
    found = parse(f"{weekday} 28 ottobre", reference=NOW)
    assert found == ItalianDate(date.fromisoformat(expected), "day", mismatch)


@pytest.mark.parametrize(
    ("text", "mismatch"),
    [
        ("martedì 28 ottobre 2025", False),
        ("lunedì 28 ottobre 2025", True),
        ("Lun. 28/10/2025", True),
        ("Mar, 28 ott 2025", False),
        ("Tue, 28 Oct 2025 13:30:00 +0000", False),
        ("Mon, 28 Oct 2025 13:30:00 +0000", True),
        ("Wednesday, October 29, 2025", False),
        ("Data:domenica 28 ottobre 2025", True),
        ("lunedì il 28 ottobre 2025", True),
        ("Marino 28 ottobre 2025", False),
        ("domani 28 ottobre 2025", False),
        ("domenica 29 febbraio", True),
        ("giovedì 29 febbraio", False),
    ],
)
def test_weekday_that_does_not_fit_is_told(text: str, mismatch: bool) -> None:  # noqa: FBT001
    found = parse(text, reference=NOW)
    assert found is not None
    assert found.weekday_mismatch is mismatch


def test_days_are_those_of_italy() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert read("oggi", late) == "2026-11-23"
    assert read("ieri", late) == "2026-11-22"
    assert read("23 novembre", late) == "2026-11-23"
    assert read("2 ore fa", late) == "2026-11-22T22:30:00+01:00"
    tokyo = datetime(2026, 11, 24, 3, tzinfo=timezone(timedelta(hours=9)))
    assert read("oggi", tokyo) == "2026-11-23"


def test_hours_ago_are_hours_on_the_clock() -> None:
    after_autumn = datetime(2025, 10, 26, 2, 30, tzinfo=UTC)
    assert read("2 ore fa", after_autumn) == "2025-10-26T02:30:00+02:00"
    assert read("un'ora fa", after_autumn) == "2025-10-26T02:30:00+01:00"
    after_spring = datetime(2025, 3, 30, 1, 30, tzinfo=UTC)
    assert read("un'ora fa", after_spring) == "2025-03-30T01:30:00+01:00"


def test_a_month_too_short_gives_its_last_day() -> None:
    march = datetime(2026, 3, 31, 12, tzinfo=UTC)
    assert read("un mese fa", march) == "2026-02-28"
    assert read("un anno fa", datetime(2024, 2, 29, 12, tzinfo=UTC)) == "2023-02-28"


def test_seconds_of_the_reference_are_dropped() -> None:
    exact = datetime(2026, 11, 23, 14, 0, 59, 999, tzinfo=UTC)
    assert read("5 minuti fa", exact) == "2026-11-23T14:55:00+01:00"
    assert read("adesso", exact) == "2026-11-23T15:00:00+01:00"


def test_reference_must_be_aware() -> None:
    with pytest.raises(ValueError, match=r"aware.*2026-11-23T15:00:00"):
        parse("28 ottobre 2025", reference=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="aware"):
        find_dateline("Roma", reference=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("edge", [datetime(1, 1, 1), datetime(9999, 12, 31)])  # noqa: DTZ001
@pytest.mark.parametrize("hours", [-23, 0, 23])
@pytest.mark.parametrize("text", ["oggi", "28 ottobre", "un anno fa", "2 ore fa", "lunedì 1 marzo"])
def test_reference_at_the_edge_of_the_calendar(edge: datetime, hours: int, text: str) -> None:
    reference = edge.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert parse(text, reference=reference) is None
    assert find_dateline(f"Roma, {text} – Nel", reference=reference) is None
    assert read("28 ottobre 2025", reference) == "2025-10-28"


def test_value_cannot_be_changed() -> None:
    found = ItalianDate(date(2025, 10, 28), "day")
    with pytest.raises(FrozenInstanceError):
        found.precision = "minute"  # type: ignore[misc]
    assert not hasattr(found, "__dict__")
    assert found == parse("28 ottobre 2025", reference=NOW)
    assert hash(found) == hash(parse("28/10/2025", reference=NOW))


def test_instant_is_in_the_zone_of_rome() -> None:
    found = parse("2025-10-28T14:30:00Z", reference=NOW)
    assert found is not None
    assert isinstance(found.value, datetime)
    assert str(found.value.tzinfo) == "Europe/Rome"


# How far a text is read.


def test_date_must_begin_near_the_opening() -> None:
    assert read("x" * (SCAN - 1) + " 28 ottobre 2025") is None
    assert read("x" * (SCAN - 2) + " 28 ottobre 2025 alle 9") == "2025-10-28T09:00:00+01:00"
    assert read("x " * (SCAN // 2 - 1) + "28 ottobre 2025") == "2025-10-28"
    assert read("x " * (SCAN // 2) + "oggi") is None


def test_white_space_does_not_count() -> None:
    assert read(" " * 10**6 + "28" + "\n" * 10**6 + "ottobre\u00a02025") == "2025-10-28"


# dateparser


ODD_ORDERS = {
    "2025 ottobre 28": ("2025-10-28", "day"),
    "2025, ottobre 28 ore 14.30": ("2025-10-28T14:30:00+01:00", "minute"),
    "Tue Oct 28 13:30:00 2025": ("2025-10-28T13:30:00+01:00", "second"),
    "Oct 28 13:30:00 UTC 2025": ("2025-10-28T14:30:00+01:00", "second"),
}


@pytest.mark.parametrize(("text", "expected"), ODD_ORDERS.items(), ids=ODD_ORDERS)
def test_dateparser_reads_other_orders(text: str, expected: tuple[str, str]) -> None:
    found = parse(text, reference=NOW)
    assert found is not None
    assert (found.isoformat(), found.precision) == expected


@pytest.mark.parametrize(
    "invented",
    [
        None,
        datetime(2025, 10, 23),  # noqa: DTZ001
        datetime(2025, 11, 28),  # noqa: DTZ001
        datetime(2026, 10, 28),  # noqa: DTZ001
    ],
)
def test_dateparser_may_not_invent(
    invented: datetime | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_text: str) -> datetime | None:
        return invented

    monkeypatch.setattr(fallback, "_dateparser", answer)
    assert read("2025 ottobre 28") is None


def test_dateparser_sees_no_long_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(fallback, "_dateparser", asked.append)
    assert read("ottobre " * 20 + "2025 ottobre 28") is None
    assert asked == []


def test_dateparser_is_imported_only_when_needed() -> None:
    program = (
        "import sys; from datetime import UTC, datetime; from newscrawl.dates import parse\n"
        "for text in ('28 ottobre 2025', 'ieri', 'Ansa', '16 feriti', 'ottobre 2025'):\n"
        "    parse(text, reference=datetime.now(UTC))\n"
        "print('dateparser' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stdout == "False\n"


# Datelines


DATELINES = {
    "Tokyo, 28 ottobre 2025 – Nel corso": ("Tokyo", "2025-10-28"),
    "Roma, 28 ott. (Adnkronos) - Il": ("Roma", "2026-10-28"),
    "Roma, 28 ott (askanews) – Il": ("Roma", "2026-10-28"),
    "NAPOLI, 5 gennaio 2026 — La": ("NAPOLI", "2026-01-05"),
    "(ANSA) - ROMA, 28 OTT - Il": ("ROMA", "2026-10-28"),
    "La Spezia, 28 ottobre 2025 - Il": ("La Spezia", "2025-10-28"),
    "L’Aquila, 28 ottobre 2025 – Il": ("L’Aquila", "2025-10-28"),
    "Il Cairo, 28 ottobre 2025 – Il": ("Il Cairo", "2025-10-28"),
    "Washington D.C., 28 ottobre 2025 – Il": ("Washington D.C.", "2025-10-28"),
    "Reggio nell’Emilia, 28 ottobre 2025 – Il": ("Reggio nell’Emilia", "2025-10-28"),
    "Sant’Agata de’ Goti, 28 ottobre 2025 – Il": ("Sant’Agata de’ Goti", "2025-10-28"),
    "Forlì-Cesena, 28/10/2025 – Il": ("Forlì-Cesena", "2025-10-28"),
    "Bagno a Ripoli, 1° novembre – Il": ("Bagno a Ripoli", "2026-11-01"),
    "Prato, 5 mar. - Il": ("Prato", "2026-03-05"),
    "Corleone (Palermo), 28 ott. (Adnkronos)": ("Corleone (Palermo)", "2026-10-28"),
    "Città del Vaticano, 28 ott (Agenzia)": ("Città del Vaticano", "2026-10-28"),
    "Roma/Milano, 28 ott. - Il": ("Roma/Milano", "2026-10-28"),
    "Tokyo - 28 ottobre 2025 - Il": ("Tokyo", "2025-10-28"),
    "Roma, martedì 28 ottobre 2025 - Il": ("Roma", "2025-10-28"),
    "Milano, 28 ottobre 2025 ore 14:30 – Il": ("Milano", "2025-10-28"),
    "Napoli, 5 gennaio 2026 – 5 morti": ("Napoli", "2026-01-05"),
    "Roma, 28 ottobre 2025. - Il": ("Roma", "2025-10-28"),
    "  Tokyo,\u00a028 ottobre\n2025\u00a0– Il": ("Tokyo", "2025-10-28"),
    "Göteborg, 28 ottobre 2025 – Il": ("Göteborg", "2025-10-28"),
}
NO_DATELINES = [
    *("", "–", "Roma", "Roma, 28 ottobre 2025", "Roma, 28 ottobre 2025, il presidente"),
    *("Roma, 28 ottobre 2025. Il presidente", "Roma, 31 giugno 2025 – Il", "Roma, oggi – Il"),
    *("Ieri, 28 ottobre 2025, il presidente", "Ieri, 28 ottobre 2025 – il presidente"),
    *("Oggi, 28 ottobre 2025 – il", "Martedì, 28 ottobre 2025 – il", "Ottobre, 28 ottobre – il"),
    *("Nato a Roma, 28 ottobre 1950, è attore", "Nato a Roma, 28 ottobre 1950 – attore"),
    *("Arrestata in Senato, 28 ottobre – il", "Morto a Roma, 28 ottobre 2025 – il"),
    *("roma, 28 ottobre 2025 – il", "ROMA (ITALPRESS) – Il", "Il presidente, 28 ottobre 2025 – x"),
    *("Di Mario Rossi, 28 ottobre 2025 - Il", "Roma, nel giorno del 28 ottobre 2025 – il"),
    "Milano, 28 ottobre – 2 novembre 2025: la mostra",
    "Un paese dal nome che non finisce mai e poi mai, 28 ottobre 2025 – Il",
    "Roma, con il presidente e i ministri, 28 ottobre 2025 – Il",
    "A" * 41 + ", 28 ottobre 2025 – Il",
]


@pytest.mark.parametrize(("text", "expected"), DATELINES.items(), ids=DATELINES)
def test_dateline(text: str, expected: tuple[str, str]) -> None:
    place, day = expected
    found = find_dateline(text, reference=NOW)
    assert found == (place, date.fromisoformat(day))
    assert type(found[1]) is date


@pytest.mark.parametrize("text", NO_DATELINES)
def test_no_dateline(text: str) -> None:
    assert find_dateline(text, reference=NOW) is None


# Labels with two dates


@pytest.mark.parametrize(
    ("text", "published", "modified"),
    [
        ("4 Luglio 2026 - Updated on 16 Luglio 2026", "4 Luglio 2026", "16 Luglio 2026"),
        ("04/07/2026 - Updated on 16/07/2026", "04/07/2026", "16/07/2026"),
        ("4 Luglio 2026 – Aggiornato il 16 luglio", "4 Luglio 2026", "16 luglio"),
        ("4 luglio 2026 (aggiornato il 16 luglio 2026)", "4 luglio 2026", "16 luglio 2026"),
        ("4 luglio 2026 | Updated: 16 luglio 2026 ", "4 luglio 2026", "16 luglio 2026"),
        ("4 luglio 2026 Modificato il 16/07/2026 14:30", "4 luglio 2026", "16/07/2026 14:30"),
        ("4 luglio 2026, ultimo aggiornamento: 16 luglio", "4 luglio 2026", "16 luglio"),
        ("4 luglio\n Ultimo\n aggiornamento\n\n 16 luglio", "4 luglio", "16 luglio"),
        ("4 July 2026 Last updated 16 July 2026", "4 July 2026", "16 July 2026"),
        ("Pubblicato il 4/7/26 - Ultima modifica 16/7/26", "Pubblicato il 4/7/26", "16/7/26"),
        ("Aggiornato il 16 luglio 2026", "", "16 luglio 2026"),
        ("Aggiornato il 16/7/26 - Pubblicato il 4/7/26", "Pubblicato il 4/7/26", "16/7/26"),
        ("4 luglio 2026, aggiornato alle 14:30", "4 luglio 2026", "alle 14:30"),
        ("4 luglio 2026 - Updated", "4 luglio 2026", None),
        ("4/7/26 - Agg: 16/7/26", "4/7/26", "16/7/26"),
        ("4/7/26 - Agg.to 16/7/26", "4/7/26", "16/7/26"),
        ("4/7/26 - Agg.16/7/26", "4/7/26", "16/7/26"),
        ("4/7/26 (ult. agg.: 16/7/26)", "4/7/26", "16/7/26"),
        ("4/7/26, ult. modifica 16/7/26", "4/7/26", "16/7/26"),
        ("4/7/26 - Modifica: 16/7/26", "4/7/26", "16/7/26"),
        ("4/7/26 - Upd. 16/7/26", "4/7/26", "16/7/26"),
        ("4 luglio - Revisionato il 16 luglio", "4 luglio", "16 luglio"),
        ("Agg. 16/7/26 | Pubbl. 4/7/26", "Pubbl. 4/7/26", "16/7/26"),
        (
            "Data di aggiornamento: 16/7/26 Data di pubblicazione: 4/7/26",
            "pubblicazione: 4/7/26",
            "16/7/26 Data di",
        ),
        ("4 luglio 2026, si modifica la legge", "4 luglio 2026, si modifica la legge", None),
        ("28 Ottobre 2025", "28 Ottobre 2025", None),
        (" 28 Ottobre 2025 ", "28 Ottobre 2025", None),
        ("28 Ottobre 2025\x1d(\u2003(aggiornato ieri", "28 Ottobre 2025", "ieri"),
        ("riaggiornato 28 Ottobre 2025", "riaggiornato 28 Ottobre 2025", None),
        ("", "", None),
    ],
)
def test_split_updated(text: str, published: str, modified: str | None) -> None:
    assert split_updated(text) == (published, modified)


# Generated input


MONTH_NAMES = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto"]
MONTH_NAMES += ["settembre", "ottobre", "novembre", "dicembre"]
WEEKDAY_NAMES = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"]
ENGLISH = "January February March April May June July August September October November December"
FORMS = [
    "{d} {month} {y}",
    "{d} {Month}, {y}",
    "{d:02} {MONTH} {y}",
    "{d}\u00a0{mon}\n{y}",
    "{d} {mon}. {y}",
    "{weekday} {d} {month} {y}",
    "{d}/{m}/{y}",
    "{d:02}.{m:02}.{y}",
    "{d:02}-{m:02}-{y}",
    "{y}-{m:02}-{d:02}",
    "{y}{m:02}{d:02}",
    "{english} {d}, {y}",
    "{d} {english} {y}",
    "{Month} {d}, {y}",
    "Pubblicato il {d} {month} {y} in Esteri",
    "Tokyo, {d} {month} {y}",
    "{d} {month} {y} - Updated on 1 Gennaio 2100",
]
CLOCKS = [
    "{} {:02}:{:02}",
    "{}, ore {}.{:02}",
    "{} alle {}:{:02}",
    "{} - {:02}:{:02}",
    "{} h {}.{:02}",
    "{}, {:02}.{:02}",
]
days = st.dates(date(1970, 1, 1), date(2100, 12, 30))


def written(day: date, form: str) -> str:
    month = MONTH_NAMES[day.month - 1]
    return form.format(
        d=day.day,
        m=day.month,
        y=day.year,
        month=month,
        Month=month.capitalize(),
        MONTH=month.upper(),
        mon=month[:3],
        english=ENGLISH.split()[day.month - 1],
        weekday=WEEKDAY_NAMES[day.weekday()],
    )


@given(days, st.sampled_from(FORMS))
def test_every_day_is_read_back(day: date, form: str) -> None:
    assert parse(written(day, form), reference=NOW) == ItalianDate(day, "day")


@given(days, st.sampled_from(FORMS[:10]), st.times(), st.sampled_from(CLOCKS))
def test_every_minute_is_read_back(day: date, form: str, of_day: time, clock: str) -> None:
    hour, minute = of_day.hour, of_day.minute
    found = parse(clock.format(written(day, form), hour, minute), reference=NOW)
    assert found is not None
    assert isinstance(found.value, datetime)
    assert found.precision == "minute"
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=found.value.tzinfo)
    # An hour that a change of clocks skips has moved.
    assert found.value.astimezone(UTC) == local.astimezone(UTC)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 12, 31)), st.integers(-14, 14))  # noqa: DTZ001
def test_every_instant_is_read_back(naive: datetime, hours: int) -> None:
    instant = naive.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    found = parse(instant.isoformat(), reference=NOW)
    assert found is not None
    assert isinstance(found.value, datetime)
    # Between zones an hour that occurs twice equals nothing (PEP 495), so both become UTC.
    assert found.value.astimezone(UTC) == instant.astimezone(UTC)
    assert found.precision == "second"
    mail = instant.strftime("%d {} %Y %H:%M:%S %z").format(ENGLISH.split()[instant.month - 1][:3])
    assert parse(mail, reference=NOW) == found


@given(days, st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_missing_year_is_never_in_the_future(day: date, reference: datetime) -> None:
    found = parse(written(day, "{d} {month}"), reference=reference)
    assert found is not None
    assert isinstance(found.value, date)
    tomorrow = reference.date() + timedelta(days=1)
    assert reference.date() - timedelta(days=8 * 366) <= found.value <= tomorrow
    named = parse(written(found.value, "{weekday} {d} {month}"), reference=reference)
    assert named == found


@given(st.integers(0, 400), st.sampled_from(["giorni", "days"]), st.sampled_from(["fa", "ago"]))
def test_every_count_of_days(count: int, unit: str, ago: str) -> None:
    found = parse(f"{count} {unit} {ago}", reference=NOW)
    assert found == ItalianDate(NOW.date() - timedelta(days=count), "day")


def sane(text: str) -> None:
    for found in (parse(text, reference=NOW), parse(f"28 ottobre {text}", reference=NOW)):
        if found is not None:
            assert 1900 <= found.value.year <= 2100
            assert isinstance(found.value, datetime) == (found.precision != "day")
            assert datetime.fromisoformat(found.isoformat()).date() == (
                found.value.date() if isinstance(found.value, datetime) else found.value
            )
    for opening in (text, f"Roma, {text}", f"Roma, 28 ottobre {text}"):
        dateline = find_dateline(opening, reference=NOW)
        assert dateline is None or (dateline[0] in opening and type(dateline[1]) is date)
    published, modified = split_updated(text)
    assert published in text
    assert modified is None or modified in text


anything = st.text(st.characters(exclude_categories=()))
WORDS = [*MONTHS, *WEEKDAYS, *UNITS, *NUMBERS, "fa", "ago", "ore", "alle", "h", "del", "primo"]
WORDS += ["oggi", "ieri", "l’altro", "mezz’ora", "CEST", "Z", "+0000", "-05:00", "T", "’", "°", "€"]
WORDS += [".", ",", ":", "-", "–", "/", "(", ")", "\x00", "\ud800", "İ", "²", "٣", "\u0301"]
WORDS += ["2025", "1850", "99999", "28", "31", "0", "7", "14:30", "14.30", "25:00", "2025-10-28"]
WORDS += ["28/10/2025", "20251028", "am", "updated on", "aggiornato", "Roma", "mezzogiorno"]
phrases = st.builds(
    str.join, st.sampled_from([" ", ""]), st.lists(st.sampled_from(WORDS), max_size=9)
)


@given(anything)
def test_any_text(text: str) -> None:
    sane(text)


@given(phrases)
def test_any_words_of_dates(text: str) -> None:
    sane(text)


@pytest.mark.parametrize(
    "piece",
    [
        *(" ", "\n", "\x00", "\ud800", "1", "9", "-", "–", "(", ":", ".", "/", "'", "a", "À", "İ"),
        *(
            "1 ",
            "1-",
            "1.",
            "1/",
            "1:",
            "12 ",
            "28 ottobre ",
            "28 set ",
            "ottobre ",
            "2025 ",
            "2025-",
        ),
        *("28/10/", "fa ", "un ", "un fa ", "1 ora ", "1 ora e ", "ieri ", "oggi", "alle ", "ore "),
        *("T1", "primo ", "primo di ", "del mese di ", "lunedì ", "A ", "A. ", "A-", "Roma, "),
        *("updated ", "updated:", "last ", "last\n", "ultimo ", "ultima modifica ", "pubblicato "),
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        pytest.param("28 ottobre ", "", marks=pytest.mark.soak),
        pytest.param("Roma, 28 ottobre 2025 ", "", marks=pytest.mark.soak),
        pytest.param("updated", "x", marks=pytest.mark.soak),
    ],
    ids=["alone", "day", "dateline", "updated"],
)
def test_a_million_characters(piece: str, before: str, after: str) -> None:
    # Quadratic work here would take hours, and the run's time limit would end it.
    text = before + piece * (10**6 // len(piece)) + after
    parse(text, reference=NOW)
    find_dateline(text, reference=NOW)
    split_updated(text)

"""The names that bylines and metadata state, whatever is written around them."""

from __future__ import annotations

import pytest

from newscrawl.items import Author
from newscrawl.pages.author_names import authors_of, names_in
from tests.support.cost import at_most

ANNA, BOTH = ["Anna Berti"], ["Anna Berti", "Ugo Lari"]
NAMES = {
    **dict.fromkeys(
        [
            *(
                "di Anna Berti",
                "Di Anna Berti",
                "by Anna Berti",
                "By: Anna Berti",
                "di: Anna Berti",
            ),
            *("a cura di Anna Berti", "A CURA DI Anna Berti", "Testo di Anna Berti"),
            *("Written by Anna Berti", "dal nostro inviato Anna Berti", "Anna Berti per Alanews"),
            *("Anna Berti (ANSA)", "Anna Berti [ANSA]", "Anna Berti / ANSA", "ANSA/Anna Berti"),
            *("Anna Berti - Adnkronos", "Reuters - Anna Berti", "Anna Berti, ANSA"),
            *("Anna Berti (Agenzia DIRE)", "Anna Berti (inviata)", "Anna Berti, inviata a Roma"),
            *("Anna Berti anna@esempio.example", "Anna Berti <anna@esempio.example>"),
            *("Anna Berti (anna.berti@esempio.it)", "Anna Berti, anna@esempio.it"),
            *("Anna Berti @aberti", "Anna Berti https://x.example/a", "Anna Berti, Anna Berti"),
            *("Anna Berti 20 Novembre 2026", "Anna Berti - 20/11/2026", "Anna Berti, ieri"),
            *("Anna Berti, 20 novembre 2026 alle 8:00", "Anna Berti | 20 Nov 2026, 08:00"),
            *("20 novembre 2026 di Anna Berti", "Anna Berti, 2 ore fa", "Anna Berti 2026-11-20"),
            *("Anna Berti on November 20, 2026", "Anna Berti venerdì 20 novembre"),
            *("Pubblicato il 20 novembre 2026 da Anna Berti", "Anna Berti 20.11.2026 ore 08.00"),
        ],
        ANNA,
    ),
    **dict.fromkeys(
        [
            *("Anna Berti, Ugo Lari", "Anna Berti e Ugo Lari", "Anna Berti & Ugo Lari"),
            *("Anna Berti and Ugo Lari", "Anna Berti/Ugo Lari", "Anna Berti; Ugo Lari"),
            *("Anna Berti | Ugo Lari", "di Anna Berti e di Ugo Lari", "Anna Berti – Ugo Lari"),
            *("Anna Berti con Ugo Lari", "Anna Berti e Ugo Lari (ANSA) 20 Novembre 2026"),
        ],
        BOTH,
    ),
    **{
        text: []
        for text in (
            *("", "by", "di", "anna@esempio.example", "@aberti", "www.social.example/alanews"),
            *("social.example/alanews", "//www.alanews.it/author/x/", "http://x.example/a"),
            *("https://www.alanews.it/author/anna-berti/", "facebook.com/anna", "20/11/2026"),
        )
    },
    # One name, whatever its letters.
    **{
        name: [name]
        for name in (
            *("Diana Orsara", "Bylund Erik", "Alfredo Di Stefano", "Di Maio", "Dario Da Rold"),
            *("Da Rold Dario", "Ed Berti", "Rossi, Anna", "Martin King, Jr.", "Anna Marzo"),
            *("Fruttero e Lucentini", "Redazione Arte e Cultura", "Associazione Arte e Mare"),
            *("Antonio Oggioni", "Pierluigi Vieri", "anna berti", "admin", "ANSA", "Redazione"),
            *("Jean-Paul Ferri", "A. Berti", "Elio (Stefano Belisari)", "Anna M. Berti"),
        )
    },
    "Anna Marzo 20 Novembre 2026": ["Anna Marzo"],
    "Anna Berti, Ugo Lari e Ada Neri": [*BOTH, "Ada Neri"],
    "Ugo De Rossi e Anna D’Orsi": ["Ugo De Rossi", "Anna D’Orsi"],
    "Ed Berti e Ugo Lari": ["Ed Berti", "Ugo Lari"],
    "ANNA BERTI E UGO LARI": ["ANNA BERTI", "UGO LARI"],
    "Anna Berti e Redazione": ["Anna Berti", "Redazione"],
    "Redazione e Anna Berti": ["Redazione", "Anna Berti"],
    "A cura della Redazione": ["Redazione"],
    "Nilde D&#8217;Orsara": ["Nilde D’Orsara"],
    "(ANSA)": ["ANSA"],
}


@pytest.mark.parametrize(("text", "names"), NAMES.items(), ids=NAMES)
def test_names(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_a_person_is_named_once_with_the_first_address() -> None:
    address = "https://www.alanews.it/author/anna/"
    entries = [("Anna Berti", None), ("ANNA BERTI", address), ("Ugo Lari", None)]
    assert authors_of(entries) == [Author("Anna Berti", address), Author("Ugo Lari")]


def test_the_name_of_the_site_is_a_mark_beside_a_person() -> None:
    assert authors_of([("Anna Berti - La Valle", None)], names_of_site=["La Valle"]) == [
        Author("Anna Berti")
    ]


def test_long_texts_take_little_time() -> None:
    with at_most(5):
        for part in ("a", "@", "a@", "1 ", "a, ", "(", "e ", "di ", "/", ". "):
            names_in(part * 100_000 + "@")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("dal nostro inviato a New York Mario Rossi", ["Mario Rossi"]),
        ("dai nostri inviati Mario Rossi e Anna Berti", ["Mario Rossi", "Anna Berti"]),
        ("del direttore Mario Rossi", ["Mario Rossi"]),
        ("Mario Rossi, Direttore responsabile", ["Mario Rossi"]),
        ("mario.rossi@example.it (Mario Rossi)", ["Mario Rossi"]),
        ("Mario Rossi | Twitter: @mrossi", ["Mario Rossi"]),
        ("L'editoriale di Mario Rossi", ["Mario Rossi"]),
        ("Mario Rossi - Foto: Ansa", ["Mario Rossi"]),
        ("Mario Rossi © Riproduzione riservata", ["Mario Rossi"]),
        ("Mario Rossi in Cronaca", ["Mario Rossi"]),
        ("undefined", []),
        ("N/A", []),
        ("Leonardo da Vinci", ["Leonardo da Vinci"]),
    ],
)
def test_roles_networks_credits_and_placeholders(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # Titles, roles and places around a full name.
        ("dott.ssa Anna Berti", ANNA),
        ("a cura dell’avv. Anna Berti", ANNA),
        ("Prof. Avv. Anna Berti e dott. Ugo Lari", BOTH),
        ("dall'inviata a Kiev Anna Berti", ANNA),
        ("dal corrispondente a Parigi Anna Berti", ANNA),
        ("dalla nostra inviata a Reggio Emilia Anna Berti", ANNA),
        ("dalla nostra inviata Anna Berti a Roma", ANNA),
        ("Anna Berti inviata a Kiev", ANNA),
        ("Anna Berti dalla nostra inviata a Roma", ANNA),
        ("Anna Berti e Ugo Lari inviati a Kiev", BOTH),
        ("Anna Berti Giornalista", ANNA),
        ("Anna Berti | Direttrice responsabile", ANNA),
        ("Anna Berti * Docente universitaria", ANNA),
        ("Anna Berti, Docente di Diritto", ANNA),
        ("Direttore responsabile: Anna Berti", ANNA),
        ("Il direttore Anna Berti", ANNA),
        ("Anna Berti, Roma", ANNA),
        ("Anna Berti (Roma), Ugo Lari (Milano)", BOTH),
        ("Prof. Berti", ["Prof. Berti"]),
        ("On Air", ["On Air"]),
        ("Prof. di lettere", ["Prof. di lettere"]),
        ("Il direttore del museo", ["Il direttore del museo"]),
        ("Segui il tuo cuore", ["Segui il tuo cuore"]),
        ("IL DIRETTORE ANNA BERTI", ["ANNA BERTI"]),
        ("Direttore Responsabile", ["Direttore Responsabile"]),
        ("Associazione Nazionale giornalisti", ["Associazione Nazionale giornalisti"]),
        ("Anna Roma", ["Anna Roma"]),
        ("Roma Capitale", ["Roma Capitale"]),
        ("Berti, Roma", ["Berti, Roma"]),
        # Credits and collaborators.
        ("Testo di Anna Berti foto di Ugo Lari", ANNA),
        ("testo di Anna Berti e foto di Ugo Lari", ANNA),
        ("di Anna Berti / foto di Ugo Lari", ANNA),
        ("Anna Berti. Foto: Ugo Lari", ANNA),
        ("Foto: Ugo Lari; testo: Anna Berti", ANNA),
        ("Foto di Ugo Lari, testo di Anna Berti", ANNA),
        ("di Anna Berti | Foto Ansa", ANNA),
        ("Anna Berti ph. Ugo Lari", ANNA),
        ("Testo e foto di Anna Berti", ANNA),
        ("Testi e foto di Anna Berti e Ugo Lari", BOTH),
        ("di Anna Berti. Ha collaborato Ugo Lari", ANNA),
        ("di Anna Berti (ha collaborato Ugo Lari)", ANNA),
        ("Anna Berti con la collaborazione di Ugo Lari", ANNA),
        ("Ha collaborato Anna Berti", ANNA),
        ("Foto Club Milano", ["Foto Club Milano"]),
        ("Anna Berti Ph.D.", ["Anna Berti Ph.D."]),
        # Counts and others.
        ("Anna Berti | 2 minuti di lettura", ANNA),
        ("Anna Berti 3 min read", ANNA),
        ("Anna Berti - 20 novembre 2026 - 3 min", ANNA),
        ("Anna Berti 3 commenti", ANNA),
        ("Anna Berti e altri", ANNA),
        ("Anna Berti, Ugo Lari et al.", BOTH),
        ("Anna Berti and 2 others", ANNA),
        ("Anna Berti e Ugo Altri", ["Anna Berti", "Ugo Altri"]),
        ("Noi e gli altri", ["Noi e gli altri"]),
        # Introductions, quotation marks, marks of agencies.
        ("Un articolo di Anna Berti", ANNA),
        ("Vedi tutti gli articoli di Anna Berti", ANNA),
        ("Autrice: Anna Berti", ANNA),
        ("Dalla Redazione", ["Redazione"]),
        ("Fonte ANSA", ["ANSA"]),
        ("“Anna Berti”", ANNA),
        ("Anna «Nina» Berti", ["Anna «Nina» Berti"]),
        ("Anna Berti dell’ANSA", ANNA),
        ("Anna Berti (AdnKronos Salute)", ANNA),
        ("Redazione ANSA e Anna Berti", ["Redazione ANSA", "Anna Berti"]),
        ("Redazione Arte e Beni Culturali", ["Redazione Arte e Beni Culturali"]),
        # Particles behind a first name.
        ("Ugo dell’Acqua e Anna Berti", ["Ugo dell’Acqua", "Anna Berti"]),
        ("Nando dalla Chiesa e Gianni de’ Rossi", ["Nando dalla Chiesa", "Gianni de’ Rossi"]),
        ("Dalla Chiesa", ["Dalla Chiesa"]),
    ],
)
def test_what_bylines_add_to_names(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_long_bylines_with_additions_take_little_time() -> None:
    with at_most(5):
        for part in ("foto di A ", "e altri ", "A B inviato ", "3 min ", "“", "ha collaborato "):
            for sign in ("", ", ", "| ", "- "):
                names_in((part + sign) * 100_000)


def test_runs_of_signs_behind_a_date_take_little_time() -> None:
    with at_most(1):
        for run in ("-", ", ", "| ", "– ", ",", "(", "- |"):
            for before in ("28 ottobre 2025 ", "5", "Anna Berti 3 min "):
                names_in(before + run * 1_000)


@pytest.mark.parametrize("run", ["-" * 70, "- " * 40, "—" * 70, "| " * 40])
def test_a_run_of_signs_stands_between_names(run: str) -> None:
    assert names_in(f"Anna Berti {run} Ugo Lari") == ["Anna Berti", "Ugo Lari"]
    assert names_in(f"di Anna Berti {run} 28 ottobre 2025") == ["Anna Berti"]

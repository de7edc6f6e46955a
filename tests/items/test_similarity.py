"""Near-duplicates and look-alikes: signatures, keys, and how well they tell them apart."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.bench_duplicates import Evaluation, evaluate
from newscrawl.items import Article
from newscrawl.items.similarity import (
    FORMAT,
    MIN_TEXT_WORDS,
    MIN_WORDS,
    MOST_CHARACTERS,
    THRESHOLD,
    Sketch,
    similarity,
    sketch,
    text_key,
)
from newscrawl.text import count_words, digest
from tests.support.cost import at_most
from tests.support.crawling import ROOT

AGENCY = """Bruxelles, 14 marzo 2026 – I ministri dell’Agricoltura dell’Unione hanno raggiunto \
nella notte un’intesa di massima sulla riforma degli aiuti diretti. Il testo prevede 3,2 miliardi \
in più per le aziende sotto i 20 ettari e un tetto di 100 mila euro per quelle più grandi.

“È un compromesso onorevole”, ha detto al termine della riunione il ministro irlandese Conor \
Brannigan, che ha guidato il negoziato. Contrari soltanto Ungheria e Slovacchia, astenuta la \
Bulgaria. La Commissione presenterà la proposta di regolamento entro la fine di maggio.

Secondo Coldiretti la riforma vale per l’Italia 410 milioni l’anno, destinati soprattutto alle \
aree interne. Più critica Confagricoltura, che parla di un passo indietro per chi investe e \
chiede di rivedere il tetto.

Il Parlamento europeo si esprimerà in plenaria a luglio, a Strasburgo. In caso di voto favorevole \
le nuove regole entreranno in vigore dal primo gennaio 2028, con due anni di transizione."""
REWRITTEN = """Fumata bianca nella notte a Bruxelles dopo una trattativa durata due giorni.

I ministri dell'Agricoltura dell'Unione hanno trovato nella notte un'intesa di massima sulla \
riforma degli aiuti diretti. Il testo prevede 3,2 miliardi in più per le aziende sotto i 20 ettari \
e un tetto di 100 mila euro per quelle più grandi.

"È un compromesso onorevole", ha dichiarato al termine della riunione il ministro irlandese Conor \
Brannigan, che ha guidato il negoziato. Contrari solo Ungheria e Slovacchia, astenuta la Bulgaria. \
La Commissione presenterà la proposta di regolamento entro fine maggio.

Secondo Coldiretti la riforma vale per l'Italia 410 milioni l'anno, destinati soprattutto alle \
aree interne. Più critica Confagricoltura, che parla di un passo indietro per chi investe e chiede \
di rivedere il tetto."""
SAME_DAY_OTHER_STORY = """Bruxelles, 14 marzo 2026 – I ministri della Pesca dell’Unione hanno \
rinviato la decisione sulle quote di cattura nel Mediterraneo. Il testo prevedeva un taglio del 12 \
per cento per lo strascico e 60 giorni di fermo in più.

“Servono dati migliori”, ha detto al termine della riunione la ministra spagnola Alba Requena, che \
aveva chiesto più tempo. Contrarie Italia, Francia e Grecia. La Commissione presenterà una nuova \
proposta di regolamento entro la fine di giugno."""
QUAKE = """Una scossa di terremoto di magnitudo {} è stata registrata alle {} a {}, in provincia \
di {}. Secondo i dati dell’Istituto nazionale di geofisica il sisma è avvenuto a una profondità di \
{} chilometri. Al momento non si segnalano danni a persone o cose. La scossa è stata avvertita \
distintamente dalla popolazione e numerose sono state le chiamate ai vigili del fuoco."""
QUAKES = [
    QUAKE.format("3.2", "14:05", "Norcia", "Perugia", 10),
    QUAKE.format("2.7", "03:41", "Accumoli", "Rieti", 8),
    QUAKE.format("3.2", "22:17", "Pozzuoli", "Napoli", 3),
    QUAKE.format("4.1", "08:56", "Norcia", "Perugia", 12),
]
OPINION = """C’è un modo di viaggiare che non ha bisogno di bagagli, ed è quello di chi legge. Chi \
apre un libro la sera sa che la stanza si allarga, che le pareti si fanno sottili e che dalla \
finestra entra un’aria diversa. Non è una fuga, come dicono in tanti: è piuttosto un ritorno, \
perché le storie parlano sempre di noi, anche quando fingono di parlare di altri. E quando si \
chiude la pagina resta addosso una specie di sale, come dopo il mare."""


def signed(text: str) -> Sketch:
    found = sketch(text)
    assert found is not None
    return found


def compare(one: str, other: str) -> float:
    return similarity(signed(one).signature, signed(other).signature)


def share_a_key(one: str, other: str) -> bool:
    return not set(signed(one).bands).isdisjoint(signed(other).bands)


def texts(least: int = MIN_WORDS) -> st.SearchStrategy[str]:
    word = st.one_of(st.text(min_size=1, max_size=9), st.sampled_from(AGENCY.split()))
    return st.lists(word, min_size=least, max_size=120).map(" ".join)


@pytest.mark.parametrize(
    "other",
    [
        AGENCY,
        AGENCY.upper(),
        AGENCY.replace("\n\n", " "),
        AGENCY.replace("’", "'").replace("“", '"').replace("”", '"'),
        AGENCY.replace(",", " ;").replace(".", "!"),
    ],
    ids=["copy", "capitals", "one paragraph", "typewriter", "punctuation"],
)
def test_the_same_words_are_the_same_text(other: str) -> None:
    assert compare(AGENCY, other) == 1.0


def test_an_agency_text_with_another_opening_and_end_is_found() -> None:
    assert compare(AGENCY, REWRITTEN) >= THRESHOLD
    assert share_a_key(AGENCY, REWRITTEN)


def test_a_text_without_names_and_numbers_is_found() -> None:
    edited = OPINION.replace("piuttosto", "semmai").replace("sottili", "leggere")
    assert compare(OPINION, edited) >= THRESHOLD
    assert share_a_key(OPINION, edited)


def test_a_first_name_in_a_text_without_facts_makes_no_other_text() -> None:
    assert compare(OPINION, f"{OPINION} Lo ha scritto Adele Torresin.") >= THRESHOLD


def test_two_stories_of_one_meeting_are_two() -> None:
    assert compare(AGENCY, SAME_DAY_OTHER_STORY) < THRESHOLD / 2


@pytest.mark.parametrize(("one", "other"), list(combinations(QUAKES, 2)))
def test_two_earthquakes_in_one_wording_are_two(one: str, other: str) -> None:
    assert compare(one, other) < THRESHOLD


def test_one_earthquake_reported_twice_is_one() -> None:
    again = QUAKES[0].replace("registrata", "rilevata").replace("distintamente ", "")
    again = f"Paura nel pomeriggio in Umbria. {again}"
    assert compare(QUAKES[0], again) >= THRESHOLD
    assert share_a_key(QUAKES[0], again)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "Guarda il video",
        "… – “” !? " * 500,
        "\x00\u200b\ufeff" * 500,
        "\ud800" * 500,
        "🚀 👩‍🔬 " * 500,
        "a" * 1_000_000,
        " ".join(["parola"] * (MIN_WORDS - 1)),
    ],
    ids=[
        "empty", "space", "short", "punctuation", "unseen", "surrogates", "emoji", "one word",
        "a word too few",
    ],
)  # fmt: skip
def test_too_few_words_have_no_sketch(text: str) -> None:
    assert sketch(text) is None


@pytest.mark.parametrize("spoilt", ["\ud800", "\U0001f680", "\x00", "\u200b", "\u0301", "<b>"])
def test_signs_between_words_do_no_harm(spoilt: str) -> None:
    assert compare(AGENCY, AGENCY.replace(". ", f". {spoilt} ")) >= THRESHOLD


def test_accents_written_in_two_ways_are_one() -> None:
    assert compare(OPINION, OPINION.replace("è", "e\u0300")) == 1.0


@pytest.mark.parametrize("piece", ["a ", "A b. ", "1 ", "A", "l’A", "ß ", "\ud800 ", f"{AGENCY} "])
def test_a_megabyte_costs_no_more_than_its_beginning(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    # It takes about 0.005; the margin is for a machine under load.
    with at_most(0.2):
        found = sketch(text)
    assert found == sketch(text[:MOST_CHARACTERS])


@given(texts())
def test_any_text_is_like_itself(text: str) -> None:
    found = sketch(text)
    if found:
        assert similarity(found.signature, found.signature) == 1.0
        again = sketch(text)
        assert again == found


@given(texts())
def test_capitals_do_not_count(text: str) -> None:
    one, other = sketch(text), sketch(text.casefold())
    assert (one is None) == (other is None)
    if one and other:
        assert similarity(one.signature, other.signature) == 1.0


@given(texts(), texts())
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    a, b = sketch(one), sketch(other)
    if a and b:
        found = similarity(a.signature, b.signature)
        assert 0 <= found <= 1
        assert found == similarity(b.signature, a.signature)


@given(texts(least=0))
def test_a_sketch_fits_its_columns(text: str) -> None:
    found = sketch(text)
    if found:
        assert len(found.signature) == 386
        assert len(found.bands) == len(set(found.bands)) == 16
        assert all(-(2**63) <= key < 2**63 for key in found.bands)


@pytest.mark.parametrize("changed", [b"", b"\x01", bytes(386), b"\xff" * 386, b"\x01" * 387])
def test_another_format_is_refused(changed: bytes) -> None:
    own = signed(AGENCY).signature
    for pair in ((own, changed), (changed, own)):
        with pytest.raises(ValueError, match="another format"):
            similarity(*pair)


def test_a_sketch_is_the_same_for_ever() -> None:
    # Kept in ledgers: when this fails, raise FORMAT (a new rensa may be the cause).
    found = signed(AGENCY)
    assert FORMAT == found.signature[0] == 1
    assert sha256(found.signature).hexdigest()[:16] == "dbe48973a2173a02"
    assert found.bands[:2] == (842404076052990569, 1364460752726313058)


@pytest.mark.parametrize("seed", ["0", "1", "20251028"])
def test_a_sketch_is_the_same_in_every_process(seed: str) -> None:
    code = "from newscrawl.items.similarity import sketch; print(sketch(open(0).read()))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        input=AGENCY, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert run.stdout.strip() == repr(signed(AGENCY))


@cache
def evaluation() -> Evaluation:
    # A seed that the threshold was not chosen with.
    return evaluate()


@pytest.mark.soak
def test_the_truth_is_large_enough_to_judge_by() -> None:
    assert len(evaluation().near) >= 500
    assert len(evaluation().lookalikes) >= 2_000


@pytest.mark.soak
def test_near_duplicates_are_found_by_index_and_look_alikes_are_not() -> None:
    found = evaluation()
    assert found.precision() >= 0.98
    assert found.recall() >= 0.98


@pytest.mark.soak
def test_the_threshold_stands_on_a_plateau() -> None:
    for threshold in (THRESHOLD - 0.03, THRESHOLD + 0.03):
        assert evaluation().precision(threshold) >= 0.98
        assert evaluation().recall(threshold) >= 0.98


@pytest.mark.parametrize("kind", ["agency", "short-news"])
def test_each_kind_of_near_duplicate_is_found(kind: str) -> None:
    found = evaluation()
    pairs = {pair for pair, name in found.near.items() if name == kind}
    assert len(pairs & {*found.matches()}) >= 0.98 * len(pairs)


def test_a_lookup_gives_few_candidates() -> None:
    counts = evaluation().candidates
    assert sum(counts) / len(counts) < 1
    assert max(counts) < 50


# The key of an article's exact text

LONG = " ".join(f"parola{number}" for number in range(MIN_TEXT_WORDS))
SHORT = "Guarda il video"


def article(number: int, body: str = LONG, headline: str = "Un titolo") -> Article:
    return Article(
        id=f"alanews:{number}",
        headline=headline,
        body=body,
        word_count=count_words(body),
        content_hash=digest(headline, None, body),
    )


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (article(1), article(2), True),
        (article(1), article(2, headline="Un altro titolo"), True),
        (article(1), article(2, LONG.upper()), True),
        (article(1), article(2, f"{LONG} fine"), False),
        # Short texts are alike without being duplicates.
        (article(1, SHORT), article(2, SHORT, "Un altro titolo"), False),
        (article(1, SHORT), article(2, SHORT), True),
    ],
)
def test_the_same_text_has_the_same_key(first: Article, second: Article, *, same: bool) -> None:
    assert (text_key(first) == text_key(second)) is same

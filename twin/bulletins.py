"""Short items off the peg: one wording a kind, other places, names and numbers each time."""

from __future__ import annotations

from random import Random

from twin import words
from twin.cast import Cast
from twin.grammar import expand
from twin.vocabulary import VOCABULARIES
from twin.words import lines

SAME_PLACE = 3
"""So many issues of a kind in a row are about the same places and people."""
_WHEELS = (
    "Bari", "Cagliari", "Firenze", "Genova", "Milano", "Napoli", "Palermo", "Roma", "Torino",
    "Venezia", "Nazionale",
)  # fmt: skip
_WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")

KINDS: dict[str, str] = dict(
    zip(
        (
            "earthquake",
            "weather",
            "lottery",
            "jackpot",
            "football",
            "market",
            "fuel",
            "crash",
            "strike",
            "alert",
            "tennis",
            "fire",
            "arrest",
            "poll",
        ),
        lines("""
Una scossa di terremoto di magnitudo {3-5}.{1-9} è stata registrata {wday} alle {hour} {city.a}.
  Secondo i rilevamenti dell’Istituto di geofisica il sisma ha avuto ipocentro a {4-38} chilometri
  di profondità ed epicentro a {2-19} chilometri da {city2}. ¶La scossa è stata avvertita dalla
  popolazione, ma al momento non si segnalano danni a persone o cose. La sala operativa della
  protezione civile è in contatto con i sindaci dei comuni più vicini all’epicentro.
Sulla città di {city} è previsto per {wday} cielo [sereno|coperto|poco nuvoloso] al mattino e
  [sereno|coperto|molto nuvoloso] nel pomeriggio. Le temperature saranno comprese tra una minima
  di {2-14} e una massima di {15-33} gradi, con venti [deboli|moderati] a {5-39} chilometri
  all’ora. ¶Qualche [pioggia|schiarita] in più sul resto della provincia, in particolare verso
  {city2}. L’indice di qualità dell’aria è {20-95}, lo zero termico si attesta a {11-42}00 metri.
  Il sole sorge alle 6.{10-59} e tramonta alle 19.{10-59}.
Ecco i numeri estratti {wday} {day} per il concorso numero {100-199} del Lotto. ¶{wheels}. ¶Le
  vincite si possono riscuotere nelle ricevitorie entro {60-90} giorni dalla pubblicazione del
  bollettino ufficiale. Giocare troppo può causare dipendenza.
Nessun sei all’estrazione di {wday} del Superenalotto, mentre sono stati centrati {2-9} cinque, che
  vincono {11-89}.{100-999} euro ciascuno. La combinazione vincente è {1-15}, {16-30}, {31-45},
  {46-60}, {61-75}, {76-90}; numero jolly {1-90}, superstar {1-90}. ¶Il prossimo montepremi a
  disposizione del sei sale a {21-180},{1-9} milioni di euro. I quattro sono {300-900} e valgono
  {200-599} euro, i tre sono {10-29}.{100-999}.
Finisce {0-4}-{0-3} la gara tra {team1} e {team2}, giocata {wday} sera {city.a} davanti a
  {3-38}.{100-999} spettatori. Le reti sono di {p1.s} al minuto {2-44} e di {p2.s} al minuto
  {46-89}. ¶Con questo risultato {team1} sale a {8-50} punti in classifica, {team2} resta a
  {5-45}. Ammoniti {p3.s} e {man}. Nel prossimo turno {team1} affronterà in trasferta {team3},
  mentre {team2} ospiterà {team4}.
La Borsa di Milano chiude la seduta di {wday} in [rialzo|calo]: l’indice principale segna
  {0-2},{10-99} per cento a {31-44}.{100-999} punti. Tra i titoli a maggior capitalizzazione
  {firm1} {0-6},{10-99} per cento, {firm2} {0-6},{10-99} per cento. ¶Lo spread tra Btp e Bund
  chiude a {71-150} punti base, con il rendimento del decennale italiano al 3,{10-99} per cento.
  L’euro passa di mano a 1,{1000-2100} dollari, il petrolio a {61-94},{10-99} dollari al barile.
Nuovi ritocchi ai prezzi dei carburanti sulla rete italiana. Secondo le rilevazioni di {wday}
  {day} la media della benzina in modalità self è a 1,{600-899} euro al litro, quella del diesel a
  1,{500-799}. Al servito la benzina costa 1,{800-999} euro, il diesel 1,{700-899}. ¶Il metano è
  in vendita a 1,{300-499} euro al chilo, il gpl a 0,{600-799} euro al litro. {firm1} ha mosso i
  prezzi consigliati di {1-3} centesimi, {firm2} di {1-3}.
È di {2-5} morti e {2-12} feriti il bilancio di un incidente stradale avvenuto {wday} alle {hour}
  nei pressi di {city}, lungo la statale {11-690}. Per cause ancora in corso di accertamento
  un’auto e un furgone si sono scontrati frontalmente al chilometro {3-180}. ¶Sul posto sono
  intervenuti i vigili del fuoco, il personale del 118 e la polizia stradale, che ha chiuso il
  tratto in direzione {city2}. La vittima più giovane è {p1}, {18-79} anni.
Sciopero dei mezzi pubblici {wday} {day} {city.a}: si fermano per {4-24} ore i lavoratori aderenti
  alla sigla {firm1}. Bus, tram e metropolitana saranno garantiti dall’inizio del servizio alle
  {7-9}.{10-59} e dalle {17-18}.{10-59} alle {20-21}.{10-59}. ¶Nell’ultima protesta l’adesione era
  stata del {5-48},{1-9} per cento. L’azienda invita gli utenti a consultare il sito prima di
  mettersi in viaggio e ricorda che i biglietti restano validi per {70-120} minuti.
La protezione civile ha emesso un’allerta meteo [gialla|arancione|rossa] per rischio idrogeologico
  dalle {hour} di {wday} alle {hour} del giorno successivo su {city} e provincia. Sono attesi
  {20-190} millimetri di pioggia in {3-24} ore, con raffiche fino a {50-120} chilometri all’ora.
  ¶Il Comune ha disposto la chiusura di scuole, parchi e cimiteri. Nella zona {1-9} resta
  attivo il numero verde. Si raccomanda di evitare gli spostamenti verso {city2} e di non sostare
  nei sottopassi.
{p1} è in semifinale al torneo di {city}. La testa di serie numero {1-16} ha battuto {foreign}
  con il punteggio di 6-{0-4}, {4-7}-{5-6}, 6-{0-4} in {1-2} ore e {10-59} minuti di gioco. ¶È la
  vittoria numero {12-60} della stagione. In semifinale affronterà {p2}, numero {3-120} del mondo,
  con cui i precedenti sono {1-7} a {0-6}. Il montepremi del torneo è di {200-990} mila euro.
Un incendio è divampato {wday} intorno alle {hour} in un capannone di {300-4000} metri quadrati
  alla periferia di {city}. Le fiamme hanno coinvolto un deposito di {firm1} e sono visibili a
  {2-20} chilometri di distanza. ¶Sul posto {3-19} squadre dei vigili del fuoco, arrivate anche da
  {city2}. A scopo precauzionale sono state evacuate {10-90} famiglie. Non risultano feriti. Le
  autorità raccomandano di tenere chiuse le finestre in attesa delle analisi sull’aria.
I carabinieri di {city} hanno arrestato {wday} un uomo di {19-71} anni, trovato in possesso di
  {2-90} chili di droga e {3-60}.{100-999} euro in contanti. L’operazione è scattata alle {hour}
  al termine di un controllo nel quartiere {quarter}. ¶Secondo gli investigatori la sostanza,
  divisa in {20-800} dosi, era destinata alle piazze di {city2}. L’arrestato è stato condotto in
  carcere a disposizione dell’autorità giudiziaria, che ne ha convalidato il fermo.
Se si votasse oggi il partito di {p1.s} otterrebbe il {18-34},{1-9} per cento, in
  [crescita|flessione] di {0-2},{1-9} punti rispetto alla settimana precedente. È quanto emerge dal
  sondaggio di {firm1}, realizzato {wday} {day} su {8-19}00 interviste. ¶Seguono la lista di {p2.s}
  con il {12-24},{1-9} per cento e quella di {p3.s} con il {4-7},{1-9}. Gli indecisi sono il
  {12-40},{1-9} per cento. La fiducia nel governo si attesta al {30-50} per cento.
"""),
        strict=True,
    )
)
"""One wording a kind; {low-high} is a number, ¶ a new paragraph."""


class _Facts:
    """Fills a wording: places and names from one source of chance, numbers from another."""

    def __init__(self, kind: str, issue: int, seed: int) -> None:
        name = f"{seed} {kind} {issue // SAME_PLACE}"
        self._names, self.random = Random(name), Random(f"{name} {issue}")
        self._cast = Cast(VOCABULARIES["cronaca"], self._names)
        teams = self._names.sample(words.CITIES, 4)
        self._fixed = {f"team{number}": team for number, team in enumerate(teams, 1)}
        firms = self._names.sample(words.SURNAMES, 4)
        self._fixed |= {"firm1": firms[0], "firm2": firms[1], "quarter": firms[2], "man": firms[3]}
        self._fixed["foreign"] = self._names.choice(words.FOREIGN)[2:]
        self._fixed["city2"] = self._cast.slot("city2", "")

    def slot(self, name: str, form: str) -> str:
        if name in self._fixed:
            return self._fixed[name]
        low, dash, high = name.partition("-")
        if dash:
            return str(self.random.randint(int(low), int(high)))
        if name == "wday":
            return self.random.choice(_WEEKDAYS)
        if name == "hour":
            return f"{self.random.randint(7, 22)}.{self.random.randint(10, 59)}"
        if name == "day":
            return f"{self.random.randint(12, 28)} {self.random.choice(words.MONTHS)}"
        if name == "wheels":
            draws = (self.random.sample(range(1, 91), 5) for _ in _WHEELS)
            pairs = zip(_WHEELS, draws, strict=True)
            return "; ".join(f"{wheel} {' '.join(map(str, drawn))}" for wheel, drawn in pairs)
        return self._cast.slot(name, form)


def bulletin(kind: str, issue: int, seed: int) -> list[str]:
    """Return the paragraphs of one item of a kind; each issue tells of another event."""
    facts = _Facts(kind, issue, seed)
    return expand(KINDS[kind], facts, facts.random).split(" ¶")

"""Words of the section Politica."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
f:legge sui piccoli comuni
m:decreto sulla scuola serale
f:commissione d’inchiesta sugli appalti
m:voto di fiducia
f:mozione sul trasporto locale
m:referendum sulla fusione dei comuni
f:riforma del consiglio regionale
m:rimpasto di giunta
f:manovra di bilancio
m:regolamento dell’aula
f:candidatura unitaria
m:tavolo sulle autonomie
f:proposta sul voto a distanza
m:congresso del partito
f:nomina del garante
m:emendamento sugli asili nido
"""),
    bodies=lines("""
m:Consiglio regionale
f:Giunta
m:gruppo di maggioranza
f:opposizione
f:commissione Bilancio
m:partito Alleanza Civica
m:movimento Radici Comuni
f:conferenza dei capigruppo
m:ministero
f:Associazione dei sindaci
f:segreteria del partito
m:comitato promotore
"""),
    roles=(
        ("capogruppo", "capogruppo"),
        ("sottosegretario", "sottosegretaria"),
        ("assessore al bilancio", "assessora al bilancio"),
        ("sindaco", "sindaca"),
        ("relatore della legge", "relatrice della legge"),
        ("presidente della commissione", "presidente della commissione"),
        ("deputato", "deputata"),
        ("consigliere di opposizione", "consigliera di opposizione"),
        ("segretario del partito", "segretaria del partito"),
    ),
    aspects=lines("""
f:tenuta della maggioranza
m:calendario dell’aula
f:copertura finanziaria
m:rapporto con gli alleati
f:autonomia dei territori
m:numero legale
f:trasparenza degli atti
m:limite dei mandati
f:distribuzione dei fondi
m:ruolo delle commissioni
f:lista dei candidati
m:parere dei tecnici
f:raccolta delle firme
m:patto con i sindaci
f:sede degli uffici
m:testo dell’intesa
"""),
    tags=lines("""
governo
regioni
parlamento
elezioni
bilancio
autonomie
sindaci
maggioranza
opposizione
riforme
referendum
giunta
partiti
emendamenti
scuola
Senato
comuni
nomine
"""),
    facts=lines("""
Il testo arriverà in aula {wday} con {num} emendamenti, la metà dei quali riguarda {asp.il}.
La votazione, a scrutinio palese, si è chiusa alle {hour}: {num} sì, {few} no e {few} astenuti.
La maggioranza ha retto nonostante {few} assenze, quasi tutte tra gli eletti di {city2}.
{p1.s} ha passato la mattina a contare i voti: ne mancano {few}, e tutti portano {asp.a}.
Il documento, approvato {city.a} con {few} voti di scarto, stanzia {mln} per i comuni sotto i
  {big} abitanti.
{body.il} ha depositato una proposta di {few} articoli che riscrive da capo {asp.il}.
I sindaci della provincia, {num} in tutto, hanno firmato una lettera sul tema {asp.di}.
La riunione dei capigruppo è finita dopo {few} ore senza un accordo: se ne riparla {city2.a},
  {wday}.
L’ultimo sondaggio, su {big} interviste, dà {body.il} al {pct}, in calo rispetto {asp.a}.
{city2.a} la stessa norma è in vigore dal {year} e, secondo {p3.s}, ha ridotto i tempi del {pct}.
Tra i banchi {ente.di} si fa strada l’idea di un rinvio {month.a}, legato soprattutto {asp.a}.
Nel {year} una legge quasi identica si era fermata per {few} voti, e in aula c’era già {p2.s}.
Le firme raccolte sono {big}, contro le {num} mila richieste, e {city} ne ha date più di ogni
  altra provincia.
Il capitolo di spesa vale {mln} e comprende {asp.il}, voce aggiunta alle {hour} di {wday}.
{asp.su} i gruppi hanno presentato {few} testi diversi, poi ridotti a uno dal comitato ristretto.
Prima del voto {p1.s} ha incontrato {few} amministratori di {city2}, contrari al passaggio che
  riguarda {asp.il}.
"""),
    quotes=lines("""
Non è il momento dei veti, {city} aspetta questa legge dal {year}
Voteremo contro, e spiegheremo il perché in {few} piazze
{asp.su} non faremo sconti a nessuno, nemmeno agli alleati
I numeri ci sono, mancano {few} firme e il coraggio di metterle
Un governo si giudica dopo {few} mesi, non dopo {few} giorni
La maggioranza è più larga di {num} voti e lo dimostrerà {wday}
Chiedo ai colleghi di leggere il testo prima di parlarne {city2.a}
Gli elettori di {city} meritano chiarezza su {few} punti
Se {asp.il} esce dal testo, noi usciamo dall’aula
"""),
    heads=lines("""
Il voto in aula
I numeri della maggioranza
La partita {asp.su}
Emendamenti e rinvii
Il fronte dei sindaci
{p2.s} contro {p3.s}
Che cosa prevede il testo
"""),
    titles=lines("""
{ev.il}, passa il testo: {num} sì e {few} no
{ev.il}, {p1.s} [sfida|convince|gela] gli alleati: “{quote}”
{city}, {ev.il} [slitta|arriva|torna] in aula {month.a}
{ev.il}, la maggioranza si [divide|ricompatta] {asp.su}
{p2.s}: “{quote}”
{ente.il} [cambia|difende|riscrive] {ev.il}
"""),
)

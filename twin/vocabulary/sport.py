"""Words of the section Sport."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
f:staffetta mista del nuoto
m:torneo internazionale di scherma
f:tappa del giro d’inverno
m:derby di pallavolo
f:regata delle tre isole
m:meeting di atletica
f:finale del campionato di basket
m:record italiano del martello
f:maratona del lago
m:ritorno sul ring
f:qualificazione ai giochi invernali
m:raduno della nazionale di rugby
f:coppa di sci alpino
m:esordio nella massima serie
f:vittoria in rimonta
m:gran premio di ciclocross
"""),
    bodies=lines("""
f:federazione
m:comitato organizzatore
f:società sportiva Virtus Nova
m:settore giovanile
f:nazionale
m:club della pallavolo
f:giuria di gara
m:consiglio federale
f:squadra di casa
m:gruppo sportivo Aurora
f:commissione tecnica
m:centro di preparazione olimpica
"""),
    roles=(
        ("commissario tecnico", "commissaria tecnica"),
        ("allenatore", "allenatrice"),
        ("capitano", "capitana"),
        ("velocista", "velocista"),
        ("preparatore atletico", "preparatrice atletica"),
        ("presidente del club", "presidente del club"),
        ("arbitro internazionale", "arbitra internazionale"),
        ("medico della squadra", "medica della squadra"),
        ("campione uscente", "campionessa uscente"),
    ),
    aspects=lines("""
f:condizione fisica
m:lavoro in palestra
f:tensione della vigilia
m:recupero dall’infortunio
f:scelta dei materiali
m:calendario delle gare
f:crescita dei giovani
m:sostegno del pubblico
f:gestione della fatica
m:cambio di allenatore
f:quota delle iscrizioni
m:rinnovo dell’impianto
f:preparazione in altura
m:regolamento della prova
f:classifica generale
m:premio ai vincitori
"""),
    tags=lines("""
atletica
nuoto
volley
basket
ciclismo
scherma
rugby
vela
sci
tennis
maratona
giovani
record
olimpiadi
paralimpiadi
pugilato
federazioni
impianti
"""),
    facts=lines("""
La gara si è decisa negli ultimi {few} minuti, quando {p1.s} ha trovato lo spunto che {city}
  aspettava da ore.
Sugli spalti {city.a} c’erano {big} spettatori, il pubblico più numeroso dal {year}.
Il distacco finale è di {few} punti, ma fino alle {hour} {asp.il} aveva tenuto tutto in
  equilibrio.
{p2.s} chiude al posto numero {few}, con un ritardo di {num} centesimi dal primo posto.
Per la squadra è la vittoria numero {min} in casa, la prima contro {city2} dopo {few} sconfitte.
Il tempo di {few} minuti e {min} centesimi vale il primato stagionale e cancella quello di
  {city2}.
La preparazione era cominciata {city2.a} in {month}, con {few} ore al giorno dedicate {asp.a}.
Nel finale l’arbitro ha fischiato {few} falli, e {p3.s} ha protestato a lungo per {asp.il}.
A bordo campo {p1.s} ha cambiato schema {few} volte, puntando tutto {asp.su}.
Gli iscritti sono {big}, arrivati da {num} città: il gruppo più folto parte da {city2}.
In classifica la squadra di {city} sale a {min} punti e aggancia quella di {city2}.
La pista, rifatta nel {year} con {mln}, ha retto anche alla pioggia caduta dalle {hour}.
Tra i convocati ci sono {few} esordienti, il più giovane cresciuto nel vivaio di {city2}.
Il percorso misura {num} chilometri e attraversa {few} paesi prima dell’arrivo {city.a}.
I medici hanno concesso il via libera {wday}: {asp.il} non è più un problema, assicura {p3.s}.
Dopo {few} turni la media è del {pct}, e {ente.il} guarda già alla trasferta di {month}.
"""),
    quotes=lines("""
Ho pensato ai {few} mesi passati in palestra e ho spinto fino alla fine
Questa medaglia la porto {city2.a}, dove tutto è cominciato nel {year}
Il gruppo vale più di {min} punti in classifica
Non abbiamo ancora vinto niente, mancano {few} gare
Con {asp.il} così possiamo giocarcela con tutti
Ho chiesto ai ragazzi {few} minuti di follia e li ho avuti
Il pubblico di {city} ci ha fatto correre il doppio
Si perde e si impara, {wday} torniamo al lavoro
"""),
    heads=lines("""
La gara minuto per minuto
La classifica dopo {few} turni
Il segreto {p1.di}
Verso {city2}
La festa del pubblico
Gli ultimi {few} minuti
I convocati
"""),
    titles=lines("""
{ev.il}, {p1.s} [trionfa|sorprende|cade] {city.a}
{ev.il}: {city} batte {city2} di {few} punti
{p1}, {few} mesi dopo: “{quote}”
{city}, {big} spettatori per {ev.il}
{ev.il}, {asp.il} preoccupa {p2.s}
Impresa {city.a}: {ev.il} dopo {few} tentativi
"""),
)

"""Words of the section Calcio."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
m:derby di ritorno
f:semifinale di coppa
m:mercato di gennaio
f:salvezza all’ultima giornata
m:rinnovo del centrocampista
m:esonero dell’allenatore
f:trattativa per il portiere
m:rigore al novantesimo
f:partita rinviata per pioggia
m:ritiro precampionato
f:promozione in serie maggiore
m:debutto del terzino
f:amichevole internazionale
m:ricorso contro la squalifica
f:rimonta in dieci uomini
m:prestito dell’attaccante
"""),
    bodies=lines("""
f:società rossoblù
m:club granata
f:Lega
m:giudice sportivo
f:dirigenza biancoverde
m:tifo organizzato
f:squadra Primavera
m:settore tecnico
f:panchina gialloblù
m:collegio arbitrale
f:proprietà straniera
m:sindacato dei calciatori
"""),
    roles=(
        ("tecnico", "tecnica"),
        ("direttore sportivo", "direttrice sportiva"),
        ("attaccante", "attaccante"),
        ("esterno di fascia", "esterna di fascia"),
        ("capitano della squadra", "capitana della squadra"),
        ("presidente del club", "presidente del club"),
        ("procuratore", "procuratrice"),
        ("centrocampista", "centrocampista"),
        ("vice allenatore", "vice allenatrice"),
    ),
    aspects=lines("""
m:modulo con tre difensori
f:marcatura a uomo
m:pressing alto
f:rosa troppo corta
m:contratto in scadenza
f:forma degli attaccanti
m:turno infrasettimanale
f:panchina lunga
m:terreno dello stadio
f:revisione al monitor
m:calcio piazzato
f:quota salvezza
m:rientro dalla squalifica
f:clausola del prestito
m:monte ingaggi
f:intesa tra i reparti
"""),
    tags=lines("""
serie A
serie B
coppa
calciomercato
derby
allenatori
arbitri
stadi
Primavera
calcio femminile
portieri
infortuni
rigori
classifica
tifosi
amichevoli
"""),
    facts=lines("""
Il gol decisivo arriva al minuto {min}, su un’azione cominciata {few} passaggi prima nella
  propria metà campo.
Primo tempo bloccato, poi {p1.s} cambia {few} uomini e la partita di {city} prende un’altra
  piega.
Lo stadio di {city} era esaurito: {big} biglietti venduti in {few} ore e una curva arrivata da
  {city2}.
Il possesso palla si ferma al {pct}, ma i tiri in porta sono {few}, quasi tutti nati {asp.da}.
La trattativa è ai dettagli: {mln} più {few} di bonus, con visite mediche fissate {city2.a} per
  {wday}.
{p2.s} ha segnato {few} reti nelle ultime {few} gare, numeri che fanno gola {body.a}.
Nel finale l’arbitro assegna {few} minuti di recupero e {asp.il} fa discutere entrambe le
  panchine.
La squadra sale a {min} punti, a più {few} dalla zona calda, e {wday} va {city2.a}.
Il contratto, firmato alle {hour}, scade tra {few} stagioni e prevede un ingaggio da {mln}.
L’infortunio al ginocchio terrà fuori {p3.s} per {few} settimane: rientro previsto in {month}.
Dal {year} le due squadre si sono incontrate {num} volte, con {few} vittorie esterne.
Sulla panchina siede un gruppo giovane, {few} ragazzi cresciuti tra {city} e {city2}.
I tifosi hanno contestato per {few} minuti, poi il coro: a cambiare l’umore è stato {asp.il}.
La difesa ha concesso {few} gol da palla ferma, il {pct} del totale, e {p1.s} ha deciso di
  rivedere tutto.
Il ricorso, depositato {wday} alle {hour}, punta a ridurre la squalifica da {few} a due giornate.
In tribuna c’erano {few} osservatori, arrivati da {city2} per seguire {p2.s}.
"""),
    quotes=lines("""
Abbiamo sofferto {few} minuti, poi la squadra ha tirato fuori l’anima
Il mercato chiude tra {few} giorni e io non commento i nomi
Chi viene {city.a} deve sapere che qui si corre
Ho visto {few} errori e li ho già dimenticati, domani si lavora
Mi avevano dato per finito nel {year}, eccomi qui
Con {min} punti non si festeggia, si dorme tranquilli una notte
Sono rimasto perché {city} mi ha chiesto di restare
Per noi {asp.il} è un vantaggio, non un problema
"""),
    heads=lines("""
Le pagelle del secondo tempo
Il nodo del contratto
La mossa {p1.di}
Il calendario fino {month.a}
Tifosi in fila dalle {hour}
{few} punti in {few} gare
La corsa alla salvezza
"""),
    titles=lines("""
{city}-{city2}, {ev.il}: decide {p2.s} al minuto {min}
{ev.il}, {p1.s}: “{quote}”
Calciomercato, {ev.il}: offerta da {mln}
{city}, {ev.il} e {asp.il}: la settimana più lunga
{ev.il}, {few} assenti per {p1.s}
{p2.s} a un passo da {city2}: {few} giorni per chiudere
"""),
)

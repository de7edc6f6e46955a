"""Words of the section Esteri."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
m:vertice sui corridoi ferroviari
m:accordo sulla pesca nel Nord
f:missione di osservatori
m:trattato sui cavi sottomarini
f:crisi di governo
m:negoziato sui visti
f:visita di Stato
m:piano per i porti franchi
f:conferenza dei donatori
f:disputa sul confine fluviale
m:scambio di ambasciatori
f:intesa sui vaccini
m:bando dei voli notturni
f:elezione anticipata del parlamento
m:forum sulle isole minori
f:mediazione sul gasdotto
"""),
    bodies=lines("""
m:ministero degli Esteri
f:Commissione europea
m:parlamento
f:Corte costituzionale
m:Consiglio nordico
f:Lega dei porti
f:delegazione africana
m:segretariato dell’alleanza
f:banca centrale
f:agenzia per i rifugiati
m:gruppo di contatto
f:presidenza di turno
"""),
    roles=(
        ("primo ministro", "prima ministra"),
        ("ministro degli Esteri", "ministra degli Esteri"),
        ("ambasciatore", "ambasciatrice"),
        ("inviato speciale", "inviata speciale"),
        ("capo della delegazione", "capo della delegazione"),
        ("analista", "analista"),
        ("portavoce del governo", "portavoce del governo"),
        ("commissario europeo", "commissaria europea"),
        ("capo negoziatore", "capo negoziatrice"),
    ),
    aspects=lines("""
f:sicurezza delle rotte
m:rispetto del cessate il fuoco
f:libertà di movimento
m:transito delle merci
f:fornitura di gas
m:rientro dei profughi
f:presenza degli osservatori
m:ruolo dei mediatori
f:questione dei dazi
m:controllo delle frontiere
f:stabilità della regione
m:voto dei residenti all’estero
f:cooperazione tra le capitali
m:debito con i creditori
f:sorte dei detenuti
m:dialogo con i vicini
"""),
    tags=lines("""
diplomazia
Unione europea
vertici
dazi
energia
elezioni
confini
ambasciate
negoziati
migranti
Stati Uniti
Asia
Africa
Balcani
America Latina
sicurezza
trattati
porti
"""),
    facts=lines("""
Le delegazioni, {few} in tutto, sono arrivate {city.a} nella notte: i lavori si sono aperti alle
  {hour} con un minuto di silenzio.
Il comunicato finale, lungo {few} pagine, dedica un paragrafo intero {asp.a} e cita {city2} come
  sede dei prossimi incontri.
La capitale è rimasta blindata per {few} giorni, con {big} agenti e il centro chiuso al traffico
  dalle {hour}.
Tra i punti già concordati figurano {asp.il} e un fondo da {mln} per i Paesi più piccoli.
Le trattative erano ferme dal {year}, quando {body.il} aveva lasciato il tavolo per protesta.
{p1.s}, al potere da {few} anni, arriva al voto con il {pct} dei consensi, secondo l’ultimo
  sondaggio.
Nelle strade di {city} sono scese {big} persone, mentre {city2.a} il corteo è stato rinviato a
  {wday}.
Il testo riconosce {asp.il}, ma rinvia a un allegato di {few} articoli le regole di dettaglio.
Per la prima volta dal {year} i due governi siederanno allo stesso tavolo, con la mediazione
  {body.di}.
L’ambasciata di {city2} ha confermato che {num} cittadini sono stati contattati e stanno bene.
Il passaggio più discusso, all’articolo {few}, riguarda {asp.il} e ha richiesto {few}
  riscritture.
I mercati hanno reagito subito: la moneta locale ha [perso|guadagnato] il {pct} prima delle
  {hour}.
Gli osservatori, {num} in tutto, resteranno fino {month.a} e riferiranno direttamente {body.a}.
Sul dossier pesa anche il calendario: {city2} vota in {month}, e nessuno vuole decidere prima.
Il corridoio, aperto {wday} alle {hour}, ha permesso il passaggio di {num} camion diretti verso
  {city2}.
Alla firma mancavano {few} Paesi, che chiedono garanzie scritte sul tema {asp.di}.
"""),
    quotes=lines("""
Abbiamo scelto la via più lunga perché è l’unica che arriva fino {city2.a}
Il mio governo non firmerà un testo che ignora {asp.il}
Oggi {few} Paesi parlano con una voce sola, non accadeva dal {year}
La pazienza è finita, ma la porta {city.a} resta aperta
Non cerchiamo vincitori, cerchiamo {few} firme
Chi chiude una frontiera ne paga il prezzo per {few} anni
Ci rivedremo {city2.a} prima di {month}, con un testo nuovo
I nostri alleati sanno che {asp.il} per noi è una linea rossa
È il primo passo di una strada che conta {few} tappe
"""),
    heads=lines("""
Il vertice di {city}
La mediazione {body.di}
I nodi del negoziato
Le reazioni {city2.a}
Che cosa prevede l’intesa
Una lunga notte di trattative
Il fronte dei contrari
"""),
    titles=lines("""
{city}, {ev.il}: intesa [a un passo|più lontana] {asp.su}
{ev.il}, {p1.s} [apre|chiude] {city2.a}
{ev.il}, {few} Paesi firmano: resta fuori {city2}
Da {city} {city2.a}, {ev.il} e {asp.il}
{p1.s} {city.a}: “{quote}”
{ev.il}, {ente.il} [media|avverte|frena]
"""),
    abroad=True,
)

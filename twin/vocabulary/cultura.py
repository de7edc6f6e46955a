"""Words of the section Cultura."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
m:restauro della biblioteca
f:mostra sulle carte nautiche
m:premio di poesia dialettale
f:riapertura del museo civico
m:ritrovamento di un mosaico
f:traduzione di un diario inedito
m:archivio dei fotografi ambulanti
f:rassegna dei piccoli editori
m:romanzo sulla bonifica
f:donazione di una quadreria
m:festival della filosofia
f:candidatura a capitale del libro
m:cantiere di scavo
f:notte dei musei
m:catalogo delle voci contadine
f:scoperta di uno spartito
"""),
    bodies=lines("""
f:Soprintendenza
m:museo civico
f:Biblioteca centrale
m:Archivio di Stato
f:fondazione Arca
m:dipartimento di storia
f:casa editrice Il Molo
m:comitato per il centenario
f:Accademia delle lettere
m:Centro studi sul paesaggio
f:rete dei teatri di parola
m:gruppo degli archeologi
"""),
    roles=(
        ("storico dell’arte", "storica dell’arte"),
        ("curatore della mostra", "curatrice della mostra"),
        ("bibliotecario", "bibliotecaria"),
        ("scrittore", "scrittrice"),
        ("restauratore", "restauratrice"),
        ("archeologo", "archeologa"),
        ("direttore del museo", "direttrice del museo"),
        ("editore", "editrice"),
        ("traduttore", "traduttrice"),
    ),
    aspects=lines("""
f:luce delle sale
m:catalogo delle opere
f:conservazione della carta
m:prestito tra i musei
f:memoria dei luoghi
m:colore originale
f:lettura ad alta voce
m:deposito degli inediti
f:grafia dell’autore
m:ingresso gratuito
f:ricerca d’archivio
m:lavoro degli artigiani
f:datazione dei reperti
m:dialogo tra le arti
f:lingua dei personaggi
m:percorso per i bambini
"""),
    tags=lines("""
mostre
libri
musei
archeologia
poesia
restauri
biblioteche
fotografia
storia
romanzi
festival
arte
archivi
paesaggio
editoria
teatro
"""),
    facts=lines("""
Nelle {few} sale sono esposti {num} pezzi, molti dei quali usciti per la prima volta dai depositi
  di {city2}.
Il restauro, durato {few} anni, ha riportato alla luce {asp.il} sotto tre strati di vernice.
Il volume conta {num} pagine e {few} capitoli, ciascuno legato a un luogo tra {city} e {city2}.
La carta più antica è del {year}, spiega {p2.s}, ma {asp.il} fa pensare a una mano precedente.
L’ingresso costa {few} euro ed è gratuito {wday}, con visite guidate alle {hour}.
Tra i manoscritti ce n’è uno di {num} fogli, comprato {city2.a} nel {year} per una somma modesta.
La giuria ha letto {num} raccolte e ne ha scelte {few}, premiando soprattutto {asp.il}.
Gli scavi hanno restituito {num} frammenti in {few} settimane, a pochi passi dal centro di
  {city}.
Alla prima apertura sono entrate {big} persone, il {pct} delle quali sotto i trent’anni.
Il percorso comincia dal cortile e finisce con {asp.il}, una scelta che {p1.s} difende con
  convinzione.
Il fondo, donato da una famiglia di {city2}, comprende {big} lastre e {few} macchine
  fotografiche.
L’autore lo scrisse {city.a} in {few} mesi, tenendo in un cassetto le lettere arrivate da
  {city2}.
Per il cantiere servono {mln}: {few} fondazioni hanno già risposto all’appello {ente.di}.
Accanto alle opere ci sono {few} postazioni sonore, dedicate {asp.a}.
Le letture, {few} in tutto, si terranno tra {month} e l’estate nelle piazze di {city2}.
Il ritrovamento riapre una discussione ferma dal {year}, quella che riguarda {asp.il}.
"""),
    quotes=lines("""
Un museo vive se qualcuno ci torna, e {city} ci torna
In quelle {num} pagine c’è una città che non esiste più
Ho cercato {asp.il} per {few} anni, la risposta era in un armadio di {city2}
I libri non si salvano da soli, servono mani e {few} gradi in meno
La poesia arriva dove non arrivano le {few} del pomeriggio
Non restauriamo per farne una cartolina, restauriamo per capire
Ogni visitatore porta via una domanda, è quello che volevamo
Nel {year} nessuno credeva che quelle carte valessero qualcosa
"""),
    heads=lines("""
Le sale e il percorso
Una storia cominciata nel {year}
Il lavoro dei restauratori
Lettere da {city2}
{num} opere in mostra
La voce {p1.di}
Orari e visite
"""),
    titles=lines("""
{city}, {ev.il}: {num} opere e una scoperta
{ev.il}, {p1.s}: “{quote}”
{ev.il} svela {asp.il}
{city} riscopre {asp.il} con {ev.il}
{ev.il}: {few} sale, {num} pezzi e {asp.il}
Dentro {ev.il} con {p1}
"""),
)

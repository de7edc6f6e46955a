"""Words of the section Spettacoli."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
f:serie in otto episodi
m:concerto di fine anno
f:tournée nei teatri di provincia
m:film girato in laguna
f:mostra del cortometraggio
m:varietà del sabato sera
f:colonna sonora premiata
m:musical sugli emigranti
f:commedia in dialetto
m:disco registrato dal vivo
f:serata di premiazione
m:ritorno del quartetto
f:prima del balletto
m:documentario sui circhi
f:finale del concorso canoro
m:festival delle voci nuove
"""),
    bodies=lines("""
f:casa di produzione Lanterna
m:teatro comunale
f:giuria del premio
m:canale tematico
f:orchestra giovanile
m:Centro di cinematografia
f:compagnia stabile
m:coro di voci bianche
f:direzione artistica
m:circuito delle sale
f:etichetta Onda Lunga
m:pubblico in sala
"""),
    roles=(
        ("regista", "regista"),
        ("attore", "attrice"),
        ("cantautore", "cantautrice"),
        ("direttore d’orchestra", "direttrice d’orchestra"),
        ("sceneggiatore", "sceneggiatrice"),
        ("conduttore", "conduttrice"),
        ("coreografo", "coreografa"),
        ("produttore", "produttrice"),
        ("scenografo", "scenografa"),
    ),
    aspects=lines("""
f:scelta del cast
m:finale a sorpresa
f:scrittura dei dialoghi
m:costo dei biglietti
f:regia delle luci
m:successo sulle piattaforme
f:prova generale
m:tutto esaurito
f:colonna sonora
m:personaggio principale
f:critica dei giornali
m:lavoro con gli esordienti
f:diretta televisiva
m:allestimento delle scene
f:scaletta della serata
m:omaggio ai maestri
"""),
    tags=lines("""
cinema
teatro
musica
televisione
serie tv
concerti
festival
danza
premi
attori
registi
cantautori
opera
doppiaggio
documentari
varietà
"""),
    facts=lines("""
Le riprese, durate {few} settimane, hanno portato la troupe da {city} {city2.a} con {num}
  comparse.
Il debutto è fissato per {wday} alle {hour}, in una sala da {num} posti già quasi piena.
In scena ci sono {few} interpreti e un’orchestra di {num} elementi, guidata {p3.da}.
La scaletta prevede {few} brani, {few} dei quali inediti, scritti tra {city} e {city2}.
Il primo episodio ha raccolto il {pct} di ascolto, un risultato che {ente.il} non vedeva dal
  {year}.
Sul palco {p1.s} resta {few} minuti da solo, e lì si capisce quanto conti {asp.il}.
Il bilancio della produzione sfiora {mln}, un terzo dei quali destinato {asp.a}.
I costumi sono {num}, cuciti a mano in un laboratorio di {city2} attivo dal {year}.
Tra le novità c’è {asp.il}, cui la critica ha dedicato più righe che alla trama.
I biglietti, tra {few} e {min} euro, sono andati esauriti in {few} ore.
La storia comincia {city.a} nel {year} e segue una famiglia per {few} generazioni.
Per il ruolo {p2.s} ha studiato {few} mesi con un gruppo di artigiani di {city2}.
La giuria, {few} voci in tutto, ha discusso fino alle {hour} prima di scegliere.
Il pubblico ha applaudito per {few} minuti, soprattutto {asp.il}.
Le date già annunciate sono {num}, con una sosta {city2.a} in {month}.
Il disco, {few} tracce e un solo ospite, arriva dopo {few} anni di silenzio.
"""),
    quotes=lines("""
Ho scritto la prima scena in treno, tra {city} e {city2}
Non volevo un eroe, volevo una persona che sbaglia {few} volte
Il teatro mi ha insegnato ad aspettare, al cinema ho {few} minuti
Quando si spengono le luci {city.a} sento ancora paura
La canzone è nata in {few} ore e non l’ho più toccata
Dal {year} cambio mestiere ogni {few} anni, e mi piace così
Senza {asp.il} questo spettacolo non esisterebbe
Il pubblico di {city} è esigente, per questo si parte da lì
"""),
    heads=lines("""
La trama
{p1.s} e il suo personaggio
Una troupe di {num} persone
Dal set di {city2}
Il giudizio della critica
Le prossime date
Dietro le quinte
"""),
    titles=lines("""
{ev.il}, {p1.s} si racconta: “{quote}”
{city}, applausi per {ev.il}: {few} minuti in piedi
{ev.il}: trama, cast e {asp.il}
{p1} torna con {ev.un}: “{quote}”
{ev.il}, il {pct} di ascolto premia {asp.il}
Da {city} il via: {ev.il} in {num} tappe
"""),
)

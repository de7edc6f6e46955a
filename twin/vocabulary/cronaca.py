"""Words of the section Cronaca."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
m:sgombero dell’ex caserma
f:chiusura del ponte vecchio
m:salvataggio di una barca a vela
m:guasto alla rete idrica
f:rapina in una gioielleria
m:blackout nel quartiere nuovo
f:scoperta di un magazzino abusivo
m:ritrovamento di un quadro rubato
f:fuga di gas nel cortile
m:maxi controllo sui treni
f:frana sulla strada provinciale
m:recupero di un cane nel canale
f:truffa dei falsi tecnici
m:incendio in un deposito di carta
m:processo per il crollo del solaio
f:protesta dei pendolari
"""),
    bodies=lines("""
m:comando dei vigili del fuoco
f:Procura
f:polizia stradale
f:Protezione civile
m:comitato di quartiere
f:Prefettura
f:Croce Azzurra
m:nucleo sommozzatori
f:Questura
m:soccorso alpino
m:Comune
f:polizia ferroviaria
"""),
    roles=(
        ("comandante della polizia locale", "comandante della polizia locale"),
        ("sostituto procuratore", "sostituta procuratrice"),
        ("avvocato della famiglia", "avvocata della famiglia"),
        ("portavoce dei residenti", "portavoce dei residenti"),
        ("caposquadra dei soccorsi", "caposquadra dei soccorsi"),
        ("commerciante", "commerciante"),
        ("testimone", "testimone"),
        ("perito del tribunale", "perita del tribunale"),
        ("vicesindaco", "vicesindaca"),
    ),
    aspects=lines("""
f:sicurezza del quartiere
m:passaggio dei mezzi di soccorso
f:manutenzione delle strade
m:racconto dei testimoni
f:ricostruzione dei fatti
m:filmato delle telecamere
f:viabilità della zona
m:rientro degli sfollati
f:posizione degli indagati
m:esito della perizia
f:catena dei controlli
m:risarcimento dei danni
f:presenza delle pattuglie
m:allarme dato dai vicini
f:chiusura delle scuole
m:servizio dei bus sostitutivi
"""),
    tags=lines("""
cronaca nera
incidenti
vigili del fuoco
indagini
soccorsi
traffico
processi
furti
truffe
maltempo
quartieri
treni
carabinieri
polizia
tribunale
emergenze
strade
sgomberi
"""),
    facts=lines("""
La prima chiamata al numero di emergenza è arrivata alle {hour}: in {few} minuti {ente.il} era
  già sul posto, nella zona est di {city}.
Sul posto hanno lavorato {few} squadre e {num} volontari, con mezzi arrivati anche da {city2}.
Gli agenti hanno [ascoltato|sentito] {few} testimoni e sequestrato {num} oggetti, ora affidati al
  perito.
La strada è rimasta chiusa per {few} ore, con code fino {city2.a} e deviazioni segnalate dalle
  {hour}.
Le famiglie costrette a lasciare casa sono {few}: {num} persone hanno passato la notte in una
  palestra di {city}.
Il filmato, lungo {few} minuti, mostra {asp.il} e sarà [acquisito|visionato] {body.da} {wday}.
I danni superano {mln}, secondo un primo sopralluogo {body.di}, e {asp.il} complica i conti.
L’allarme era scattato già {wday} notte, quando {p3.s} aveva notato qualcosa di strano vicino al
  civico {num}.
A ricostruire i fatti è {p2.r}: tutto comincia alle {hour}, a {few} passi dalla stazione di
  {city}.
Il fascicolo conta {num} pagine e ipotizza {few} reati; l’udienza è fissata {city2.a} per
  {month}.
Una donna di {city2}, di {few} anni più giovane del marito, è stata accompagnata in ospedale e
  poi dimessa alle {hour}.
Nel quartiere vivono {big} persone, e da {few} anni si chiede di rivedere {asp.il}.
La merce recuperata vale {mln} ed era nascosta in {few} box alla periferia di {city2}.
Due pattuglie hanno seguito l’auto per {num} chilometri, fino al casello di {city2}, dove la
  corsa è finita alle {hour}.
I tecnici hanno misurato per {few} giorni {asp.il}, prima di dare il via libera al rientro.
Il cantiere più vicino, {city2.a}, era fermo dal {year}: anche su questo indaga {ente.il}.
"""),
    quotes=lines("""
Ho sentito un boato alle {hour} e sono sceso in strada con {few} vicini
Abbiamo fatto {num} telefonate prima che qualcuno ci rispondesse
Nessuno è rimasto indietro, ed è questo che conta per {city}
Lo avevamo scritto {few} volte, adesso vogliamo sapere chi ha letto quelle lettere
Vogliamo la verità e la vogliamo entro {month}
È stato un lavoro di squadra, {few} ore senza fermarsi mai
Qui ci conosciamo tutti, {num} famiglie non si spostano per capriccio
Il mio assistito non era {city2.a} quella sera, lo dimostreremo
Bastavano {few} minuti in più e avremmo raccontato un’altra storia
"""),
    heads=lines("""
La notte dei soccorsi
Il racconto {p2.di}
Che cosa è successo alle {hour}
Le indagini {ente.di}
Strade chiuse e deviazioni
La paura dei residenti di {city}
{num} persone fuori casa
"""),
    titles=lines("""
{city}, {ev.il}: {num} persone [coinvolte|soccorse|evacuate]
{ev.il} {city.a}, il racconto {p2.di}: “{quote}”
{city}, paura per {ev.il}: {few} ore di lavoro
{ev.il}, indaga {ente.il}: al vaglio {asp.il}
Strade chiuse {city.a} per {ev.il}
{city}, {few} indagati per {ev.il}
“{quote}”: parla {p3}
"""),
)

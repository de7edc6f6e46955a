"""Words of the section Ambiente."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
m:ritorno della lince
f:pulizia del fondale
m:parco lungo il fiume
f:riforestazione della collina
m:censimento degli uccelli
f:secca del lago
m:impianto per il compost
f:barriera contro l’erosione
m:piano per gli alberi in città
f:comunità energetica
m:recupero della cava
f:moria di api
m:corridoio per i cervi
f:oasi tra le risaie
m:progetto sulle praterie marine
f:legge sul suolo
"""),
    bodies=lines("""
m:Parco regionale
f:Agenzia per l’ambiente
m:consorzio di bonifica
f:associazione Selva Viva
m:Istituto di idrologia
f:Autorità di bacino
m:corpo forestale
f:cooperativa dei pescatori
m:gruppo di birdwatcher
f:rete delle aree protette
m:dipartimento di ecologia
f:centrale eolica
"""),
    roles=(
        ("naturalista", "naturalista"),
        ("biologo marino", "biologa marina"),
        ("direttore del parco", "direttrice del parco"),
        ("guardaparco", "guardaparco"),
        ("climatologo", "climatologa"),
        ("agronomo", "agronoma"),
        ("apicoltore", "apicoltrice"),
        ("geologo", "geologa"),
        ("attivista", "attivista"),
    ),
    aspects=lines("""
f:portata dei torrenti
m:livello della falda
f:qualità dell’aria
m:ritorno dei predatori
f:temperatura dell’acqua
m:consumo di suolo
f:raccolta differenziata
m:taglio degli alberi
f:salute dei boschi
m:trasporto dei sedimenti
f:presenza di microplastiche
m:ciclo dell’azoto
f:siccità estiva
m:lavoro dei volontari
f:convivenza con gli allevatori
m:risparmio di energia
"""),
    tags=lines("""
clima
boschi
mare
fiumi
animali
rifiuti
energia rinnovabile
parchi
siccità
api
biodiversità
agricoltura
inquinamento
alberi
montagna
lagune
"""),
    facts=lines("""
I ricercatori hanno contato {num} esemplari in {few} valli, più del doppio rispetto al {year}.
Sono stati raccolti {num} quintali di rifiuti in {few} giorni, con l’aiuto di {big} volontari.
Il livello è sceso di {min} centimetri in {few} settimane, e {asp.il} ne risente fino {city2.a}.
Le centraline, {few} in tutto, misurano ogni ora {asp.il} e inviano i dati {body.a}.
Il progetto prevede {big} piante tra {city} e {city2}, scelte tra {few} specie locali.
Con {mln} si potranno sistemare {num} chilometri di argini, rimasti fermi dal {year}.
Nel tratto più vicino {city.a} la media è salita del {pct}, un dato che {p2.s} collega {asp.a}.
Le immagini, riprese alle {hour} da una fototrappola, mostrano il passaggio di {few} animali.
Agli allevatori andranno {num} euro per ogni capo e {few} chilometri di recinzioni.
La produzione di miele si è ridotta del {pct} in {few} stagioni, con perdite maggiori {city2.a}.
Il sentiero, lungo {few} chilometri, riaprirà in {month} con una deviazione che protegge
  {asp.il}.
L’impianto tratterà {big} tonnellate l’anno e servirà {num} comuni intorno {city.a}.
Secondo il rapporto {body.di}, {asp.il} ha superato la soglia in {min} giorni su cento.
Nel {year} qui c’era una cava: oggi {p3.s} accompagna {num} scolari alla settimana.
Gli abitanti hanno installato pannelli su {num} tetti e risparmiano il {pct} sulla bolletta.
La sperimentazione dura {few} anni e coinvolge {few} università, capofila quella di {city2}.
"""),
    quotes=lines("""
Un bosco non si misura in mesi, servono {min} anni
Ogni volta che il livello scende di {few} centimetri perdiamo un pezzo di storia
Gli animali sono tornati da soli, a noi è bastato smettere di disturbarli per {few} anni
Il fiume non conosce i confini tra {city} e {city2}
Se continuiamo così {asp.il} sarà un ricordo entro il duemilacinquanta
Abbiamo piantato {num} alberi, ne difenderemo {num}
La natura fa i conti meglio di noi, dal {year} non ne sbaglia uno
Servono {few} gesti, ripetuti da {big} persone
"""),
    heads=lines("""
Il censimento
Che cosa dicono i dati
Le specie tornate dopo il {year}
L’allarme {body.di}
Il lavoro dei volontari
Tra {city} e {city2}, il confine del fiume
Quanto costa difendersi
"""),
    titles=lines("""
{city}, {ev.il}: {num} esemplari in {few} valli
{ev.il}, l’allarme {p1.di}: “{quote}”
{ev.il}, {big} volontari {city.a}
{asp.il} cambia volto {city2.a}: {ev.il}
{ev.il}: {mln} e {few} anni di lavori
Clima, {ev.il} e {asp.il}: il rapporto {body.di}
"""),
)

"""Words of the section Economia."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
m:piano industriale del gruppo
m:accordo sul contratto dei trasporti
m:aumento delle tariffe dell’acqua
f:fusione tra le due cooperative
f:riapertura dello stabilimento
m:bando per le botteghe artigiane
f:vertenza della cartiera
f:riforma degli incentivi alle imprese
m:prestito obbligazionario della provincia
f:vendita dell’ex zuccherificio
m:ingresso del nuovo socio
f:fiera del mobile sostenibile
m:fondo per le giovani imprese
f:cassa integrazione al cantiere
m:taglio delle commissioni bancarie
f:intesa sul salario di ingresso
"""),
    bodies=lines("""
f:Camera di commercio
f:Banca popolare del Delta
m:consorzio dei produttori
m:Ufficio studi Meridiana
f:Federazione degli artigiani
m:sindacato dei metalmeccanici
f:Autorità portuale
m:tavolo di crisi
m:Osservatorio sui prezzi
f:Unione delle cooperative
m:consiglio di amministrazione
f:società di revisione
"""),
    roles=(
        ("amministratore delegato", "amministratrice delegata"),
        ("presidente del consorzio", "presidente del consorzio"),
        ("segretario del sindacato", "segretaria del sindacato"),
        ("direttore finanziario", "direttrice finanziaria"),
        ("economista", "economista"),
        ("imprenditore", "imprenditrice"),
        ("commissario straordinario", "commissaria straordinaria"),
        ("portavoce dell’azienda", "portavoce dell’azienda"),
        ("delegato dei lavoratori", "delegata dei lavoratori"),
    ),
    aspects=lines("""
m:costo dell’energia
f:tenuta dei conti
m:potere d’acquisto delle famiglie
f:sicurezza nei reparti
m:ritardo nei pagamenti
f:concorrenza dei mercati esteri
m:prezzo delle materie prime
f:formazione degli apprendisti
m:ricambio generazionale
f:stabilità dei posti di lavoro
m:sostegno all’export
f:spesa per la ricerca
m:rientro dal debito
f:qualità della filiera
m:accesso al credito
f:logistica delle merci
"""),
    tags=lines("""
lavoro
imprese
contratti
energia
export
prezzi
artigianato
banche
industria
occupazione
incentivi
porti
cooperative
bilanci
inflazione
filiere
salari
start-up
"""),
    facts=lines("""
Il bilancio {ente.di} si è chiuso con {mln} di ricavi, il {pct} in più dell’anno scorso, ma
  {asp.il} continua a pesare sui margini.
Nello stabilimento di {city} lavorano {num} persone, {few} delle quali con un contratto che scade
  in {month}.
La trattativa, cominciata {city2.a} {few} mesi fa, prevede turni più corti e un premio legato
  {asp.a}.
Il piano vale {mln} in {few} anni: la prima parte andrà {city.a}, la seconda {city2.a}, dove
  sorgerà un nuovo magazzino.
{body.il} segnala che il {pct} delle imprese di {city} ha rimandato almeno una volta un
  investimento a causa {asp.di}.
Gli ordini dall’estero sono [saliti|scesi] del {pct} in {few} mesi, con punte più alte {city2.a}.
A {num} fornitori è stato chiesto di rivedere i listini, e {p2.s} ammette che {asp.il} renderà
  difficile dire di no.
Per le famiglie la spesa media [cresce|cala] di {num} euro l’anno, secondo i conti {body.di}, con
  differenze forti tra {city} e {city2}.
Le banche coinvolte sono {few}, guidate da un istituto di {city2}, e chiedono garanzie per {mln}.
Sul capannone di {city}, costruito nel {year}, gravano ancora lavori per {mln}.
Tra gli artigiani della zona il {pct} ha più di sessant’anni, e {asp.il} è ormai un’emergenza
  quotidiana.
Il contratto integrativo, firmato alle {hour} di {wday}, riguarda {big} addetti e {few}
  stabilimenti.
Chi compra, spiega {p3.s}, guarda soprattutto {asp.a}: {city} su questo parte in vantaggio
  rispetto {city2.a}.
La quota destinata {asp.a} passa da {num} a {num} mila euro, una scelta che {body.il} aveva
  sollecitato già nel {year}.
Nei magazzini di {city2} restano {big} pezzi invenduti, e {ente.il} valuta una campagna di sconti
  per {month}.
Con il nuovo socio il capitale sale a {mln}, mentre {p1.s} conserva il {pct} delle quote.
"""),
    quotes=lines("""
Un’impresa non si salva con gli annunci, si salva con gli ordini e noi ne abbiamo {num}
A {num} famiglie dobbiamo una risposta prima di {month}
Il credito c’è, ma costa troppo a chi comincia: {few} punti in più rispetto {city2.a}
Nessuno sarà lasciato a casa, lo abbiamo scritto in {few} pagine e lo firmeremo
Il mercato cambia ogni {few} mesi e {asp.il} non può restare quello del {year}
Abbiamo perso {mln} in un anno, ora vogliamo tornare a crescere da {city}
Non chiediamo aiuti, chiediamo regole chiare su {few} punti
Chi lavora su tre turni sa bene quanto conti {asp.il}
"""),
    heads=lines("""
I conti {ente.di}
Che cosa chiedono i lavoratori di {city}
{mln} per ripartire
Il mercato dopo il {year}
Le banche e {asp.il}
Turni, premi e orari
{city2}, il secondo stabilimento
"""),
    titles=lines("""
{city}, {ev.il} vale {mln}
{ev.il}: {num} posti [in bilico|salvi|in più] {city.a}
Lavoro, {p1.s} [apre|chiude] a {few} ipotesi {asp.su}
{ente.il} e {asp.il}: il conto è di {mln}
Imprese di {city}, {asp.il} [frena|spinge] {few} aziende su venti
{ev.il}, i sindacati: “{quote}”
Conti {ente.di}, {pct} in [più|meno]: pesa {asp.il}
"""),
)

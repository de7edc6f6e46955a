"""Sentence patterns that fit any section; slots and brackets as `grammar` reads them."""

from __future__ import annotations

from twin.words import lines

LEADS = lines("""
{ev.il} [è stat{ev.o} al centro|è stat{ev.o} il tema principale] dell’incontro che si è tenuto
  {wday} {city.a}, dove {p1.r} ha [illustrato|presentato] le novità sul fronte {asp.di}.
[È arrivat{ev.o}|È stat{ev.o} confermat{ev.o}] {wday} alle {hour} {ev.il}: a darne notizia è
  {p1.r}, che ha parlato {city.a} davanti a {num} persone.
Dopo {few} [settimane|mesi] di attesa {ev.il} [prende forma|entra nella fase decisiva]: {ente.il}
  ha fissato i prossimi passi e ora tocca {city.a} dare una risposta.
{ev.il} [cambia passo|riparte] da {city}: così ha deciso {ente.il}, al termine di una riunione
  durata {few} ore e chiusa poco dopo le {hour}.
C’è una [svolta|novità] nella vicenda {ev.di}: {p1.r} ha annunciato {wday} un primo intervento da
  {mln}, con effetti già dal mese di {month}.
[Si torna a parlare|Si riaccende il confronto] {city.a} {ev.di}, e questa volta {ente.il} mette
  sul tavolo {asp.il}.
Sono {num} le persone coinvolte, secondo la prima stima {ente.di}, {ev.da}: un numero destinato a
  [crescere|salire] entro {month}.
Una giornata intera di lavori, {few} interventi e un solo punto fermo: {ev.il} si farà, e {city}
  ne sarà il [banco di prova|punto di partenza].
Tutti gli occhi sono puntati su {city}, dove {ev.il} ha portato in primo piano {asp.il} e il
  ruolo {ente.di}.
Il calendario ormai è scritto: {ev.il} [occuperà|segnerà] i prossimi {few} mesi, e {p1.r} ne ha
  spiegato {wday} le ragioni.
""")
CONTEXT = lines("""
La [questione|vicenda] non è nuova: già nel {year} {ente.il} aveva [segnalato|messo in evidenza]
  {asp.il}, senza però ottenere [risposta|un seguito] {city2.a}.
[Per capire|Per spiegare] come si è arrivati fin qui bisogna tornare al {year}, quando {asp.il}
  [divenne un caso|finì al centro della discussione] {city2.a}.
{asp.il}, che fino a {few} mesi fa sembrava un tema per addetti ai lavori, è [ora|oggi]
  l’argomento di cui si discute di più {city.a}.
Accanto {asp.a} c’è poi {asp.il}, un nodo che {body.il} conosce [bene|da vicino] fin dal {year}.
Non tutti [condividono|accettano] questa lettura: {p2.r} invita a guardare prima {asp.a} e
  soltanto dopo {asp.a}.
[Negli ultimi|Nel corso degli ultimi] {few} anni {city} ha visto cambiare {asp.il}, e il caso
  {ev.di} ne è [la prova|l’esempio] più evidente.
A {few} chilometri di distanza, {city2.a}, [una situazione simile|un problema analogo] si era
  chiusa con un’intesa tra {body.il} e {body.il}.
Il confronto con {city2} è inevitabile: lì [si discusse|ci si occupò] {asp.di} nel {year}, con
  {mln} e un calendario di {few} mesi.
Resta sullo sfondo {asp.il}, tema su cui {body.il} non ha ancora preso una posizione
  [definitiva|ufficiale].
Chi segue la materia da tempo ricorda il precedente del {year}, quando {body.il} dovette
  [rinviare|ripensare] ogni scelta a causa {asp.di}.
Dietro {ev.a} ci sono motivi diversi, e il primo riguarda {asp.il}: lo [ammette|riconosce] anche
  {p2.r}.
Non va dimenticato che {city} [conta|ospita] {big} abitanti interessati {asp.da}, e che {body.il}
  ne tiene conto da almeno {few} anni.
Le carte raccontano una storia lunga: {few} riunioni, {num} pagine di relazione e un capitolo
  intero dedicato {asp.a}.
[Anche fuori da|Anche lontano da] {city} {asp.il} fa discutere, complice il lavoro {body.di}.
Dalle parti di {city2}, dove {body.il} ha una sede dal {year}, {asp.il} è [una priorità|il primo
  problema].
La storia {ev.di} comincia nel mese di {month}, quando {p3.r} [consegna|presenta] {city.a} un
  primo documento su {few} punti.
Molto dipenderà {asp.da}, come dimostra quanto è accaduto {city2.a} nel {year}.
Gli addetti ai lavori [distinguono|separano] due piani: da un lato {asp.il}, dall’altro {asp.il},
  che {city.a} pesa [più che altrove|meno che altrove].
Tra le carte {ente.di} compare anche {asp.il}, finora fuori da ogni nota pubblica.
{p3.r}, che se ne occupa dal {year}, mette in fila le tappe: prima {asp.il}, poi {asp.il}, infine
  la scelta di {city}.
""")
NUMBERS = lines("""
I numeri aiutano a [capire|misurare] la portata della vicenda: {big} persone, {few}
  [province|sedi] e una spesa di {mln} per {asp.il}.
Secondo i dati {body.di}, {asp.il} è in [crescita|aumento] del {pct} rispetto al {year}.
In dodici mesi sono stati spesi {mln}, il {pct} in [più|meno] rispetto alle previsioni, e quasi
  tutto per {asp.il}.
Soltanto {city.a} si contano {num} casi, contro i {few} registrati {city2.a} nello stesso
  periodo.
Il conto, [secondo una stima|stando a una valutazione] {body.di}, arriva a {mln}: [più di un
  terzo|quasi la metà|una parte consistente] servirà per {asp.il}.
Su un campione di {big} persone, il {pct} dichiara di [conoscere|seguire] {asp.il}, mentre il
  {pct} non ha un’opinione.
Dal {year} a oggi {body.il} ha raccolto {big} segnalazioni, il {pct} delle quali riguarda
  {asp.il}.
[La spesa prevista|L’impegno previsto] per il primo anno è di {mln}, da dividere tra {city},
  {city2} e {city2}.
Il [dossier|rapporto] di {num} pagine, firmato {p2.da}, indica {few} [criticità|punti deboli] e
  una sola certezza: {asp.il}.
Una cifra su tutte: {big}. Tante sono le [domande|richieste] arrivate {city.a} in {few} giorni,
  con un picco {wday}.
Rispetto al {year} la quota è [salita|scesa] al {pct}, e {city} [guida la classifica|resta a metà
  classifica] davanti {city2.a}.
Per {asp.il} il bilancio parla di {mln}, una somma che {p2.r} definisce
  [“insufficiente”|“adeguata”|“prudente”].
""")
REACTIONS = lines("""
[Immediata|Non si è fatta attendere] la [replica|risposta] {p2.di}, che {wday} ha
  [chiesto|sollecitato] chiarimenti su {few} punti, a cominciare {asp.da}.
Di tutt’altro avviso {p3.r}, [convint{p3.o}|persuas{p3.o}] che {asp.il} non basti a spiegare
  quanto è successo {city.a}.
{body.il} ha scelto la strada della prudenza e ha [convocato|fissato] per {wday} un incontro
  dedicato {asp.a}.
[Più prudente|Più sfumata] la posizione {body.di}, che prima di esprimersi vuole
  [esaminare|leggere] i dati su {city}.
Poco dopo le {hour} è intervenut{p2.o} anche {p2.r}, con una nota di {few} righe che [non esclude
  nulla|rimanda ogni decisione].
Tra chi ha seguito i lavori {city.a} prevale [la fiducia|l’attesa|un cauto ottimismo], ma {p3.r}
  avverte che {asp.il} resta da [definire|chiarire].
{body.il} e {body.il}, di solito su posizioni lontane, questa volta [parlano la stessa
  lingua|chiedono la stessa cosa]: tempi certi per {asp.il}.
A margine dei lavori {p1.s} ha incontrato {p3.r}: un colloquio di {few} minuti, dedicato
  soprattutto {asp.a}.
{p2.s} non nasconde [i dubbi|le perplessità] e parla di {few} domande rimaste [senza risposta|in
  sospeso] dal mese di {month}.
Un [gruppo|comitato] di {num} cittadini di {city} ha scritto {ente.a} per sapere quale sarà il
  destino {asp.di}.
Le parole {p1.di} hanno [sorpreso|spiazzato] più di un osservatore, anche perché {ente.il} fino a
  {wday} aveva [negato|escluso] tutto.
{p3.r} ha preferito non commentare, limitandosi a ricordare che {body.il} [si riunirà|tornerà a
  riunirsi] {wday} {city2.a}.
""")
OUTLOOK = lines("""
Il prossimo appuntamento è fissato per {wday} {city2.a}, quando {body.il} [presenterà|renderà
  noti] i risultati di {few} mesi di lavoro.
Entro {month} {ente.il} dovrà [scegliere|decidere] tra {few} ipotesi, e {asp.il} farà la
  differenza.
La strada, ammette {p1.s}, è ancora lunga: mancano {few} passaggi e soprattutto un accordo tra
  {city} e {city2}.
Se tutto andrà come previsto, {city.a} si comincerà a [vedere|toccare con mano] qualche risultato
  già in {month}.
Prima di allora, però, {body.il} vuole vederci chiaro su {few} questioni, [prima fra tutte|a
  cominciare da] quella che riguarda {city2}.
[Per ora|Per il momento] l’unica certezza è la data: {wday} alle {hour}, {city2.a}, si riparte
  {asp.da}.
Nelle prossime {few} settimane si capirà se {ev.il} potrà [reggere|proseguire] senza l’appoggio
  {body.di}.
L’ultima parola spetta {body.a}, che ha chiesto altri {few} giorni per valutare {asp.il}.
{p2.s} e {p1.s} si [rivedranno|ritroveranno] {wday}: sul tavolo {asp.il} e il calendario fino
  {month.a}.
Intanto {city.a} si lavora, e {p3.r} promette un aggiornamento [ogni|almeno ogni] {few} giorni.
Il testo definitivo, [atteso|annunciato] per {month}, dirà quanto spazio resterà {asp.a} e quanto
  ai {num} interessati.
Molto si deciderà lontano da {city}: {body.il} tornerà {asp.su} [nella seduta|nella riunione] di
  {wday}.
""")
FRAMES = lines("""
“{quote}”, ha [detto|dichiarato|spiegato] {p1.r} {city.a}.
“{quote}”, [osserva|sottolinea] {p2.r}, che [segue la vicenda|se ne occupa] da {few} anni.
“{quote}”, ha [aggiunto|precisato] {p1.s} rispondendo a una domanda su {city2}.
Per {p2.s} non ci sono dubbi: “{quote}”.
{p3.r} la vede così: “{quote}”.
“{quote}”, si legge nella nota diffusa {ente.da} alle {hour}.
{p1.s} lo ha [ripetuto|ribadito] più volte {wday}: “{quote}”.
“{quote}”: con queste parole {p3.r} ha [aperto|chiuso] il suo intervento {city2.a}.
A chi chiede un commento, {p2.s} risponde senza [giri di parole|esitazioni]: “{quote}”.
“{quote}”, confida {p3.s} [al termine dell’incontro|prima di lasciare la sala], poco dopo le
  {hour}.
Nel suo messaggio {p1.r} scrive: “{quote}”.
“{quote}”. [Parla chiaro|Non usa mezzi termini] {p2.r}, che {wday} era {city.a}.
""")
QUOTES = lines("""
[Abbiamo|Avevamo] {few} mesi di tempo e li useremo tutti, perché {asp.il} non può aspettare
Chi dice che {asp.il} è un problema minore non è mai stato {city.a}
La mia porta è aperta, ma su {city} servono risposte scritte entro {month}
Non prometto miracoli: prometto {few} interventi e un controllo ogni {few} settimane
Nel {year} ci dissero che era impossibile, oggi ne discutiamo con {body.il}
I numeri sono dalla nostra parte, il {pct} non è un dettaglio
Dobbiamo [partire|ripartire] {asp.da}, il resto verrà da sé
[Serve|Occorre] pazienza: {few} passaggi su {num} sono già alle nostre spalle
Ho parlato con {few} colleghi e tutti mi hanno chiesto la stessa cosa, notizie {asp.di}
Questa è una pagina che {city} [ricorderà|non dimenticherà] almeno quanto il {year}
Se {body.il} ci ascolta, in {few} mesi possiamo chiudere la partita
Con {mln} si può fare molto, a patto di non sprecare un solo giorno
""")
HEADS = lines("""
{asp.il}, il nodo da sciogliere
Che cosa cambia per {city}
Il ruolo {ente.di}
Il precedente del {year}
Le parole {p2.di}
{asp.il} e {asp.il}
Da {city} {city2.a}: la mappa
I numeri {ev.di}
Che cosa succede adesso
La posizione {body.di}
Perché {asp.il} fa discutere
Il calendario fino {month.a}
I dubbi {p3.di}
{few} mesi di lavoro
Il confronto con {city2}
Una lunga attesa
Chi è {p1}
Gli scenari per {month}
Il peso {asp.di}
“Aspettiamo risposte”
""")
TITLES = lines("""
{ev.un} [divide|unisce|sorprende] {city}: {p1.s} [rilancia|frena|apre] {asp.su}
{city}, {ev.il}: che cosa cambia con {asp.il}
{ev.il}, {p1.s}: “{quote}”
{city}, [via libera|primo sì|conto alla rovescia] per {ev.il}
{asp.il} e {ev.il}: le [domande|risposte] {ente.di}
Perché {ev.il} riguarda anche {city2}
{ev.il}, {few} cose da sapere {asp.su}
{p1} e {ev.il}: [“Non si torna indietro”|“È solo l’inizio”|“Ora tocca a noi”|“Adesso i fatti”]
{city}, {asp.il} [al centro|alla prova] {ev.di}
{ente.il} [accelera|rallenta|decide]: {ev.il} entro {month}
{ev.il}, i numeri {ente.di}: {pct} in [più|meno]
Da {city} {city2.a}: {ev.il} [spiegat{ev.o}|raccontat{ev.o}] in {few} punti
{ev.il}, [scontro|dialogo|intesa] tra {p1.s} e {p2.s}
{city}: {few} mesi dopo, {ev.il} è realtà
{mln} per {asp.il}: {city} ci prova
{ev.il}, {p2.s} [avverte|chiede chiarezza|rassicura]: {asp.il} prima di tutto
[Svolta|Attesa|Polemica] {city.a} per {ev.il}
Chi è {p1}, {p1.office} [che ha voluto|dietro] {ev.il}
""")
SUBTITLES = lines("""
{ente.il} [indica|fissa] {few} priorità e un calendario fino {month.a}: al primo posto {asp.il}
{p1.r} [spiega|illustra] le ragioni della scelta; {p2.r} chiede garanzie per {city}
Una spesa di {mln} e {few} interventi: ecco che cosa prevede il piano per {asp.il}
Dal {year} a oggi, tutte le tappe {ev.di} e il ruolo {body.di}
[Tra attese e dubbi|Tra numeri e polemiche], {city} aspetta la decisione {ente.di} {asp.su}
“{quote}”, dice {p1.r}. Ma {body.il} resta in attesa
{city} e {city2} unite {asp.da}: {num} le persone coinvolte
Il nodo resta {asp.il}: se ne riparla {wday}, con {p3.r}
""")
LISTS = lines("""
{asp.il}: {mln}
{city2}: {num} interventi entro {month}
{asp.il}, dal {year}
{body.il}, {few} proposte
incontro {city2.a}, {wday} alle {hour}
{asp.il}, in crescita del {pct}
{p3}: relazione di {num} pagine
{big} persone {city2.a}
verifica {asp.di} ogni {few} mesi
{city2} e {city2}: {mln}
""")
LIST_INTROS = lines("""
I punti principali, [secondo|stando a] {p1.s}, sono questi:
Ecco in sintesi che cosa [prevede|contiene] il documento {ente.di}:
{p2.r} elenca le priorità per {city}:
Le tappe da {city} {city2.a}, in breve:
Tra le voci più discusse {city.a} ci sono:
""")
CAPTIONS = lines("""
{p1} {city.a}
Una veduta di {city}
{p2} durante l’incontro {city.a}
{p3}, {p3.office}
L’arrivo {p1.di} {city.a}
I lavori {city.a}
{p1} con {p2}
La sede {ente.di}
Il pubblico {city.a}
{p3} [prima dell’intervento|dopo l’intervento] {city.a}
""")
TWEETS = lines("""
[Oggi|Poco fa] {city.a} con {p2}: {asp.il} è la nostra priorità. Grazie ai {num} presenti!
{ev.il}: da {city} un segnale chiaro. Appuntamento {wday} alle {hour} #{month}
Sul tema {asp.di} abbiamo {few} proposte e {mln}. Le presentiamo {wday} {city2.a}
Non commento le indiscrezioni. Parlerò {wday}, {city.a}, dopo le {hour}
""")
READ_ALSO = lines("""
Leggi anche:
Vedi anche:
Guarda anche:
Leggi pure:
LEGGI ANCHE:
""")
LINKING = lines("""
Ne avevamo [scritto|parlato] a proposito di {city2}, in «<a href="LINK">ANCHOR</a>».
Il tema era già emerso in un [articolo|servizio] dal titolo «<a href="LINK">ANCHOR</a>», che
  partiva {asp.da}.
Per approfondire {asp.il} c’è «<a href="LINK">ANCHOR</a>».
{p3.s} ne aveva discusso anche in «<a href="LINK">ANCHOR</a>», {few} mesi fa.
""")
DATES = lines("""
Il primo atto porta la data del {d1}; il secondo, firmato {p2.da}, quella del {d2}.
Tra il {d1} e il {d2} {body.il} ha tenuto {few} riunioni, l’ultima {city2.a} il {d3}.
La scadenza, inizialmente fissata al {d1}, è slittata prima al {d2} e poi al {d3}.
Chi ha presentato domanda entro il {d1} avrà risposta il {d2}, salvo rinvii.
Il {d1} {p3.s} scriveva {ente.a}; la risposta arrivò soltanto il {d2}, alle {hour}.
Aggiornamento del {d1}: {asp.il} torna in discussione {city2.a} il {d2}.
""")

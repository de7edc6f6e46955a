"""Words of the section Tecnologia."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
m:computer costruito dagli studenti
f:rete in fibra nelle valli
m:satellite per le coltivazioni
f:assistente vocale in dialetto
m:robot da magazzino
f:batteria senza cobalto
m:archivio digitale dei parlamenti
f:mappa aperta dei sentieri
m:drone per i soccorsi
f:fabbrica di sensori
m:attacco informatico sventato
f:app per leggere le bollette
m:chip a basso consumo
f:stampante per protesi
m:laboratorio sui quanti
f:scuola di programmazione
"""),
    bodies=lines("""
m:Politecnico
f:startup Nodo Zero
m:consorzio delle reti
f:Autorità per le comunicazioni
m:centro di calcolo
f:comunità degli sviluppatori
m:laboratorio di robotica
f:agenzia spaziale
m:Garante dei dati
f:società di telecomunicazioni
m:incubatore d’impresa
f:fondazione per il software libero
"""),
    roles=(
        ("ingegnere capo", "ingegnera capo"),
        ("fondatore della startup", "fondatrice della startup"),
        ("ricercatore", "ricercatrice"),
        ("sviluppatore", "sviluppatrice"),
        ("direttore del laboratorio", "direttrice del laboratorio"),
        ("docente di informatica", "docente di informatica"),
        ("esperto di sicurezza", "esperta di sicurezza"),
        ("progettista", "progettista"),
        ("responsabile dei dati", "responsabile dei dati"),
    ),
    aspects=lines("""
f:protezione dei dati
m:consumo di energia
f:velocità della connessione
m:codice sorgente
f:durata della batteria
m:costo dei componenti
f:copertura della rete
m:addestramento dei modelli
f:compatibilità con i vecchi apparecchi
m:aggiornamento del software
f:trasparenza degli algoritmi
m:riciclo dei dispositivi
f:formazione dei tecnici
m:tempo di risposta
f:licenza d’uso
m:rischio di dipendenza da un fornitore
"""),
    tags=lines("""
innovazione
intelligenza artificiale
robotica
spazio
reti
sicurezza informatica
startup
software libero
privacy
chip
batterie
app
droni
ricerca
satelliti
fibra
"""),
    facts=lines("""
Il prototipo pesa {num} grammi, lavora per {few} ore e comunica con un server di {city2}.
Il gruppo di {city} ha scritto {big} righe di codice in {few} mesi, poi ha pubblicato tutto con
  una licenza aperta.
Nelle prove il tempo di risposta è sceso del {pct}, merito soprattutto {asp.di}.
La prima versione, presentata {city2.a} nel {year}, occupava una stanza: questa entra in {few}
  centimetri.
Per arrivare {city.a} la rete attraversa {num} chilometri di vecchi cunicoli, {few} dei quali
  ancora da mappare.
L’attacco è cominciato alle {hour} di {wday} ed è stato fermato in {few} minuti, prima di toccare
  {asp.il}.
Ogni dispositivo costa {num} euro, un prezzo che {ente.il} conta di dimezzare entro {month}.
Il finanziamento da {mln} servirà ad assumere {num} persone e a rivedere {asp.il}.
Gli utenti registrati sono {big}, il {pct} dei quali lontano dalle grandi città.
Il sistema legge {big} immagini al giorno e segnala {asp.il} con un margine di errore del {pct}.
A provarlo per primi sono stati {few} istituti di {city2}, con {num} studenti coinvolti.
Il lancio è previsto in {month}, dopo {few} rinvii dovuti {asp.a}.
Rispetto ai modelli in commercio dal {year} consuma il {pct} in meno, secondo le misure
  {body.di}.
Le istruzioni, {few} pagine in tutto, spiegano come riparare l’apparecchio con pezzi trovati
  {city2.a}.
{body.il} ha chiesto {few} modifiche prima del via libera: la più importante riguarda {asp.il}.
I dati restano su macchine di {city} e vengono cancellati dopo {few} giorni, assicura {p2.s}.
"""),
    quotes=lines("""
Abbiamo sbagliato {few} volte, e ogni errore è nel registro pubblico
Una macchina non decide da sola, decide chi scrive le sue {num} regole
Il segreto è {asp.il}, tutto il resto si compra
Se funziona {city.a}, dove la rete manca dal {year}, funziona ovunque
Volevamo uno strumento che si ripara con {few} viti
I dati delle persone non sono moneta, lo diciamo a ogni riunione
Nel {year} ci servivano {num} computer, oggi ne basta uno
Il codice è aperto, chi trova un difetto ci scriva
"""),
    heads=lines("""
Come funziona
Che cosa c’è dentro
I limiti del prototipo
{asp.il} sotto esame
Dal laboratorio di {city} al mercato
Quanto costa
Le domande aperte
"""),
    titles=lines("""
{ev.il}, come funziona e che cosa cambia per {asp.il}
{city}, {ev.il} [supera|fallisce|ripete] la prova: {few} ore di test
{ev.il}, {p1.s}: “{quote}”
{city}, {num} studenti e {ev.un}
{ev.il}: {pct} in meno per {asp.il}
Nasce {city.a} {ev.il}
"""),
)

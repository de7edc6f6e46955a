"""Words of the section Salute."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
f:campagna di vaccinazione stagionale
m:reparto senza barriere
f:diagnosi precoce in farmacia
m:trapianto tra due ospedali
f:lista unica delle visite
m:ambulatorio di montagna
f:ricerca sul sonno
m:screening gratuito della vista
f:terapia del dolore a domicilio
m:pronto soccorso pediatrico
f:guida all’alimentazione scolastica
m:corso per i caregiver
f:app per i pazienti cronici
m:centro per l’udito
f:banca del latte umano
m:percorso di riabilitazione
"""),
    bodies=lines("""
f:Azienda sanitaria
m:policlinico
f:Società di pediatria
m:Istituto di ricerca Aurora
f:rete dei medici di famiglia
m:Ordine degli infermieri
f:Regione
m:Centro trapianti
f:associazione dei pazienti
m:comitato etico
f:scuola di medicina
m:servizio di prevenzione
"""),
    roles=(
        ("primario", "primaria"),
        ("infermiere capo", "infermiera capo"),
        ("pediatra", "pediatra"),
        ("direttore sanitario", "direttrice sanitaria"),
        ("ricercatore", "ricercatrice"),
        ("medico di base", "medica di base"),
        ("nutrizionista", "nutrizionista"),
        ("psicologo", "psicologa"),
        ("farmacista", "farmacista"),
    ),
    aspects=lines("""
m:tempo di attesa
f:qualità del riposo
m:uso corretto dei farmaci
f:presa in carico dei pazienti
m:numero dei posti letto
f:attività fisica quotidiana
m:sale nella dieta
f:prevenzione a scuola
m:carico degli infermieri
f:assistenza notturna
m:dialogo con le famiglie
f:cartella elettronica
m:consumo di zuccheri
f:vista dei bambini
m:dolore cronico
f:salute mentale
"""),
    tags=lines("""
prevenzione
vaccini
ospedali
ricerca
alimentazione
pediatria
sonno
farmaci
medici
liste d’attesa
cuore
salute mentale
benessere
anziani
scuola
riabilitazione
"""),
    facts=lines("""
Lo studio ha seguito {big} persone per {few} anni, tra {city} e {city2}, annotando ogni giorno
  {asp.il}.
Nel reparto lavorano {num} infermieri e {few} medici, con turni rivisti in {month} per migliorare
  {asp.il}.
Le visite sono gratuite per chi ha più di {min} anni o meno di {few}, e si prenotano dalle
  {hour}.
Tra chi ha seguito le indicazioni i disturbi sono calati del {pct}, spiega {p2.s}, che coordina
  il gruppo di {city2}.
Il nuovo ambulatorio apre {wday} {city.a}, accanto alla farmacia, e riceverà {num} persone a
  settimana.
Bastano {few} minuti al giorno, dice {p3.s}, per vedere un effetto {asp.su}.
L’intervento è durato {few} ore e ha coinvolto due équipe, una {city.a} e una {city2.a}.
La struttura costa {mln}, coperti per il {pct} con fondi regionali.
A {num} famiglie è stato consegnato un diario in cui segnare {asp.il}, da riportare in {month}.
Le linee guida, aggiornate per la prima volta dal {year}, dedicano {few} pagine {asp.a}.
Nei primi {few} mesi gli accessi sono stati {big}, con un picco {wday} tra le {hour} e la
  chiusura.
Secondo {body.il} un paziente su {few} rinuncia a una visita, e il motivo più citato è {asp.il}.
Il servizio parte da {city} e arriverà {city2.a} entro {month}, con {few} mezzi attrezzati.
Chi vive lontano da {city} potrà collegarsi in video, come già fanno {num} pazienti di {city2}.
I medici consigliano di non cambiare cura da soli: {asp.su} decide chi conosce la storia del
  paziente, ricorda {p1.s}.
Per ogni euro speso in prevenzione se ne risparmiano {few}, calcola {body.il}.
"""),
    quotes=lines("""
Non esistono scorciatoie, servono {few} settimane di pazienza
Un paziente ascoltato guarisce prima, lo vediamo {city.a} ogni giorno
Prima di un farmaco chiediamoci come va {asp.il}
Con {few} colleghi in più potremmo aprire anche di notte
I genitori ci fanno sempre le stesse {few} domande, abbiamo deciso di scriverle
La diagnosi nel {year} richiedeva mesi, oggi {few} giorni
Curare è anche spiegare, e per spiegare serve tempo
Chi abita {city2.a} ha diritto alle stesse cure di chi vive in centro
"""),
    heads=lines("""
Che cosa dicono i medici
Come si prenota
I risultati dello studio
{few} consigli utili
Il parere {p2.di}
Quando rivolgersi al medico
Dentro il reparto di {city}
"""),
    titles=lines("""
{ev.il}, {few} consigli {p1.di} {asp.su}
{city}, parte {ev.il}: ecco come funziona
{ev.il}: {pct} di casi in meno {city.a}
{asp.il}, lo studio di {city}: “{quote}”
{ev.il}, {num} posti {city.a} da {month}
Salute, {p2.s}: “{quote}”
"""),
)

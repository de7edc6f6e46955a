"""Words of the section Video."""

from __future__ import annotations

from twin.words import Vocabulary, lines

VOCABULARY = Vocabulary(
    events=lines("""
m:salvataggio ripreso dal drone
f:protesta dei trattori
m:volo sopra il vulcano
f:grandinata sul mercato
m:intervento dei sommozzatori
f:processione sull’acqua
m:corteo degli studenti
f:piena del torrente
m:atterraggio d’emergenza di un aliante
f:festa per la nazionale
m:crollo del muro di cinta
f:corsa dei carretti
m:abbraccio dopo lo sbarco
f:demolizione delle torri
m:inseguimento sulla tangenziale
f:nevicata fuori stagione
"""),
    bodies=lines("""
f:Guardia costiera
m:reparto volo
f:polizia locale
m:comitato dei residenti
f:troupe di servizio
m:gruppo comunale di volontari
f:centrale operativa
m:Comune
f:confraternita
m:collettivo studentesco
f:squadra acrobatica
m:club degli aeromodellisti
"""),
    roles=(
        ("operatore del drone", "operatrice del drone"),
        ("comandante della motovedetta", "comandante della motovedetta"),
        ("passante", "passante"),
        ("soccorritore", "soccorritrice"),
        ("pilota", "pilota"),
        ("portavoce del corteo", "portavoce del corteo"),
        ("fotografo", "fotografa"),
        ("autista", "autista"),
    ),
    aspects=lines("""
f:sequenza più discussa
m:momento del salto
f:voce dei testimoni
m:rumore del crollo
f:vista dall’alto
m:silenzio della folla
f:reazione dei passanti
m:arrivo dei soccorsi
f:qualità delle riprese
m:passaparola in rete
f:corsa contro il tempo
m:coraggio dei volontari
f:inquadratura finale
m:commento dei piloti
"""),
    tags=lines("""
video virale
droni
soccorsi
proteste
maltempo
piazze
droni in volo
mare
montagna
feste popolari
traffico
riprese aeree
volontari
studenti
social
"""),
    facts=lines("""
Il filmato dura {few} minuti ed è stato girato {city.a} alle {hour} da una finestra al piano
  numero {few}.
Nelle immagini si vede {asp.il}, poi la folla che si apre e lascia passare {few} persone.
In {few} ore il video ha superato {big} visualizzazioni, con {num} commenti da {city2}.
La ripresa comincia vicino al porto e segue {few} mezzi fino al centro di {city}.
A registrare tutto è stato {p1.r}, che {wday} passava di lì per caso.
La seconda telecamera, piazzata {city2.a}, ha ripreso {asp.il} da {min} metri.
Si sentono {few} colpi, poi la voce di chi chiede aiuto: sono le {hour}.
Al corteo hanno partecipato {big} persone, ferme per {few} minuti davanti al municipio.
I tecnici hanno confermato che le immagini sono autentiche e mostrano {city}, non {city2}.
L’audio originale, {few} secondi appena, è stato ripulito da {p2.s}.
Il drone è rimasto in volo per {min} minuti, controllato da una squadra arrivata da {city2}.
Chi era presente racconta {asp.il}, che nel montaggio quasi non si nota.
"""),
    quotes=lines("""
Ho preso il telefono e ho filmato per {few} minuti senza pensare
Dall’alto {city} sembrava un’altra città
Ci siamo guardati e siamo scesi in acqua in {few}
Il video non rende {asp.il}, bisognava esserci
Alle {hour} non c’era nessuno, dopo dieci minuti eravamo {num}
Non sono un eroe, ho fatto quello che avrebbe fatto chiunque {city.a}
L’ho mandato a un amico di {city2} e la mattina lo avevano visto tutti
"""),
    heads=lines("""
Le immagini
Il racconto di chi c’era
Che cosa si vede nel filmato
La ripresa dal drone
{few} minuti di paura
"""),
    titles=lines("""
{city}, {ev.il}: le immagini – VIDEO
Video: {ev.il} {city.a}, {asp.il}
{ev.il}, {few} minuti di filmato: “{quote}”
{city}, {ev.il}, la vista dall’alto
{ev.il}: il video girato {p1.da}
Le immagini {ev.di} {city.a}: {big} visualizzazioni in {few} ore
"""),
)

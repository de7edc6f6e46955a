"""Words that every section shares: names, places, bodies of the press, numbers."""

from __future__ import annotations

from dataclasses import dataclass


def lines(text: str) -> tuple[str, ...]:
    r"""Return the lines of a text; one that begins with a space goes on with the one before.

    >>> lines("\nIl piano\n  del porto\nLa nave\n")
    ('Il piano del porto', 'La nave')
    """
    return tuple(text.replace("\n  ", " ").strip().split("\n"))


MEN = (
    "Aldo", "Amedeo", "Baldassarre", "Brando", "Callisto", "Cosimo", "Damiano", "Delio", "Duccio",
    "Edmondo", "Egidio", "Elio", "Ermanno", "Evaristo", "Fiorenzo", "Gaspare", "Gerardo",
    "Gioele", "Ivo", "Lamberto", "Lapo", "Leandro", "Loris", "Manlio", "Nazario", "Olindo",
    "Oreste", "Ottavio", "Pier Luca", "Quirino", "Raniero", "Remigio", "Saverio", "Silvano",
    "Tancredi", "Tazio", "Ubaldo", "Valerio", "Vanni", "Zeno",
)  # fmt: skip
WOMEN = (
    "Adalgisa", "Amelia", "Bianca Maria", "Brigida", "Carlotta", "Cesira", "Clelia", "Dalia",
    "Delfina", "Domitilla", "Edvige", "Elvira", "Ersilia", "Eufemia", "Fiammetta", "Fosca",
    "Gemma", "Ginevra", "Ilaria", "Isotta", "Jole", "Lavinia", "Leda", "Lucrezia", "Mafalda",
    "Marzia", "Melania", "Miriam", "Norma", "Ofelia", "Ombretta", "Palmira", "Petra", "Romilda",
    "Rosalba", "Selvaggia", "Tecla", "Ursula", "Vera", "Zelinda",
)  # fmt: skip
SURNAMES = (
    "Acquasparta", "Albarello", "Ambrogetti", "Arcangioli", "Baldinotti", "Barbagelata",
    "Bellandi", "Bevacqua", "Boccadoro", "Bonafede Riva", "Bracaloni", "Brugnatelli",
    "Calcaterra", "Campodonico", "Cantarutti", "Capodilista", "Carravetta", "Casagranda",
    "Castelnovi", "Cavallarin", "Ceccobelli", "Chiaramida", "Cipollaro", "Codeluppi",
    "Collacchioni", "Cortelazzi", "Cresciani", "D’Altavilla", "D’Oriano", "Dalle Vigne",
    "De Contardi", "De Pratis", "Del Mestre", "Della Rovetta", "Di Gallese", "Fabbriciani",
    "Falcinelli", "Fantoccoli", "Ferrabosco", "Fioravanzo", "Forlivesi", "Frangipane Oddi",
    "Frescobelli", "Gandolfini Re", "Garavoglia", "Ghirardelli", "Giancotti", "Graziadio",
    "Grimandelli", "Guadagnoli", "Imperadori", "Jacovacci", "La Camera", "Lanzafame",
    "Lo Cascione", "Lunardelli", "Malaspina Testi", "Mandorlini Gai", "Marabotti", "Marchigiani",
    "Mazzamuto", "Melchiorri", "Mezzacapo", "Montagnani", "Morbidoni", "Nespolini", "Nocentelli",
    "Olivetani", "Ottoboni", "Paccagnella", "Palombaro", "Pedrazzini", "Pentivolpe", "Petracchi",
    "Piccardino", "Pietrangeli Sala", "Quadranti", "Quattrocolo", "Ravagnani", "Ricciardelli",
    "Roccabianca", "Rondinella", "Saltamerenda", "Santacroce Fei", "Sbarbaro", "Scarampi",
    "Settembrile", "Squarcialupi", "Tagliaferro", "Tempestini", "Tornabene", "Trabucchi",
    "Trentalance", "Ubertazzi", "Vallauri Costa", "Vendramin", "Verginelli", "Zampagliona",
    "Zanchettin", "Zuccarello",
)  # fmt: skip
FOREIGN = (
    "m:Soren Valdheim", "f:Ingrid Aasland", "m:Mateo Arrizubieta", "f:Lucía Benavarre",
    "m:Henrik Stoltmark", "f:Anneke Vandermolen", "m:Tomasz Wierzbowski", "f:Karolina Dubczak",
    "m:Kenzo Arimura", "f:Haruka Tsukishiro", "m:Gaspard Beaurepas", "f:Mireille Castelnau",
    "f:Niamh Garrihy", "m:Callum Strathbogie", "m:Rafael Montenegrino", "f:Beatriz Alvorada",
    "m:Yusuf Karadeniz", "f:Amara Okonjwe", "m:Desmond Abernethy", "f:Petra Novotnakova",
    "f:Elif Bostanoglu", "m:Ioannis Papadimoulis", "f:Katarzyna Zielonkova", "m:Jonas Hwangbo",
    "f:Sofie Dahlqvist", "m:Anatole Ferrandeau", "f:Maren Kruselund", "m:Diogo Figueirinha",
    "f:Orsolya Keresztvari", "m:Rauno Kivisalmi", "f:Zuzana Hrabalova", "m:Emeka Adeyinkwo",
    "f:Pilar Zubizarra", "m:Oskar Lindenthal", "f:Leilani Kahawaii", "m:Farid Benmokhtari",
)  # fmt: skip
CITIES = (
    "Ancona", "Aosta", "Arezzo", "Ascoli", "Asti", "Avellino", "Bari", "Belluno", "Benevento",
    "Bergamo", "Bologna", "Bolzano", "Brescia", "Brindisi", "Cagliari", "Campobasso", "Caserta",
    "Catania", "Catanzaro", "Como", "Cosenza", "Cremona", "Crotone", "Cuneo", "Ferrara",
    "Firenze", "Foggia", "Forlì", "Genova", "Gorizia", "Grosseto", "Imperia", "La Spezia",
    "Latina", "Lecce", "Livorno", "Lucca", "Macerata", "Mantova", "Matera", "Messina", "Milano",
    "Modena", "Napoli", "Novara", "Nuoro", "Padova", "Palermo", "Parma", "Pavia", "Perugia",
    "Pesaro", "Pescara", "Piacenza", "Pisa", "Pistoia", "Potenza", "Prato", "Ragusa", "Ravenna",
    "Reggio Calabria", "Reggio Emilia", "Rieti", "Rimini", "Roma", "Rovigo", "Salerno",
    "Sassari", "Savona", "Siena", "Siracusa", "Sondrio", "Taranto", "Teramo", "Terni", "Torino",
    "Trapani", "Trento", "Treviso", "Trieste", "Udine", "Varese", "Venezia", "Verona", "Vicenza",
    "Viterbo",
)  # fmt: skip
ABROAD = (
    "Atene", "Berna", "Bogotá", "Bratislava", "Brema", "Bucarest", "Buenos Aires", "Canberra",
    "Copenaghen", "Dublino", "Edimburgo", "Ginevra", "Helsinki", "Lima", "Lione", "Lisbona",
    "Londra", "Lubiana", "Lussemburgo", "Madrid", "Marsiglia", "Montevideo", "Montréal", "Nairobi",
    "Nicosia", "Osaka", "Oslo", "Ottawa", "Parigi", "Porto", "Praga", "Rabat", "Reykjavik",
    "Riga", "Rotterdam", "Santiago", "Seul", "Singapore", "Stoccolma", "Tallinn", "Tirana",
    "Tokyo", "Toronto", "Tunisi", "Valencia", "Varsavia", "Vienna", "Vilnius", "Washington",
    "Zagabria",
)  # fmt: skip
CREDITS = (
    "Ansa", "LaPresse", "Shutterstock", "Getty Images", "Adnkronos", "Reuters", "Imagoeconomica",
    "Fotogramma", "Askanews", "Alanews", "Pixabay", "Unsplash",
)  # fmt: skip
MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one section writes about; nouns as `italian.noun` reads them."""

    events: tuple[str, ...]
    """What the news is: "m:accordo sulla pesca". Singular."""
    bodies: tuple[str, ...]
    """Who acts, besides people. Singular."""
    roles: tuple[tuple[str, str], ...]
    """Offices, for a man and for a woman."""
    aspects: tuple[str, ...]
    """What the news touches: "m:costo dell’energia". Singular."""
    tags: tuple[str, ...]
    facts: tuple[str, ...]
    """Sentences, as `story` expands them."""
    quotes: tuple[str, ...]
    """What people say; a whole sentence without quotation marks or full stop."""
    heads: tuple[str, ...]
    titles: tuple[str, ...]
    abroad: bool = False
    """Whether the news comes from foreign cities and people."""

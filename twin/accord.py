"""The counterpart of the project's reference article, in words of its own."""

from __future__ import annotations

from twin.model import Node, Picture

TITLE = "Litio e cobalto, patto fra Stati Uniti e Giappone: scorte comuni contro le carenze"
SUBTITLE = (
    "Firmato a Tokyo un protocollo sui metalli rari: acquisti coordinati, due magazzini e un fondo"
    " per le miniere, mentre Pechino studia nuovi limiti all’export"
)
TAGS = ("Giappone", "metalli rari", "Stati Uniti", "Kenzo Arimura")
PICTURE = Picture(
    "wp-content/uploads/2025/10/tokyo-firma-metalli-rari.jpg",
    "Il presidente Abernethy e il premier Arimura alla firma",
    "Ansa",
)
AUTHOR = ("Corrado Malaspina Testi", "corrado-malaspina-testi")

PAGES: tuple[tuple[Node, ...], ...] = (
    (
        Node(
            "paragraph",
            "<strong>Tokyo, 28 ottobre 2025</strong> – Una stretta di mano nel salone grande del"
            " palazzo Asagiri ha chiuso sette settimane di colloqui: il presidente americano"
            " Desmond Abernethy e il capo del governo di Tokyo Kenzo Arimura hanno messo la firma"
            " su un protocollo che riguarda litio, cobalto e altri quattordici metalli. Le due"
            " capitali compreranno insieme, divideranno i depositi e si avviseranno a vicenda"
            " quando un fornitore taglierà le consegne, come è capitato due volte dall’estate.",
        ),
        Node("heading", "Due depositi e un fondo per le miniere", 2),
        Node(
            "paragraph",
            "Il testo, diciannove articoli e un allegato tecnico, prevede un magazzino a Osaka e"
            " uno vicino a Houston, con riserve per centoventi giorni di produzione. Un fondo da"
            " 3,2 miliardi pagherà gli scavi in Paesi terzi, a cominciare dal Cile e dalla"
            " Namibia, e un ufficio congiunto controllerà i contratti. “Chi fabbrica batterie non"
            " può vivere alla giornata”, ha osservato Arimura, che nei prossimi mesi porterà il"
            " protocollo davanti alla Dieta. Le case automobilistiche hanno già chiesto di"
            " partecipare con proprie quote.",
        ),
        Node("heading", "Le “porte aperte” di Abernethy e i timori di Pechino", 2),
        Node(
            "paragraph",
            "Il presidente ha parlato di “porte aperte” per chiunque voglia aggiungersi, e ha"
            " nominato Canada, Australia e Corea del Sud. Nessuna data, però: prima vanno scritte"
            " le regole sui prezzi, che gli esportatori giudicano il punto più delicato. Da"
            " Pechino è arrivata in serata una nota di poche righe, in cui si ricorda che quasi"
            " tutta la raffinazione passa ancora dagli impianti cinesi e che ogni blocco"
            " commerciale produce effetti anche su chi lo decide.",
        ),
        Node(
            "paragraph",
            "Gli analisti restano divisi. Per l’istituto Meridiana serviranno almeno sei anni"
            " prima che le nuove miniere incidano sulle quotazioni; per altri il solo annuncio"
            " basterà a calmare il mercato, dove il cobalto era salito di un quinto in quattro"
            " settimane. La prima verifica è fissata a gennaio, quando i due governi dovranno"
            " indicare i nomi dei responsabili dei depositi.",
        ),
    ),
)

import Catalog

extension RankedShelf {
    static let german = RankedShelf(
        .german,
        products: """
            Kaffeemaschine|Moccamaster|Küche||KBG-741|Filterkaffee in sechs Minuten
            Kaffeemühle|Comandante|Küche||C40-MK4|Für jede Mahlstufe
            Kaffeebohnen Äthiopien|Rösterei Süd|Kaffee und Tee|bio|KB-1|Helle Röstung
            Kaffeelöffel|WMF|Besteck||KL-1|Edelstahl
            Espressomaschine|Gaggia|Küche||RI9480|Mit Siebträger
            Spülmaschine|Miele|Küche||G5000|Leise
            Spülmaschinentabs|Ecover|Haushalt|bio|ST-1|Für jede Spülmaschine
            Waschmaschine|Miele|Haushalt||WCA030|Acht Kilogramm
            Nähmaschine|Pfaff|Handarbeit||NM-1|Dreißig Stiche
            Wasserkocher|Fellow|Küche||WK-1|Mit Thermostat
            Wasserkessel|Klar & Co|Küche||WK-2|Pfeift
            Müsli|Rösterei Süd|Vorrat|bio|MU-1|Mit Nüssen
            Müslischale|Klar & Co|Geschirr||MS-1|Steingut
            Haferflocken|Bauck|Vorrat|bio|HF-1|Zart
            Brötchen|Backstube|Backwaren||BR-1|Knusprig
            Brot|Backstube|Backwaren||BR-2|Sauerteig
            Brotkasten|Klar & Co|Küche|holz|BK-1|Hält Brot frisch
            Brotmesser|Wüsthof|Besteck||4150|Wellenschliff
            Käsekuchen|Backstube|Backwaren||KK-1|Ohne Boden
            Käse aus dem Allgäu|Hofladen|Käse|bio|KA-1|Sechs Monate gereift
            Schafskäse|Hofladen|Käse||KA-2|In Lake
            Erdbeermarmelade|Hofladen|Vorrat||EM-1|Wenig Zucker
            Honig|Hofladen|Vorrat||HO-1|Waldhonig
            Apfelsaft|Hofladen|Getränke|bio|AS-1|Naturtrüb
            Äpfel|Hofladen|Obst|bio|AP-1|Elstar
            Weißwein|Weingut Groß|Getränke||WW-1|Riesling
            Weinglas|Schott Zwiesel|Geschirr||WG-1|Für Weißwein
            Gläser im Set|Schott Zwiesel|Geschirr||GS-6|Sechs Stück
            Tasse|Klar & Co|Geschirr||TA-1|Steingut
            Untertasse|Klar & Co|Geschirr||TA-2|Steingut
            Teller|Klar & Co|Geschirr||TE-1|Flach
            Kochtopf|Fissler|Küche||KT-1|Drei Liter
            Bratpfanne|Fissler|Küche||BP-1|Gusseisen
            Küchenmesser|Wüsthof|Besteck||4582|Zwanzig Zentimeter
            Schneidebrett|Klar & Co|Küche|holz|SB-1|Eiche
            Stuhl|Holzwerk|Möbel|holz|ST-10|Buche
            Bürostuhl|Holzwerk|Möbel||BS-10|Drehbar
            Esstisch|Holzwerk|Möbel|holz|ET-10|Für acht
            Bücherregal|Holzwerk|Möbel|holz|BR-10|Fünf Böden
            Kinderbuch|Verlag Igel|Bücher|kinder|KB-10|Zum Vorlesen
            Bettdecke|Daunenhof|Schlafen||BD-1|Für den Winter
            Kopfkissen|Daunenhof|Schlafen||KI-1|Federn
            Nachttischlampe|Lumen|Licht||NL-1|Warmes Licht
            Taschenlampe|Lumen|Licht||TL-1|Hell
            Regenjacke|Wetterfest|Kleidung||RJ-1|Wasserdicht
            Lederhose|Trachten Huber|Kleidung|leder|LH-1|Hirschleder
            Wanderschuhe|Meindl|Schuhe|leder|WS-1|Wasserdicht
            Hausschuhe|Giesswein|Schuhe||HS-1|Filz
            Fußball|Derbystar|Spielzeug|kinder|FB-5|Größe fünf
            Holzeisenbahn|Brio|Spielzeug|kinder,holz|33773|Ab drei Jahren
            """,
        queries: """
            kaffeemaschine => Kaffeemaschine
            Kaffee => + Kaffeemaschine; + Kaffeemühle; + Kaffeebohnen Äthiopien; - Müsli
            maschine => + Kaffeemaschine; + Espressomaschine; + Nähmaschine; + Waschmaschine
            espresso maschine => Espressomaschine
            kaffeemashine => Kaffeemaschine
            muehle => + Kaffeemühle
            Mühle => Kaffeemühle
            muesli => Müsli
            musli => Müsli; Müslischale
            brot => Brot; + Brotkasten; + Brotmesser; - Müsli
            messer => + Brotmesser; + Küchenmesser
            glas => Gläser im Set; + Weinglas
            Stühle => Stuhl; + Bürostuhl
            bücher => + Kinderbuch; + Bücherregal
            tassen => Tasse; + Untertasse
            weisswein => Weißwein
            fussball => Fußball
            wuesthof => + Brotmesser; + Küchenmesser
            C40 => Kaffeemühle
            schuhe => + Wanderschuhe; + Hausschuhe; - Brot
            """)
}

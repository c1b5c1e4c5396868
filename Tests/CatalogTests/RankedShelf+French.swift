import Catalog

extension RankedShelf {
    static let french = RankedShelf(
        .french,
        products: """
            Crème brûlée|Pâtisserie Léa|Desserts||CB-1|À la vanille de Madagascar
            Crème fraîche épaisse|Laiterie du Val|Crèmerie|bio|CF-1|D'Isigny
            Crème hydratante|Nuxe|Soins|bio|CH-1|Peaux sèches
            Beurre demi-sel|Laiterie du Val|Crèmerie||BE-1|De Bretagne
            Beurre de cacahuète|Épicerie Martin|Épicerie|vegan|BC-1|Croquant
            Fromage de chèvre|Laiterie du Val|Fromages|bio|FR-1|Affiné
            Camembert|Laiterie du Val|Fromages||FR-2|Au lait cru
            Plateau à fromages|Maison Bois|Cuisine|bois|PF-1|En chêne
            Huile d'olive|Moulin Peyre|Épicerie|bio|HO-1|Première pression
            Huile de noix|Moulin Peyre|Épicerie||HN-1|Du Périgord
            Vinaigre de cidre|Moulin Peyre|Épicerie|bio|VC-1|Non filtré
            Moutarde à l'ancienne|Épicerie Martin|Épicerie||MO-1|De Dijon
            Confiture de fraises|Épicerie Martin|Épicerie||CO-1|Peu sucrée
            Confiture d'abricots|Épicerie Martin|Épicerie||CO-2|Du Roussillon
            Gâteau au chocolat|Pâtisserie Léa|Desserts|anniversaire|GA-1|Moelleux
            Gâteau basque|Pâtisserie Léa|Desserts||GA-2|À la cerise
            Chocolat noir|Bonnat|Épicerie|vegan|3760012345678|Grand cru
            Chocolat au lait|Bonnat|Épicerie||3760012345685|Fondant
            Chocolat chaud|Bonnat|Boissons||CC-1|Pour l'hiver
            Café en grains|Brûlerie Sud|Boissons|bio|CA-1|Torréfaction claire
            Café moulu|Brûlerie Sud|Boissons||CA-2|Pour filtre
            Machine à café|Gaggia|Cuisine||RI8437|Quinze bars
            Moulin à café|Peugeot|Cuisine|bois|19401765|En hêtre
            Moulin à poivre|Peugeot|Cuisine|bois|23461|En hêtre
            Thé vert|Palais du Thé|Boissons|bio|TH-1|Sencha
            Thé noir|Palais du Thé|Boissons||TH-2|Fumé
            Théière en fonte|Iwachu|Cuisine||TI-1|Un litre
            Tasse|Faïence Bleue|Vaisselle||TA-1|Grès
            Assiette creuse|Faïence Bleue|Vaisselle||AS-1|Grès
            Assiettes à dessert|Faïence Bleue|Vaisselle||AS-2|Lot de six
            Verre à vin|Duralex|Vaisselle||VE-1|Trempé
            Verres à eau|Duralex|Vaisselle||VE-2|Lot de six
            Couteau de cuisine|Opinel|Cuisine||OP-118|Lame de vingt centimètres
            Couteaux à steak|Laguiole|Cuisine||LA-6|Lot de six
            Planche à découper|Maison Bois|Cuisine|bois|PL-1|En chêne
            Poêle en fonte|Le Creuset|Cuisine||PO-1|Vingt-six centimètres
            Cocotte|Le Creuset|Cuisine||CK-1|Quatre litres
            Casserole|Mauviel|Cuisine||CS-1|En cuivre
            Table à manger|Maison Bois|Meubles|bois|TM-1|Pour huit
            Table basse|Maison Bois|Meubles|bois|TB-1|En noyer
            Chaise longue|Fermob|Jardin||FE-1|Toile
            Lampe de chevet|Lumière|Luminaires||LC-1|Laiton
            Drap housse|Linge Blanc|Linge|coton|DH-1|Percale
            Draps brodés|Linge Blanc|Linge|coton|DB-1|Percale
            Chemise blanche|Atelier Nord|Vêtements|coton,homme|CM-1|Col italien
            Robe d'été|Atelier Nord|Vêtements|lin,femme|RE-1|Légère
            Pull en laine verte|Atelier Nord|Vêtements|laine|PU-1|Tricoté en Bretagne
            Chaussures de randonnée|Paraboot|Chaussures|cuir|CR-1|Imperméables
            Bijoux en argent|Orfèvre|Accessoires||BI-1|Fait main
            Cheval à bascule|Jouets du Bois|Jouets|bois|JB-1|Dès un an
            """,
        queries: """
            creme brulee => Crème brûlée
            CRÈME => + Crème brûlée; + Crème fraîche épaisse; + Crème hydratante
            fromages => + Fromage de chèvre; + Plateau à fromages; + Camembert
            huile olive => Huile d'olive
            l'huile => + Huile d'olive; + Huile de noix
            confiture fraise => Confiture de fraises
            gateaux => + Gâteau au chocolat; + Gâteau basque
            chocolat noir => Chocolat noir
            chocolat => + Chocolat noir; + Chocolat au lait; + Chocolat chaud
            choccolat => + Chocolat noir; + Chocolat au lait
            moulin cafe => Moulin à café; - Moulin à poivre
            assiettes => + Assiette creuse; + Assiettes à dessert
            couteaux => + Couteau de cuisine; + Couteaux à steak
            drap => + Drap housse; + Draps brodés
            pull vert => Pull en laine verte
            chevaux => Cheval à bascule
            bijou => Bijoux en argent
            3760012345678 => Chocolat noir
            opinel => Couteau de cuisine
            theiere => Théière en fonte; - Thé vert
            """)
}

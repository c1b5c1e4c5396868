/// What the demo store sells: a neighbourhood food shop called Maya's Larder.
enum DemoCatalogue {
    static let categories: [DemoCategory] = [bakery, cheese, pantry, produce, drinks, readyMeals]

    private static let bakery = DemoCategory(
        handle: "bakery", title: "Bakery",
        products: [
            .choice(
                "Country sourdough", "BAK-SOUR", by: "Maya's Larder", option: "Size", tags: ["vegan", "baked-today"],
                [("Half", "H", 260, 400, 30), ("Whole", "W", 480, 800, 40)],
                "A slow loaf: wheat, a little rye, thirty hours of rising and a dark crust."),
            .single(
                "Rye & caraway loaf", "BAK-RYE", 420, 700, stock: 24, by: "Maya's Larder", tags: ["vegan"],
                "Dense and moist, and better on the second day."),
            .single(
                "Pão de queijo, six", "BAK-PDQ", 550, 240, stock: 36, by: "Casa Belo", tags: ["gluten-free"],
                "Little cheese breads of cassava flour; ten minutes in a hot oven."),
            .single(
                "Croissants au beurre, four", "BAK-CRO", 620, 280, stock: 20, was: 680, by: "Maya's Larder",
                tags: ["baked-today"], "Butter, folded twenty-seven times."),
            .choice(
                "Kanelbullar", "BAK-KAN", by: "Söderbageriet", option: "Box", tags: ["baked-today"],
                [("Two", "2", 340, 180, 18), ("Six", "6", 890, 540, 12)],
                "Cinnamon buns with cardamom in the dough and pearl sugar on top."),
            .single(
                "Seeded crackers", "BAK-CRK", 390, 150, stock: 80, by: "Maya's Larder", tags: ["vegan"],
                "Thin, crisp, full of linseed and sesame."),
        ])

    private static let cheese = DemoCategory(
        handle: "cheese-and-dairy", title: "Cheese & dairy",
        products: [
            .choice(
                "Comté, eighteen months", "DAI-COM", by: "Fruitière des Lacs", option: "Weight", tags: ["raw-milk"],
                [("200 g", "200", 720, 200, 25), ("500 g", "500", 1690, 500, 10)],
                "Nutty and long, from a mountain dairy in the Jura."),
            .single(
                "Farmhouse cheddar", "DAI-CHE", 590, 250, stock: 40, by: "Blackdown Farm",
                "Cloth-bound, aged a year, with a bite."),
            .single(
                "Crème fraîche", "DAI-CRF", 240, 200, stock: 48, by: "Blackdown Farm",
                "Thick enough to stand a spoon in."),
            .single(
                "Labneh with olive oil", "DAI-LAB", 410, 250, stock: 30, by: "Casa Belo",
                "Strained yoghurt, salted, under a green oil."),
            .single(
                "Smoked scamorza", "DAI-SCA", 530, 280, stock: 3, by: "Caseificio Ruta",
                "Melts into long threads. Nearly sold out: the next delivery comes on Thursday."),
        ])

    private static let pantry = DemoCategory(
        handle: "pantry", title: "Pantry",
        products: [
            .choice(
                "Early-harvest olive oil", "PAN-OIL", by: "Almazara Peña", option: "Bottle", tags: ["vegan"],
                [
                    ("250 ml", "250", 890, 480, 60), ("500 ml", "500", 1550, 900, 45),
                    ("3 l tin", "3000", 6900, 3100, 8),
                ],
                "Pressed in October from green Picual olives; peppery at the end."),
            .single(
                "Bronze-die rigatoni", "PAN-RIG", 320, 500, stock: 150, by: "Pastificio Ruta", tags: ["vegan"],
                "Rough enough that the sauce stays on."),
            .single(
                "San Marzano tomatoes", "PAN-TOM", 290, 400, stock: 200, by: "Pastificio Ruta", tags: ["vegan"],
                "Whole, peeled, sweet."),
            .single(
                "Borlotti beans", "PAN-BOR", 260, 500, stock: 90, by: "Almazara Peña", tags: ["vegan"],
                "Dried; soak overnight and they turn creamy."),
            .single(
                "Harissa", "PAN-HAR", 450, 190, stock: 55, by: "Casa Belo", tags: ["vegan", "hot"],
                "Smoked chilli, caraway, lemon and garlic."),
            .single(
                "Blossom honey", "PAN-HON", 780, 340, stock: 33, by: "Blackdown Farm",
                "From hives beside the lime trees; sets in winter."),
            .single(
                "Fleur de sel", "PAN-SEL", 690, 125, stock: 64, by: "Île Blanche", tags: ["vegan"],
                "Raked by hand on still evenings."),
        ])

    private static let produce = DemoCategory(
        handle: "fruit-and-vegetables", title: "Fruit & vegetables",
        products: [
            .single(
                "Seasonal vegetable box", "PRO-BOX", 1650, 5000, stock: 15, by: "Blackdown Farm",
                tags: ["vegan", "box"], "What the field gives this week, for two to three people."),
            .single(
                "Amalfi lemons, four", "PRO-LEM", 380, 500, stock: 44, by: "Agrumi Ruta", tags: ["vegan"],
                "Unwaxed, leaves on; eat the peel."),
            .single(
                "Vine tomatoes", "PRO-VIN", 340, 500, stock: 60, by: "Blackdown Farm", tags: ["vegan"],
                "Picked ripe, never chilled."),
            .single(
                "Wild garlic", "PRO-WIL", 290, 80, stock: 0, by: "Blackdown Farm", tags: ["vegan"],
                "Back in spring."),
            .choice(
                "Jalapeño peppers", "PRO-JAL", by: "Blackdown Farm", option: "Colour", tags: ["vegan", "hot"],
                [("Green", "G", 180, 100, 50), ("Red", "R", 210, 100, 26)],
                "Grown under glass; the red ones are sweeter and no milder."),
        ])

    private static let drinks = DemoCategory(
        handle: "drinks", title: "Drinks",
        products: [
            .choice(
                "House espresso blend", "DRI-ESP", by: "Röstwerk", option: "Grind", tags: ["vegan"],
                [("Beans", "B", 990, 250, 70), ("Filter", "F", 990, 250, 30), ("Espresso", "E", 990, 250, 35)],
                "Chocolate and hazelnut; roasted on Tuesdays."),
            .single(
                "Apple juice, cloudy", "DRI-APP", 420, 1100, stock: 58, by: "Blackdown Farm", tags: ["vegan"],
                "Nothing but late apples."),
            .single(
                "Elderflower pressé", "DRI-ELD", 350, 800, stock: 47, by: "Blackdown Farm", tags: ["vegan"],
                "Lightly sparkling and not too sweet."),
            .single(
                "Sencha", "DRI-SEN", 1180, 100, stock: 22, by: "茶屋 Midori", tags: ["vegan"],
                "First flush from Shizuoka; water at seventy degrees."),
            .single(
                "Ginger kombucha", "DRI-KOM", 310, 400, stock: nil, by: "Röstwerk", tags: ["vegan"],
                "Brewed to order, so there is always some."),
        ])

    private static let readyMeals = DemoCategory(
        handle: "ready-to-eat", title: "Ready to eat",
        products: [
            .choice(
                "Lentil & squash dhal", "RDY-DHA", by: "Maya's Larder", option: "Portions", tags: ["vegan"],
                [("One", "1", 650, 400, 25), ("Two", "2", 1190, 800, 25)],
                "Red lentils, roast squash, a spoon of lime pickle."),
            .single(
                "Boeuf bourguignon", "RDY-BOE", 1240, 450, stock: 16, by: "Maya's Larder",
                "Shin of beef, six hours, a bottle of red."),
            .single(
                "Fish pie", "RDY-FIS", 1090, 480, stock: 14, was: 1250, by: "Maya's Larder",
                "Smoked haddock, prawns, leeks, mashed potato."),
            .single(
                "Gazpacho", "RDY-GAZ", 520, 500, stock: 28, by: "Casa Belo", tags: ["vegan"],
                "Drink it cold, from a glass."),
            .single(
                "Pickled herring", "RDY-HER", 640, 250, stock: 19, by: "Söderbageriet",
                "With dill, mustard and a clear head."),
        ])
}

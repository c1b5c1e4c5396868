import Catalog

extension RankedShelf {
    static let english = RankedShelf(
        .english,
        products: """
            Coffee|Harbour Roasters|Coffee and tea|organic|CO-1|Our house blend, ground
            Coffee beans Ethiopia|Harbour Roasters|Coffee and tea|organic|CO-2|Whole beans, light roast
            Decaf coffee pods|Harbour Roasters|Coffee and tea||CO-3|For pod machines
            Coffee grinder|Comandante|Kitchen|steel|CG-100|Forty steps from espresso to French press
            Coffee table in solid oak|Northwood|Furniture|oak|FT-20|Seats nobody, holds everything
            Mug for people who love coffee|Clay & Co|Tableware|gift|MG-7|Dishwasher safe
            French press|Bodum|Kitchen|glass|5014-BLK|Makes eight cups of coffee
            Espresso machine|Gaggia|Kitchen||RI9380/46|Fifteen bar pump
            Green tea|Harbour Roasters|Coffee and tea|organic|TE-1|Sencha from Japan
            Earl Grey tea|Harbour Roasters|Coffee and tea||TE-2|Black tea with bergamot
            Teapot|Clay & Co|Tableware||TP-1|For one litre of tea
            Cast-iron teapot|Iwachu|Tableware||TP-2|Keeps tea warm
            Kettle|Clay & Co|Kitchen||KE-1|Boils water
            Electric kettle with thermostat|Fellow|Kitchen||KE-EKG|Holds any temperature
            Chocolate cake|Maya's|Bakery|birthday|CK-1|Three layers
            Dark chocolate 85%|Zotter|Sweets|vegan|4006381333931|Bitter
            Milk chocolate|Zotter|Sweets||4006381333948|With alpine milk
            Hot chocolate|Zotter|Coffee and tea||HC-1|For cold evenings
            Chocolate chip cookies|Maya's|Bakery||CK-2|Baked every day
            Strawberry jam|Maya's|Pantry||JM-1|Little sugar
            Raspberry jam|Maya's|Pantry||JM-2|With seeds
            Peanut butter|Maya's|Pantry|vegan|PB-1|Crunchy
            Butter|Dairy Lane|Dairy||BU-1|Salted
            Butterfly net|Playful|Toys||BF-1|For children
            Olive oil|Almazara Peña|Pantry|vegan|OL-1|Early harvest
            Men's running shoes|Asics|Shoes|men|GEL-1130|For long distances
            Women's running shoes|Asics|Shoes|women|GEL-1131|For long distances
            Running socks|Falke|Clothing|men,women|SO-1|Cushioned
            Hiking boots|Meindl|Shoes|men,women|HB-1|Waterproof
            Shoe polish|Collonil|Care||SP-1|For leather shoes
            Basic t-shirt|Weaver|Clothing|cotton|TS-1|Organic cotton
            V-neck T-shirt red|Weaver|Clothing|cotton|TS-2|Slim fit
            Red wool sweater|Weaver|Clothing|wool|SW-1|Knitted in Wales
            Blue denim jacket|Levi's|Clothing|denim|72334-0573|Trucker
            Children's raincoat|Playful|Clothing|kids|RC-1|Yellow
            Baby blanket|Playful|Clothing|kids|BB-1|Soft cotton
            Wooden train set|Brio|Toys|kids|33097|Fifty pieces
            Jigsaw puzzle 1000 pieces|Ravensburger|Toys||17066|A harbour at night
            Corner sofa|Northwood|Furniture||FS-1|Seats five
            Bookshelf in oak|Northwood|Furniture|oak|FB-1|Six shelves
            Oak dining table|Northwood|Furniture|oak|FT-10|Seats eight
            Bedside lamp|Lumen|Lighting|brass|LA-1|Warm light
            Desk lamp|Lumen|Lighting|steel|LA-2|Reading light for the desk
            Hair dryer|Dyson|Care||HD07|Fast
            Toothbrush|Curaprox|Care||CS-5460|Ultra soft
            Shaving brush|Mühle|Care||31K252|Synthetic fibre
            Sunglasses|Ray-Ban|Accessories||RB3025|Aviator
            Leather belt|Meindl|Accessories|leather|BE-1|Brown
            USB-C cable 2 m|Anker|Electronics||A8856|60 W
            Wireless headphones|Sony|Electronics|bluetooth|WH-1000XM5|Noise cancelling
            """,
        queries: """
            coffee => Coffee; + Coffee beans Ethiopia; + Decaf coffee pods; + Coffee grinder
            coffe => Coffee; + Coffee grinder
            coffee table => Coffee table in solid oak
            grinder for coffee => Coffee grinder
            tea => + Green tea; + Earl Grey tea; - Wireless headphones
            teapots => Teapot; Cast-iron teapot
            choclate => + Dark chocolate 85%; + Milk chocolate; + Hot chocolate; + Chocolate cake
            dark chocolate => Dark chocolate 85%
            butter => Butter; Peanut butter; - Coffee
            butterfl => Butterfly net
            mens running shoes => Men's running shoes; - Women's running shoes
            tshirt => + Basic t-shirt; + V-neck T-shirt red; - Red wool sweater
            t-shirt red => V-neck T-shirt red
            red sweaters => Red wool sweater
            WH1000XM5 => Wireless headphones
            wh-1000 => Wireless headphones
            4006381333931 => Dark chocolate 85%
            almazara pena => Olive oil
            hairdryer => Hair dryer
            zzxqy => –
            """)
}

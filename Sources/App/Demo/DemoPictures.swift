import DesignSystem
import Markup

/// The pictures of the demo's products, drawn for them.
enum DemoPictures {
    /// Served with the pages' own files.
    static let assets: [Asset] = DemoCatalogue.categories.flatMap(\.products).compactMap { product in
        draw(product.code).map { Asset("\(product.code.lowercased()).svg", type: "image/svg+xml", $0.bytes) }
    }

    /// Where the picture of a product is; nil for a product without one.
    static func address(of product: DemoProduct) -> String? {
        let name = "\(product.code.lowercased()).svg"
        return assets.first { $0.name == name }?.address.description
    }

    /// What is behind and below the products of each category.
    private static let places = [
        "BAK": ("#f6e7d2", "#e7cfae"), "DAI": ("#e6ecf2", "#cfdae4"), "PAN": ("#f3e3d8", "#e0c4b2"),
        "PRO": ("#e5efdc", "#cadbb9"), "DRI": ("#e2ece9", "#c5d9d3"), "RDY": ("#efe4ea", "#dcc8d3"),
    ]

    private static func draw(_ code: String) -> DemoDrawing? {
        guard let place = places[String(code.prefix(3))], let paint = paints[code] else { return nil }
        var drawing = DemoDrawing(wall: place.0, table: place.1)
        paint(&drawing)
        return drawing
    }

    private static let paints: [String: @Sendable (inout DemoDrawing) -> Void] = [
        "BAK-SOUR": { $0.loaf("#8a5227", "#b8763a", "#f3dfbf") },
        "BAK-RYE": { $0.tinLoaf("#5a3620", "#7b4d2d", "#d8b98a") },
        "BAK-PDQ": { $0.balls("#d9a24d", "#efc77c") },
        "BAK-CRO": { $0.croissant("#b06a25", "#e0a04a") },
        "BAK-KAN": { $0.buns("#b8763a", "#dda35c", "#7b4522") },
        "BAK-CRK": { $0.crackers("#b98648", "#dbb072", "#5f4326") },
        "DAI-COM": { $0.wedge("#f4d68c", "#eac46c", "#8d6236") },
        "DAI-CHE": { $0.wheel("#f0b24f", "#e79c33", "#7a5a3c") },
        "DAI-CRF": { $0.tub("#fdf8ea", "#f4f6f8", "#3d6f93") },
        "DAI-LAB": { $0.bowl("#3f6f8f", "#6d9bb8", food: "#fbf8ef", light: "#fff", dots: "#b7b04a") },
        "DAI-SCA": { $0.pear("#c98a3c", "#e6b56a", "#8a6a45") },
        "PAN-OIL": { $0.bottle("#4c6b2f", "#7d9a35", label: "#f4ecd4", cap: "#2f3d22") },
        "PAN-RIG": { $0.tubes("#e9bf62", "#f6dc94", "#c4943a") },
        "PAN-TOM": { $0.can("#f2e3c2", "#b83228", "#d23c2e") },
        "PAN-BOR": { $0.beans("#e7cdb5", "#9a4a4a") },
        "PAN-HAR": { $0.jar("#b8321f", "#d9573b", label: "#f7ead2", lid: "#2f2a28") },
        "PAN-HON": { $0.jar("#dd9a22", "#f2bd4e", label: "#fff5dc", lid: "#b8862f") },
        "PAN-SEL": { $0.salt() },
        "PRO-BOX": { $0.crate() },
        "PRO-LEM": { $0.lemons() },
        "PRO-VIN": { $0.vine() },
        "PRO-WIL": { $0.leaves() },
        "PRO-JAL": { $0.peppers() },
        "DRI-ESP": { $0.bag("#3b3230", "#2b2422", label: "#e9dcc8", mark: "#6b4226") },
        "DRI-APP": { $0.bottle("#d8a13a", "#e8b654", label: "#fbf3df", cap: "#7b2d26", isSlim: false) },
        "DRI-ELD": { $0.bottle("#cfe0c0", "#e4eed4", label: "#fbfbf3", cap: "#5d7f53") },
        "DRI-SEN": { $0.tea() },
        "DRI-KOM": { $0.bottle("#7b4a24", "#98602f", label: "#f3e4c8", cap: "#c9c3b4", isSlim: false) },
        "RDY-DHA": { $0.bowl("#5c4a6e", "#8676a0", food: "#d98a2b", light: "#efae4b", dots: "#b8541f") },
        "RDY-BOE": { $0.bowl("#2f5147", "#4f7a6d", food: "#5e2f22", light: "#7b4230", dots: "#e0842f") },
        "RDY-FIS": { $0.dish("#4f6f8c", "#dca24a", "#f2c878") },
        "RDY-GAZ": { $0.glass("#d4482f", "#e8745a") },
        "RDY-HER": { $0.herring() },
    ]
}

extension DemoProduct {
    /// What the SKUs of its variants begin with, such as `BAK-RYE`.
    var code: String {
        (variants.first?.sku ?? "").split(separator: "-").prefix(2).joined(separator: "-")
    }
}

import Catalog

/// A category below one of the demo store's categories.
struct DemoShelf {
    let handle: String
    let title: String
    /// The SKUs of what lies on it, as far as they are the same.
    let prefixes: [String]
}

extension DemoCategory {
    /// What its page says of it.
    var words: String {
        switch handle {
        case "bakery": "Baked in the night, in the shop by seven."
        case "cheese-and-dairy": "From dairies that we have all been to."
        case "pantry": "What keeps, and makes the rest taste of something."
        case "fruit-and-vegetables": "Mostly from Blackdown Farm, mostly picked yesterday."
        case "drinks": "Coffee, tea, and what is cold."
        default: "Cooked in our kitchen; warm it or leave it."
        }
    }

    var shelves: [DemoShelf] {
        switch handle {
        case "bakery":
            [
                DemoShelf(handle: "bread", title: "Bread", prefixes: ["BAK-SOUR", "BAK-RYE", "BAK-CRK"]),
                DemoShelf(
                    handle: "buns-and-pastries", title: "Buns & pastries", prefixes: ["BAK-PDQ", "BAK-CRO", "BAK-KAN"]),
            ]
        case "pantry":
            [
                DemoShelf(
                    handle: "oil-salt-and-spice", title: "Oil, salt & spice",
                    prefixes: ["PAN-OIL", "PAN-HAR", "PAN-SEL"]),
                DemoShelf(
                    handle: "pasta-and-pulses", title: "Pasta & pulses", prefixes: ["PAN-RIG", "PAN-BOR", "PAN-TOM"]),
            ]
        case "drinks":
            [
                DemoShelf(handle: "coffee-and-tea", title: "Coffee & tea", prefixes: ["DRI-ESP", "DRI-SEN"]),
                DemoShelf(
                    handle: "cold-drinks", title: "Cold drinks", prefixes: ["DRI-APP", "DRI-ELD", "DRI-KOM"]),
            ]
        default: []
        }
    }

    /// The category that a product of it is put into: the shelf that it lies on, if there is one.
    func place(of product: DemoProduct) -> ProductDraft.CategoryDraft {
        let sku = product.variants.first?.sku ?? ""
        let shelf = shelves.first { $0.prefixes.contains { sku.hasPrefix($0) } }
        return .init(handle: shelf?.handle ?? handle, title: shelf?.title ?? title)
    }
}

import Catalog
import DesignSystem
import Markup
import Primitives
import Stores

/// What a page tells search engines and who links to it (https://ogp.me, https://schema.org/Product).
struct PageDescription {
    let origin: String
    let title: String
    var description: String?
    let address: WebAddress
    var image: String?
    var kind = "website"

    /// The address as it is for those who are elsewhere.
    func absolute(_ address: String) -> String {
        address.hasPrefix("/") ? origin + address : address
    }

    /// Puts it into a page's head.
    func describe(_ document: inout Document, shop: Shop) {
        document.canonical = WebAddress(checking: absolute(address.description))
        var head: [HTML] = [
            meta(.property("og:type"), .content(kind)), meta(.property("og:title"), .content(title)),
            meta(.property("og:site_name"), .content(shop.store.name)),
            meta(.property("og:url"), .content(absolute(address.description))),
        ]
        if let description, !description.isEmpty {
            head.append(meta(.property("og:description"), .content(description)))
        }
        if let image { head.append(meta(.property("og:image"), .content(absolute(image)))) }
        document.head = .list([document.head] + head)
    }
}

/// Global trade item numbers (https://www.gs1.org/services/how-calculate-check-digit-manually): those who compare
/// prices refuse what has the field and is none.
enum GTIN {
    /// Of 8, 12, 13 or 14 digits, the last of which checks the others.
    static func isValid(_ text: String) -> Bool {
        let digits = text.utf8.map { Int($0) - 48 }
        guard [8, 12, 13, 14].contains(digits.count), digits.allSatisfy({ (0...9).contains($0) }) else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { $0 + $1.element * ($1.offset % 2 == 0 ? 1 : 3) }
        return sum % 10 == 0
    }
}

extension PageDescription {
    /// A product as data: browsers do not run it, so that the page's policy for scripts does not concern it.
    func linkedData(of shown: ShownProduct, in shop: Shop) -> JSON {
        let product = shown.card.product
        var object: JSONObject = [
            "@context": "https://schema.org", "@type": "Product", "name": .string(product.title),
            "url": .string(absolute(address.description)),
        ]
        if let description, !description.isEmpty { object["description"] = .string(description) }
        if !product.images.isEmpty {
            object["image"] = .array(product.images.prefix(10).map { .string(absolute($0.url)) })
        }
        if !product.vendor.isEmpty { object["brand"] = ["@type": "Brand", "name": .string(product.vendor)] }
        if product.variants.count == 1, let sku = product.variants.first?.sku, !sku.isEmpty {
            object["sku"] = .string(sku)
        }
        if product.variants.count == 1, let barcode = product.variants.first?.details.barcode, GTIN.isValid(barcode) {
            object["gtin"] = .string(barcode)
        }
        object["offers"] = offers(shown.card, in: shop)
        return .object(object)
    }

    private func offers(_ card: ProductCard, in shop: Shop) -> JSON {
        let prices = card.product.variants.map(\.priceMinorUnits)
        let availability = card.isSoldOut ? "https://schema.org/OutOfStock" : "https://schema.org/InStock"
        var offers: JSONObject = [
            "@type": prices.count > 1 ? "AggregateOffer" : "Offer", "priceCurrency": .string(shop.currency.code),
            "availability": .string(availability), "url": .string(absolute(address.description)),
        ]
        if prices.count > 1, let least = prices.min(), let most = prices.max() {
            offers["lowPrice"] = .string(decimal(least, shop))
            offers["highPrice"] = .string(decimal(most, shop))
            offers["offerCount"] = JSON(prices.count)
        } else if let price = prices.first {
            offers["price"] = .string(decimal(price, shop))
        }
        return .object(offers)
    }

    /// With a point, as programs read it: `4.20`.
    private func decimal(_ minorUnits: Int64, _ shop: Shop) -> String {
        let exponent = shop.currency.exponent
        guard exponent > 0 else { return String(minorUnits) }
        var digits = String(minorUnits)
        digits = String(repeating: "0", count: max(0, exponent + 1 - digits.count)) + digits
        return "\(digits.dropLast(exponent)).\(digits.suffix(exponent))"
    }
}

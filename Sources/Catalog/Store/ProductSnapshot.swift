import FoundationEssentials
import Primitives

/// A product as the index keeps it beside its document: in one piece, so that a page of a search reads one row for each
/// product instead of several in three tables.
///
/// Its categories are named by their ids, as they have titles of their own that change.
struct ProductSnapshot: Hashable, Sendable {
    /// Without its categories.
    var product: Product
    let categories: [CategoryID]

    init(_ product: Product) {
        self.product = product
        self.product.categories = []
        // As the tables have what always was and never ends.
        if product.publishedAt == ProductTable.always { self.product.publishedAt = nil }
        if product.unpublishedAt == .latest { self.product.unpublishedAt = nil }
        categories = product.categories.map(\.id)
    }
}

extension ProductSnapshot {
    /// Of the bytes: of those of another format the product's own tables are read. A field more is another format.
    private static let format: UInt8 = 1

    /// Numbers in 7 bits to a byte, the least significant first; texts as UTF-8 with their length before them.
    var encoded: [UInt8] {
        var bytes = SnapshotWriter(format: Self.format)
        bytes.append(product.id.uuid)
        bytes.append(product.handle)
        bytes.append(product.title)
        bytes.append(product.status.rawValue)
        bytes.append(product.vendor)
        bytes.append(product.version)
        bytes.append(product.createdAt.microseconds)
        bytes.append(product.updatedAt.microseconds)
        bytes.append(product.publishedAt?.microseconds)
        bytes.append(product.unpublishedAt?.microseconds)
        bytes.append(product.optionNames) { $0.append($1) }
        bytes.append(product.tags) { $0.append($1) }
        bytes.append(product.images) { bytes, image in
            bytes.append(image.url)
            bytes.append(image.alt)
            bytes.append(image.copy.map { [$0] } ?? []) { bytes, copy in
                bytes.append(copy.path)
                bytes.append(copy.width)
                bytes.append(copy.height)
            }
        }
        bytes.append(product.details.type)
        bytes.append(product.details.seoTitle)
        bytes.append(product.details.seoDescription)
        bytes.append(product.details.metadata)
        bytes.append(categories) { $0.append($1.uuid) }
        bytes.append(product.variants) { $0.append($1) }
        bytes.append(product.descriptionHTML)
        return bytes.bytes
    }

    /// Nil for what is not of this format.
    init?(_ bytes: [UInt8]) {
        guard bytes.first == Self.format else { return nil }
        do throws(SnapshotReader.Truncated) {
            self = try bytes.withUnsafeBufferPointer { buffer throws(SnapshotReader.Truncated) in
                var reader = SnapshotReader(bytes: UnsafeBufferPointer(rebasing: buffer.dropFirst()))
                return try ProductSnapshot(&reader)
            }
        } catch {
            return nil
        }
    }

    private init(_ bytes: inout SnapshotReader) throws(SnapshotReader.Truncated) {
        let id = ProductID(try bytes.uuid())
        let (handle, title) = (try bytes.text(), try bytes.text())
        guard let status = ProductStatus(rawValue: try bytes.text()) else { throw SnapshotReader.Truncated() }
        product = Product(
            id: id, handle: handle, title: title, descriptionHTML: "", status: status, vendor: try bytes.text(),
            optionNames: [], images: [], tags: [], categories: [], variants: [], version: Int(try bytes.number()),
            createdAt: Instant(microseconds: try bytes.number()), updatedAt: Instant(microseconds: try bytes.number()))
        product.publishedAt = try bytes.optional().map(Instant.init(microseconds:))
        product.unpublishedAt = try bytes.optional().map(Instant.init(microseconds:))
        product.optionNames = try bytes.list { bytes throws(SnapshotReader.Truncated) in try bytes.text() }
        product.tags = try bytes.list { bytes throws(SnapshotReader.Truncated) in try bytes.text() }
        product.images = try bytes.list { bytes throws(SnapshotReader.Truncated) in
            let (url, alt) = (try bytes.text(), try bytes.text())
            let copies = try bytes.list { bytes throws(SnapshotReader.Truncated) in
                ImageCopy(path: try bytes.text(), width: Int(try bytes.number()), height: Int(try bytes.number()))
            }
            return ProductImage(url: url, alt: alt, copy: copies.first)
        }
        product.details = ProductDetails(
            type: try bytes.text(), seoTitle: try bytes.text(), seoDescription: try bytes.text(),
            metadata: try bytes.metadata())
        categories = try bytes.list { bytes throws(SnapshotReader.Truncated) in CategoryID(try bytes.uuid()) }
        product.variants = try bytes.list { bytes throws(SnapshotReader.Truncated) in try bytes.variant(of: id) }
        product.descriptionHTML = try bytes.text()
    }
}

/// Puts the parts of a product one behind the other.
private struct SnapshotWriter {
    private(set) var bytes: [UInt8]

    init(format: UInt8) {
        bytes = [format]
        bytes.reserveCapacity(1000)
    }

    mutating func append(_ number: Int64) {
        // The sign goes last, so that small numbers are short whatever it is.
        var rest = UInt64(bitPattern: number << 1 ^ number >> 63)
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(_ number: Int) { append(Int64(number)) }

    /// A list of none or one.
    mutating func append(_ number: Int64?) {
        append(number.map { [$0] } ?? []) { $0.append($1) }
    }

    mutating func append(_ text: String) {
        append(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ uuid: UUID) {
        withUnsafeBytes(of: uuid.uuid) { bytes.append(contentsOf: $0) }
    }

    mutating func append<Element>(_ list: [Element], _ body: (inout SnapshotWriter, Element) -> Void) {
        append(list.count)
        for element in list { body(&self, element) }
    }

    mutating func append(_ metadata: [String: String]) {
        append(metadata.sorted { $0.key < $1.key }) { bytes, entry in
            bytes.append(entry.key)
            bytes.append(entry.value)
        }
    }

    mutating func append(_ variant: Variant) {
        append(variant.id.uuid)
        append(variant.sku)
        append(variant.title)
        append(variant.optionValues) { $0.append($1) }
        append(variant.priceMinorUnits)
        append(variant.compareAtPriceMinorUnits)
        append(variant.weightGrams)
        append((variant.isTaxable ? 1 : 0) + (variant.requiresShipping ? 2 : 0))
        append(variant.costMinorUnits)
        append(variant.details.barcode)
        append(variant.details.weightUnit.rawValue)
        append(variant.details.taxCode)
        append(variant.details.imageURL)
        append(variant.details.metadata)
    }
}

/// Reads what a `SnapshotWriter` wrote.
private struct SnapshotReader {
    /// There is less than was announced, or something that cannot be.
    struct Truncated: Error {}

    private let bytes: UnsafeBufferPointer<UInt8>
    private var next = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func number() throws(Truncated) -> Int64 {
        var bits: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard next < bytes.count, shift < 64 else { throw Truncated() }
            let byte = bytes[next]
            next += 1
            bits |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { break }
        }
        return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
    }

    mutating func optional() throws(Truncated) -> Int64? {
        try list { bytes throws(Truncated) in try bytes.number() }.first
    }

    private mutating func take(_ count: Int64) throws(Truncated) -> UnsafeBufferPointer<UInt8> {
        guard count >= 0, count <= Int64(bytes.count - next) else { throw Truncated() }
        defer { next += Int(count) }
        return UnsafeBufferPointer(rebasing: bytes[next..<next + Int(count)])
    }

    mutating func text() throws(Truncated) -> String {
        String(decoding: try take(try number()), as: UTF8.self)
    }

    mutating func uuid() throws(Truncated) -> UUID {
        UUID(uuid: UnsafeRawBufferPointer(try take(16)).loadUnaligned(as: uuid_t.self))
    }

    mutating func list<Element>(
        _ element: (inout SnapshotReader) throws(Truncated) -> Element
    ) throws(Truncated) -> [Element] {
        let count = try number()
        // An element has a byte at least.
        guard count >= 0, count <= Int64(bytes.count - next) else { throw Truncated() }
        var list: [Element] = []
        list.reserveCapacity(Int(count))
        for _ in 0..<count { list.append(try element(&self)) }
        return list
    }

    mutating func metadata() throws(Truncated) -> [String: String] {
        let entries = try list { bytes throws(Truncated) in (try bytes.text(), try bytes.text()) }
        return entries.isEmpty ? [:] : Dictionary(entries, uniquingKeysWith: { first, _ in first })
    }

    mutating func variant(of product: ProductID) throws(Truncated) -> Variant {
        let (id, sku, title) = (VariantID(try uuid()), try text(), try text())
        let values = try list { bytes throws(Truncated) in try bytes.text() }
        let (price, former, weight) = (try number(), try optional(), try number())
        let (flags, cost, barcode) = (try number(), try optional(), try text())
        guard let unit = WeightUnit(rawValue: try text()) else { throw Truncated() }
        return Variant(
            id: id, product: product, sku: sku, title: title, optionValues: values, priceMinorUnits: price,
            compareAtPriceMinorUnits: former, weightGrams: Int(weight), isTaxable: flags & 1 == 1,
            requiresShipping: flags & 2 == 2, costMinorUnits: cost,
            details: VariantDetails(
                barcode: barcode, weightUnit: unit, taxCode: try text(), imageURL: try text(),
                metadata: try metadata()))
    }
}

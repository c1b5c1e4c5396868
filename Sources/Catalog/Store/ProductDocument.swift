import Persistence
import Primitives

/// Lists of a product that are read and written whole: JSON in a column.
enum ProductDocument {
    static func texts(_ texts: [String]) -> String {
        JSON.array(texts.map { .string($0) }).description
    }

    static func texts(_ column: String) throws -> [String] {
        if column == "[]" { return [] }
        return try array(column).compactMap(\.string)
    }

    static func images(_ images: [ProductImage]) -> String {
        JSON.array(images.map { ["url": .string($0.url), "alt": .string($0.alt)] }).description
    }

    static func images(_ column: String) throws -> [ProductImage] {
        if column == "[]" { return [] }
        return try array(column).map { ProductImage(url: $0["url"]?.string ?? "", alt: $0["alt"]?.string ?? "") }
    }

    private static func array(_ column: String) throws -> [JSON] {
        guard let array = try JSON(parsing: column).array else {
            throw DatabaseError.decoding("a product's column holds no list")
        }
        return array
    }
}

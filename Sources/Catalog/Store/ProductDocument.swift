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
        JSON.array(
            images.map { image in
                var document: JSONObject = ["url": .string(image.url), "alt": .string(image.alt)]
                if let copy = image.copy {
                    document["copy"] = [
                        "path": .string(copy.path), "width": JSON(copy.width), "height": JSON(copy.height),
                    ]
                }
                return .object(document)
            }
        ).description
    }

    static func images(_ column: String) throws -> [ProductImage] {
        if column == "[]" { return [] }
        return try array(column).map { image in
            ProductImage(
                url: image["url"]?.string ?? "", alt: image["alt"]?.string ?? "", copy: image["copy"].flatMap(copy))
        }
    }

    private static func copy(_ document: JSON) -> ImageCopy? {
        guard let path = document["path"]?.string, let width = document["width"]?.integer,
            let height = document["height"]?.integer
        else { return nil }
        return ImageCopy(path: path, width: width, height: height)
    }

    static func metadata(_ metadata: [String: String]) -> String {
        guard !metadata.isEmpty else { return "{}" }
        var object = JSONObject()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { object[key] = .string(value) }
        return JSON.object(object).description
    }

    static func metadata(_ column: String) throws -> [String: String] {
        if column == "{}" { return [:] }
        guard let object = try JSON(parsing: column).object else {
            throw DatabaseError.decoding("a product's metadata is no object")
        }
        return Dictionary(object.map { ($0.key, $0.value.string ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    private static func array(_ column: String) throws -> [JSON] {
        guard let array = try JSON(parsing: column).array else {
            throw DatabaseError.decoding("a product's column holds no list")
        }
        return array
    }
}

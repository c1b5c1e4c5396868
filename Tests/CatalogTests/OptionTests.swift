import Catalog
import Foundation
import Primitives
import Testing

/// Options that are written over others.
struct OptionTests {
    private static let sizes = ProductOption(name: "Size", values: ["S", "M"])
    private static let colours = ProductOption(name: "Colour", values: ["Red", "Blue"])

    @Test func `options that are as they were change nothing`() throws {
        var draft = try Self.shirt()
        draft.variants.reverse()
        let former = draft.variants.map(\.summary)
        try draft.replaceOptions(draft.options)
        #expect(draft.variants.map(\.summary) == former)
    }

    @Test(arguments: [
        (["Small", "M"], ["1 Small/Red 1000", "2 Small/Blue 1001", "3 M/Red 1002"]),
        (["Small", "Medium"], ["1 Small/Red 1000", "2 Small/Blue 1001", "3 Medium/Red 1002"]),
        (["M", "S"], ["3 M/Red 1002", "1 S/Red 1000", "2 S/Blue 1001"]),
        (["M"], ["3 M/Red 1002"]),
        (["S", "M", "L"], ["1 S/Red 1000", "2 S/Blue 1001", "3 M/Red 1002", "- L/Red 1000", "- L/Blue 1001"]),
        (
            ["Small", "M", "L"],
            ["1 Small/Red 1000", "2 Small/Blue 1001", "3 M/Red 1002", "- L/Red 1000", "- L/Blue 1001"]
        ),
        (["L", "M"], ["1 L/Red 1000", "2 L/Blue 1001", "3 M/Red 1002"]),
        (["M", "L"], ["3 M/Red 1002", "- L/Red 1002"]),
    ])
    func `values are renamed, moved, added and removed`(_ sizes: [String], _ expected: [String]) throws {
        var draft = try Self.shirt()
        try draft.replaceOptions([ProductOption(name: "Size", values: sizes), Self.colours])
        #expect(draft.variants.map(\.summary) == expected)
        #expect(
            draft.variants.allSatisfy { variant in variant.sku == (variant.id.map { "SH-\($0.uuid.uuid.15)" } ?? "") })
    }

    @Test(arguments: [["36", "38", "40", "42"], ["36"], ["M", "S", "XL"]])
    func `what may be a new name or a new value is asked back`(_ sizes: [String]) throws {
        var draft = ProductDraft(title: "Mug", variants: [try Self.variant(7)])
        try draft.replaceOptions([ProductOption(name: "Size", values: ["S", "M", "L"])])
        let former = draft.variants.map(\.summary)
        let problem = #expect(throws: Problem.self) {
            try draft.replaceOptions([ProductOption(name: "Size", values: sizes)])
        }
        #expect(problem?.errors.map(\.pointer) == ["/options/0"])
        #expect(draft.variants.map(\.summary) == former)
    }

    @Test func `options are the same in another place and under another name`() throws {
        var draft = try Self.shirt()
        try draft.replaceOptions([Self.colours, Self.sizes])
        #expect(draft.optionNames == ["Colour", "Size"])
        #expect(draft.variants.map(\.summary) == ["1 Red/S 1000", "3 Red/M 1002", "2 Blue/S 1001"])
        try draft.replaceOptions([Self.colours, ProductOption(name: "Cut", values: ["Slim", "M"])])
        #expect(draft.variants.map(\.summary) == ["1 Red/Slim 1000", "3 Red/M 1002", "2 Blue/Slim 1001"])
        try draft.replaceOptions([Self.colours, nil, ProductOption(name: "Fit", values: ["Slim", "M"])])
        #expect(draft.variants.map(\.summary) == ["1 Red/Slim 1000", "3 Red/M 1002", "2 Blue/Slim 1001"])
        let cloth = ProductOption(name: "Cloth", values: ["Cotton", "Wool"])
        try draft.replaceOptions([cloth, Self.colours, ProductOption(name: "Fit", values: ["Slim", "M"])])
        #expect(
            draft.variants.map(\.summary) == [
                "1 Cotton/Red/Slim 1000", "3 Cotton/Red/M 1002", "2 Cotton/Blue/Slim 1001", "- Wool/Red/Slim 1000",
                "- Wool/Red/M 1002", "- Wool/Blue/Slim 1001",
            ])
    }

    @Test func `an option that goes leaves one variant of each combination of the others`() throws {
        for places in [[nil, Self.colours], [Self.colours, nil], [Self.colours]] {
            var draft = try Self.shirt()
            try draft.replaceOptions(places)
            #expect(draft.variants.map(\.summary) == ["1 Red 1000", "2 Blue 1001"])
            try draft.replaceOptions([])
            #expect(draft.variants.map(\.summary) == ["1  1000"])
            #expect(draft.optionNames.isEmpty)
        }
    }

    @Test func `a value whose last variant went with another value is not made anew`() throws {
        var draft = try Self.shirt()
        try draft.replaceOptions([ProductOption(name: "Size", values: ["M"]), Self.colours])
        #expect(draft.options.map(\.values) == [["M"], ["Red"]])
        let problem = #expect(throws: Problem.self) {
            try draft.replaceOptions([
                ProductOption(name: "Size", values: ["M"]), ProductOption(name: "Colour", values: []),
            ])
        }
        #expect(problem?.errors.map(\.code) == ["empty"])
    }

    @Test func `the only variant of a product becomes the first of its options`() throws {
        var draft = ProductDraft(title: "Mug", variants: [try Self.variant(7)])
        try draft.replaceOptions([Self.sizes, Self.colours])
        #expect(draft.variants.map(\.summary) == ["7 S/Red 1006", "- S/Blue 1006", "- M/Red 1006", "- M/Blue 1006"])
        #expect(draft.variants.last?.details == VariantDetails(weightUnit: .pound, taxCode: "food"))
        #expect(draft.variants.first?.details.imageURL == "https://img.example/7")
    }

    @Test func `a million combinations are not made before they are refused`() throws {
        let values = (1...100).map(String.init)
        var draft = ProductDraft(title: "Mug", variants: [try Self.variant(7)])
        try draft.replaceOptions(["A", "B", "C"].map { ProductOption(name: $0, values: values) })
        #expect(draft.variants.count == ProductDraft.mostVariants + 1)
    }

    /// A shirt in two sizes and two colours, without one of the combinations.
    private static func shirt() throws -> ProductDraft {
        ProductDraft(
            title: "Shirt", optionNames: ["Size", "Colour"],
            variants: [
                try variant(1, ("Size", "S"), ("Colour", "Red")), try variant(2, ("Size", "S"), ("Colour", "Blue")),
                try variant(3, ("Size", "M"), ("Colour", "Red")),
            ])
    }

    private static func variant(
        _ number: UInt8, _ options: (name: String, value: String)...
    ) throws -> ProductDraft.VariantDraft {
        ProductDraft.VariantDraft(
            id: VariantID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number))), sku: "SH-\(number)",
            price: try Money(999 + Int64(number), try #require(Currency("EUR"))), options: options,
            details: VariantDetails(
                barcode: "400638133393\(number)", weightUnit: .pound, taxCode: "food",
                imageURL: "https://img.example/\(number)", metadata: ["bin": "B\(number)"]))
    }
}

extension ProductDraft.VariantDraft {
    /// Its number, its values and its price.
    fileprivate var summary: String {
        let number = id.map { String($0.uuid.uuid.15) } ?? "-"
        return "\(number) \(options.map(\.value).joined(separator: "/")) \(price.amount)"
    }
}

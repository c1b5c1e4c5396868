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
        draft.replaceOptions(draft.options)
        #expect(draft.variants.map(\.summary) == former)
    }

    @Test func `an option and a value are called otherwise, and variants stay what they are`() throws {
        var draft = try Self.shirt()
        draft.replaceOptions([
            ProductOption(name: "Cut", values: ["Small", "M"]), ProductOption(name: "Colour", values: ["Red", "Navy"]),
        ])
        #expect(draft.optionNames == ["Cut", "Colour"])
        #expect(draft.variants.map(\.summary) == ["1 Small/Red 1000", "2 Small/Navy 1001", "3 M/Red 1002"])
        #expect(draft.variants.map(\.sku) == ["SH-1", "SH-2", "SH-3"])
    }

    @Test func `values that only change places keep their variants, in the new order`() throws {
        var draft = try Self.shirt()
        draft.replaceOptions([ProductOption(name: "Size", values: ["M", "S"]), Self.colours])
        #expect(draft.variants.map(\.summary) == ["3 M/Red 1002", "1 S/Red 1000", "2 S/Blue 1001"])
    }

    @Test func `a new value gets the combinations that there are of the other options`() throws {
        var draft = try Self.shirt()
        draft.replaceOptions([ProductOption(name: "Size", values: ["S", "M", "L"]), Self.colours])
        #expect(
            draft.variants.map(\.summary) == [
                "1 S/Red 1000", "2 S/Blue 1001", "3 M/Red 1002", "- L/Red 1000", "- L/Blue 1001",
            ])
        #expect(draft.variants.last?.sku == "")
        #expect(draft.variants.last?.details == VariantDetails(weightUnit: .pound, taxCode: "food"))
    }

    @Test func `a value that is gone takes its variants along, and so does an option what it told apart`() throws {
        var draft = try Self.shirt()
        draft.replaceOptions([ProductOption(name: "Size", values: ["M"]), Self.colours])
        #expect(draft.variants.map(\.summary) == ["3 M/Red 1002", "- M/Blue 1002"])
        draft = try Self.shirt()
        draft.replaceOptions([nil, Self.colours])
        #expect(draft.variants.map(\.summary) == ["1 Red 1000", "2 Blue 1001"])
        draft.replaceOptions([nil, nil])
        #expect(draft.variants.map(\.summary) == ["1  1000"])
        #expect(draft.optionNames.isEmpty)
    }

    @Test func `the only variant of a product becomes the first of its options`() throws {
        var draft = ProductDraft(title: "Mug", variants: [try Self.variant(7)])
        draft.replaceOptions([Self.sizes, Self.colours])
        #expect(draft.variants.map(\.summary) == ["7 S/Red 1006", "- S/Blue 1006", "- M/Red 1006", "- M/Blue 1006"])
    }

    @Test func `other values altogether make variants like the first one`() throws {
        var draft = try Self.shirt()
        draft.replaceOptions([ProductOption(name: "Size", values: ["36", "38", "40"]), nil])
        #expect(draft.variants.map(\.summary) == ["- 36 1000", "- 38 1000", "- 40 1000"])
    }

    @Test func `a million combinations are not made before they are refused`() throws {
        let values = (1...100).map(String.init)
        var draft = try Self.shirt()
        draft.replaceOptions(["A", "B", "C"].map { ProductOption(name: $0, values: values) })
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
                barcode: "400638133393\(number)", weightUnit: .pound, taxCode: "food", metadata: ["bin": "B\(number)"]))
    }
}

extension ProductDraft.VariantDraft {
    /// Its number, its values and its price.
    fileprivate var summary: String {
        let number = id.map { String($0.uuid.uuid.15) } ?? "-"
        return "\(number) \(options.map(\.value).joined(separator: "/")) \(price.amount)"
    }
}

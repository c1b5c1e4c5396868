public import Primitives

extension ProductDraft {
    /// Checks what the fields say together, as saving does.
    /// - Throws: `validation.failed` with every field at fault.
    public func check(currency: Currency) throws(Problem) { _ = try settled(currency: currency) }

    /// Whether saving the one after the other would change nothing. Both name the variants that they keep.
    public func isSame(as other: ProductDraft) -> Bool {
        title == other.title && handle == other.handle && descriptionHTML == other.descriptionHTML
            && status == other.status && vendor == other.vendor && optionNames == other.optionNames
            && images == other.images && tags == other.tags && details == other.details
            && categories.map(\.handle) == other.categories.map(\.handle)
            && variants.count == other.variants.count
            && zip(variants, other.variants).allSatisfy { $0.isSame(as: $1) }
    }
}

extension ProductDraft.VariantDraft {
    fileprivate func isSame(as other: Self) -> Bool {
        id == other.id && sku == other.sku && title == other.title && price == other.price
            && compareAtPrice == other.compareAtPrice && weightGrams == other.weightGrams
            && isTaxable == other.isTaxable && requiresShipping == other.requiresShipping && cost == other.cost
            && details == other.details && options.count == other.options.count
            && zip(options, other.options).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    }
}

extension ProductDraft {
    /// Each option with the values that variants have, in their order.
    public var options: [ProductOption] {
        optionNames.map { name in
            var values: [String] = []
            for variant in variants {
                let value = variant.value(of: name)
                if !value.isEmpty, !values.contains(value) { values.append(value) }
            }
            return ProductOption(name: name, values: values)
        }
    }

    /// Gives the product other options, as one who looks at the former ones and writes over them.
    ///
    /// A name in the place of another renames the option. A value in the place of another renames the value, as long as
    /// there are as many as before and none only moved. A value that is gone takes its variants along; one that is new
    /// gets a variant for every combination that there is of the other options, at the price of the one it is made
    /// from. A variant that stays keeps its id, and with it its stock: that of a product without options becomes the
    /// first of them. More variants than a product may have are refused when it is saved.
    ///
    /// - Parameter places: what is in the place of each former option, nil for one that goes; new ones follow.
    public mutating func replaceOptions(_ places: [ProductOption?]) {
        let former = options
        let wanted = places.enumerated().compactMap { place, option in option.map { (place: place, option: $0) } }
        guard wanted.map(\.option) != former, let model = variants.first else { return }
        var combinations = Combinations(values: wanted.map(\.option.values))
        for variant in variants {
            let values = wanted.map { place, option -> String in
                guard former.indices.contains(place) else { return option.values.first ?? "" }
                let value = variant.value(of: former[place].name)
                return option.renamed(value, from: former[place].values)
            }
            combinations.keep(variant, values)
        }
        combinations.fillIn(from: model)
        optionNames = wanted.map(\.option.name)
        variants = combinations.sorted.map { variant, values in
            var variant = variant
            variant.options = zip(optionNames, values).map { (name: $0, value: $1) }
            return variant
        }
    }
}

/// Variants by their values for the options that are wanted.
private struct Combinations {
    typealias Entry = (variant: ProductDraft.VariantDraft, values: [String])

    /// The values that each option is to have.
    let values: [[String]]
    private var entries: [Entry] = []
    private var taken: Set<[String]> = []

    init(values: [[String]]) { self.values = values }

    /// Takes a variant over, unless a value of it is wanted no more or another has the same.
    mutating func keep(_ variant: ProductDraft.VariantDraft, _ own: [String]) {
        guard zip(own, values).allSatisfy({ $1.contains($0) }), taken.insert(own).inserted else { return }
        entries.append((variant, own))
    }

    /// Makes variants for the values that none has.
    mutating func fillIn(from model: ProductDraft.VariantDraft) {
        if entries.isEmpty { keep(model.fresh, values.compactMap(\.first)) }
        for (place, wanted) in values.enumerated() {
            let missing = wanted.filter { value in !entries.contains { $0.values[place] == value } }
            let bases = entries
            for value in missing {
                for base in bases {
                    // Refused when it is saved, and nobody waits for a million of them.
                    guard entries.count <= ProductDraft.mostVariants else { return }
                    var own = base.values
                    own[place] = value
                    keep(base.variant.fresh, own)
                }
            }
        }
    }

    /// In the order of the values.
    var sorted: [Entry] {
        func rank(_ entry: Entry) -> [Int] { zip(entry.values, values).map { $1.firstIndex(of: $0) ?? 0 } }
        return entries.map { (entry: $0, rank: rank($0)) }
            .sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.entry)
    }
}

extension ProductOption {
    /// What a former value is called now: what stands in its place, where the one was written over the other.
    fileprivate func renamed(_ value: String, from former: [String]) -> String {
        guard former.count == values.count, let place = former.firstIndex(of: value), !values.contains(value),
            !former.contains(values[place])
        else { return value }
        return values[place]
    }
}

extension ProductDraft.VariantDraft {
    fileprivate func value(of option: String) -> String { options.first { $0.name == option }?.value ?? "" }

    /// Another variant like this one, without what tells them apart.
    fileprivate var fresh: Self {
        var variant = self
        variant.id = nil
        variant.sku = ""
        variant.title = nil
        variant.details.barcode = ""
        variant.details.metadata = [:]
        return variant
    }
}

public import Primitives

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
    /// An option is the former one of its name, wherever that stood, or the one in whose place it was written. Lines
    /// between values that stay rename what was there, if there are as many as before. A value that is gone takes its
    /// variants along; one that is new gets a variant for every combination that there is of the other options, at the
    /// price of the one it is made from. A variant that stays keeps its id, and with it its stock: that of a product
    /// without options becomes the first of them. More variants than a product may have are refused when it is saved.
    ///
    /// - Parameter places: what is in the place of each former option, nil for one that goes; new ones follow.
    /// - Throws: `validation.failed` at `/options/<place>` when it cannot be told which values were renamed, or no
    ///   variant would be left.
    public mutating func replaceOptions(_ places: [ProductOption?]) throws(Problem) {
        let former = options
        let sources = Self.sources(of: places, in: former)
        var changes: [OptionChange] = []
        for (place, option) in places.enumerated() {
            guard let option else { continue }
            changes.append(try OptionChange(option, at: place, from: sources[place].map { former[$0] }))
        }
        guard changes.map(\.option) != former else { return }
        var combinations = Combinations(changes: changes)
        for variant in variants { combinations.keep(variant, changes.map { $0.value(of: variant) }) }
        guard !combinations.isEmpty else {
            throw .validation("/options/0", "empty", "No variant would be left: keep a value of each option.")
        }
        combinations.addNewOnes()
        optionNames = changes.map(\.option.name)
        variants = combinations.sorted.map { variant, values in
            var variant = variant
            variant.options = zip(optionNames, values).map { (name: $0, value: $1) }
            return variant
        }
    }

    /// The former option that each place has now.
    private static func sources(of places: [ProductOption?], in former: [ProductOption]) -> [Int?] {
        var sources = places.map { option in former.firstIndex { $0.name == option?.name } }
        func isFree(_ index: Int) -> Bool { !sources.contains(index) }
        for place in places.indices where places[place] != nil && sources[place] == nil {
            if former.indices.contains(place), isFree(place) { sources[place] = place }
        }
        // A new name in another place, but values that an option had: that option.
        for (place, option) in places.enumerated() where sources[place] == nil {
            guard let option else { continue }
            sources[place] = former.indices.first { index in
                isFree(index) && former[index].values.contains(where: option.values.contains)
            }
        }
        return sources
    }
}

/// An option as it is wanted, and what that does to the values of a former one.
private struct OptionChange {
    let option: ProductOption
    /// The former option's name; nil for a new option.
    private let formerName: String?
    private var renamed: [String: String] = [:]
    /// Values that no variant has yet.
    private(set) var added: [String] = []

    init(_ option: ProductOption, at place: Int, from former: ProductOption?) throws(Problem) {
        self.option = option
        formerName = former?.name
        guard let former else {
            added = Array(option.values.dropFirst())
            return
        }
        let staying = Set(former.values).intersection(option.values)
        let isOnlyMoved = staying.count == former.values.count || staying.count == option.values.count
        if isOnlyMoved {
            added = option.values.filter { !staying.contains($0) }
            return
        }
        let ambiguous = Problem.validation(
            "/options/\(place)", "ambiguous",
            "It cannot be told which values are new and which have a new name: rename first and save, then add or "
                + "remove others.")
        guard former.values.filter(staying.contains) == option.values.filter(staying.contains) else { throw ambiguous }
        func runs(_ values: [String]) -> [ArraySlice<String>] {
            values.split(omittingEmptySubsequences: false, whereSeparator: staying.contains)
        }
        for (old, new) in zip(runs(former.values), runs(option.values)) {
            if old.isEmpty {
                added += new
            } else if old.count == new.count {
                for (before, after) in zip(old, new) { renamed[before] = after }
            } else if !new.isEmpty {
                throw ambiguous
            }
        }
    }

    /// What a variant has of it; a value that is no longer wanted for one that goes.
    func value(of variant: ProductDraft.VariantDraft) -> String {
        guard let formerName else { return option.values.first ?? "" }
        let value = variant.value(of: formerName)
        return renamed[value] ?? value
    }
}

/// Variants by their values for the options that are wanted.
private struct Combinations {
    typealias Entry = (variant: ProductDraft.VariantDraft, values: [String])

    let changes: [OptionChange]
    private var entries: [Entry] = []
    private var taken: Set<[String]> = []

    init(changes: [OptionChange]) { self.changes = changes }

    var isEmpty: Bool { entries.isEmpty }

    /// Takes a variant over, unless a value of it is wanted no more or another has the same.
    mutating func keep(_ variant: ProductDraft.VariantDraft, _ values: [String]) {
        guard zip(values, changes).allSatisfy({ $1.option.values.contains($0) }), taken.insert(values).inserted else {
            return
        }
        entries.append((variant, values))
    }

    /// Makes variants for the values that are new.
    mutating func addNewOnes() {
        for (place, change) in changes.enumerated() {
            let bases = entries
            for value in change.added {
                for base in bases {
                    // Refused when it is saved, and nobody waits for a million of them.
                    guard entries.count <= ProductDraft.mostVariants else { return }
                    var values = base.values
                    values[place] = value
                    keep(base.variant.fresh, values)
                }
            }
        }
    }

    /// In the order of the values.
    var sorted: [Entry] {
        func rank(_ entry: Entry) -> [Int] {
            zip(entry.values, changes).map { $1.option.values.firstIndex(of: $0) ?? 0 }
        }
        return entries.map { (entry: $0, rank: rank($0)) }
            .sorted { $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.entry)
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
        variant.details.imageURL = ""
        variant.details.metadata = [:]
        return variant
    }
}

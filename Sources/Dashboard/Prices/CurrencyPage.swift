import Catalog
import DesignSystem
import HTTPServer
import Markup
import Persistence
import Primitives
import Stores
import UseCases

extension Dashboard {
    var currencyEndpoints: [Endpoint] { [currencyPage, keepCurrency, dropCurrency] }

    private static let reading = Access.reading("prices:read")
    private static let changing = Access.changing("prices:write")

    private var currencyPage: Endpoint {
        Endpoint(
            .get, "/dashboard/currencies", "showCurrencies", summary: "What the store sells in", policy: Self.reading,
            takes: .page, answers: .web
        ) { call in
            try await showCurrencies(of: try call.store, notice: Notice(call.query))
        }
    }

    /// Adds a currency, or changes the one whose form it is.
    private var keepCurrency: Endpoint {
        Endpoint(
            .post, "/dashboard/currencies", "saveCurrency", summary: "Sells in a currency, at a rate",
            policy: Self.changing, takes: .form, answers: .web
        ) { call in
            let store = try await store(try call.store)
            let entry = CurrencyEntry(call.body, base: store.currency)
            guard entry.faults.isEmpty, let currency = entry.currency else {
                return try await showCurrencies(of: store.id, typed: call.body, faults: entry.faults)
            }
            let keep = KeepCurrency(
                store: store.id, base: store.currency, currency: currency, rate: entry.rate, ratedAt: nil,
                rounding: entry.rounding, actor: call.actor, requestID: call.requestID)
            do {
                _ = try await database.write("catalog.keep_currency") { tx in try keep.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem) { _ in "currency" }
                return try await showCurrencies(of: store.id, typed: call.body, faults: faults)
            }
            return .value(.redirect(to: "/dashboard/currencies?done=\(Notice.kept.rawValue)"))
        }
    }

    private var dropCurrency: Endpoint {
        Endpoint(
            .post, "/dashboard/currencies/{currency}/removal", "removeCurrency",
            summary: "Sells in a currency no more", policy: Self.changing,
            takes: .form(PathShape("currency", .currency)), answers: .web
        ) { call in
            let drop = DropCurrency(
                store: try call.store, currency: call.path, actor: call.actor, requestID: call.requestID)
            try await database.write("catalog.drop_currency") { tx in try drop.run(in: tx) }
            return .value(.redirect(to: "/dashboard/currencies?done=\(Notice.removed.rawValue)"))
        }
    }

    private func showCurrencies(
        of id: StoreID, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let store = try await store(id)
        let book = try await database.read("catalog.price_book") { tx in
            try Catalog.priceBook(of: store.id, base: store.currency, in: tx)
        }
        var page = try await page(.prices, "Currencies", of: id)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(CurrencyPage(book: book, now: clock.now(), typed: typed, faults: faults).html)
    }
}

/// A currency as staff type it.
struct CurrencyEntry {
    let currency: Currency?
    let rate: ExchangeRate?
    let rounding: PriceRounding
    private(set) var faults = Faults()

    init(_ form: Form, base: Currency) {
        let code = (form["currency"] ?? "").trimmed.uppercased()
        currency = Currency(code)
        let chosen = (form["rounding"] ?? "").split(separator: ".").compactMap { Int64($0) }
        // ignored: a rounding that is none was not on the page
        let rounding = chosen.count == 2 ? try? PriceRounding(step: chosen[0], offset: chosen[1]) : nil
        self.rounding = rounding ?? currency.map(PriceRounding.usual) ?? .exact
        let typed = (form["rate"] ?? "").trimmed.replacing(",", with: ".")
        rate = currency == base ? nil : ExchangeRate(typed)
        if currency == nil { faults.add("currency", "Give the three letters of a currency, such as EUR.") }
        if currency != nil, currency != base, rate == nil {
            faults.add("rate", "Give a rate such as 0.8612: how much of it is one \(base.code).")
        }
        if rounding == nil, form["rounding"] != nil { faults.add("rounding", "Choose how prices are rounded.") }
    }
}

extension PriceRounding {
    /// As a form says it.
    var text: String { "\(step).\(offset)" }

    /// The roundings that merchants choose from in a currency, with its own among them.
    static func choices(in currency: Currency, with own: PriceRounding) -> [Field.Choice] {
        var unit: Int64 = 1
        for _ in 0..<currency.exponent { unit *= 10 }
        let steps: [Int64] = currency.exponent == 0 ? [10, 100] : [unit / 20, unit / 10, unit / 2, unit]
        let endings: [Int64] = currency.exponent == 0 ? [20] : [unit / 100, unit / 20, unit / 10]
        let whole: Int64 = currency.exponent == 0 ? 100 : unit
        var choices: [PriceRounding] = [.exact]
        // ignored: these are all roundings
        for step in steps { if let rounding = try? PriceRounding(step: step) { choices.append(rounding) } }
        for offset in endings {
            // ignored: these are, too
            if let rounding = try? PriceRounding(step: whole, offset: offset) { choices.append(rounding) }
        }
        if !choices.contains(own) { choices.append(own) }
        return choices.map { .init($0.text, $0.words(in: currency)) }
    }

    /// Such as `Ending in .99`.
    func words(in currency: Currency) -> String {
        if self == .exact { return "Exact" }
        guard offset > 0 else { return "To \(Price.field(step, currency))" }
        return "Such as \(Price.field(step * (step < 100 ? 10 : 1) - offset, currency))"
    }
}

/// What the store sells in, at which rates and roundings.
struct CurrencyPage: Sendable {
    let book: PriceBook
    let now: Instant
    var typed: Form?
    var faults = Faults()

    var html: HTML {
        group {
            UI.breadcrumbs([("Prices", "/dashboard/price-lists"), ("Currencies", nil)])
            div(.class("page-head")) { h1 { "Currencies" } }
            p(.class("muted")) {
                "Prices are kept in \(book.base.code). In other currencies a price list says what things cost; what "
                "none names is converted at the rate and rounded."
            }
            faults.summary
            div(.class("card flush")) { table }
            addition
        }
    }

    private struct Line {
        let currency: Currency
        let terms: CurrencyTerms?
        let rounding: PriceRounding

        var rate: String { terms.map { $0.rate.description } ?? "–" }
    }

    private var lines: [Line] {
        [Line(currency: book.base, terms: nil, rounding: book.baseRounding)]
            + book.further.map { Line(currency: $0.currency, terms: $0, rounding: $0.rounding) }
    }

    private var table: HTML {
        let columns: [UI.Column<Line>] = [
            .init("Currency") { line in name(line) },
            .init("1 \(book.base.code) is", isNumber: true) { line in line.rate },
            .init("Since") { line in since(line) },
            .init("Rounding") { line in line.rounding.words(in: line.currency) },
            .init("Change") { line in disclosure(line) },
        ]
        return UI.table("Currencies", lines, columns, rowAttributes: { [.id("row-\($0.currency.code)")] })
    }

    private func name(_ line: Line) -> HTML {
        group {
            strong { line.currency.code }
            if line.terms == nil { div(.class("hint")) { "The store's own" } }
        }
    }

    private func since(_ line: Line) -> HTML {
        guard let terms = line.terms else { return .text("–") }
        return group {
            UI.time(terms.ratedAt)
            if PriceDuties.isOld(terms, at: now) { div { UI.badge("Look it up again", .warn) } }
        }
    }

    private func disclosure(_ line: Line) -> HTML {
        details(.id("change-\(line.currency.code)")) {
            summary(.aria("label", "Change \(line.currency.code)")) { "Change" }
            change(line)
        }
    }

    private func change(_ line: Line) -> HTML {
        div(.class("stack")) {
            form(.method(.post), .action("/dashboard/currencies"), .class("stack"), .novalidate()) {
                input(.type("hidden"), .name("currency"), .value(line.currency.code))
                rateField(line)
                roundingField(line)
                div { UI.button("Save", .primary, size: "small") }
            }
            removal(line)
        }
    }

    private func rateField(_ line: Line) -> HTML {
        guard let terms = line.terms else { return .empty }
        let id = "rate-\(line.currency.code)"
        return div(.class("field")) {
            label(.for(id)) { "Rate of \(line.currency.code)" }
            input(
                .type("text"), .id(id), .name("rate"), .class("input"), .value(terms.rate.description),
                .inputmode("decimal"), .autocomplete("off"), .required())
        }
    }

    private func roundingField(_ line: Line) -> HTML {
        let id = "rounding-\(line.currency.code)"
        let own = line.rounding.text
        let choices: [Field.Choice] = PriceRounding.choices(in: line.currency, with: line.rounding)
        return div(.class("field")) {
            label(.for(id)) { "Rounding of \(line.currency.code)" }
            select(.id(id), .name("rounding"), .class("input")) {
                for choice in choices {
                    option(.value(choice.value), .selected(choice.value == own)) { choice.title }
                }
            }
        }
    }

    private func removal(_ line: Line) -> HTML {
        guard line.terms != nil else { return .empty }
        let title = "Sell in \(line.currency.code) no more"
        return form(.method(.post), .action("/dashboard/currencies/\(line.currency.code)/removal")) {
            Markup.button(.type("submit"), .class("button danger small"), .aria("label", title)) { "Remove" }
        }
    }

    private var addition: HTML {
        UI.card("Sell in another currency") {
            form(.method(.post), .action("/dashboard/currencies"), .class("stack"), .novalidate()) {
                Field(
                    "currency", "Currency", value: typed?["currency"] ?? "", hint: "Three letters, such as EUR",
                    error: faults["currency"], isRequired: true, attributes: [.autocomplete("off"), .maxlength(3)]
                ).html
                Field(
                    "rate", "Rate", value: typed?["rate"] ?? "", hint: "How much of it is one \(book.base.code)",
                    error: faults["rate"], isRequired: true,
                    attributes: [.inputmode("decimal"), .autocomplete("off")]
                ).html
                div { UI.button("Add currency", .primary) }
            }
        }
    }
}

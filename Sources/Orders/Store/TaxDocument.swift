import Persistence
import Primitives

/// The taxes of an order and of its lines as they are stored: JSON in a column, nothing where there are none.
enum TaxDocument {
    static func encode(_ lines: [TaxLine]) -> String {
        lines.isEmpty ? "" : json(lines).description
    }

    static func lines(_ text: String, _ currency: Currency) throws -> [TaxLine] {
        text.isEmpty ? [] : try lines(JSON(parsing: text), currency)
    }

    static func encode(_ taxes: OrderTaxes) -> String {
        guard taxes != .none else { return "" }
        var document: JSONObject = ["treatment": .string(taxes.treatment)]
        if !taxes.shipping.isEmpty { document["shipping"] = json(taxes.shipping) }
        if !taxes.number.isEmpty { document["tax_number"] = .string(taxes.number) }
        if !taxes.exemption.isEmpty { document["exemption"] = .string(taxes.exemption) }
        return JSON.object(document).description
    }

    static func taxes(_ text: String, _ currency: Currency) throws -> OrderTaxes {
        guard !text.isEmpty else { return .none }
        let json = try JSON(parsing: text)
        return OrderTaxes(
            shipping: try json["shipping"].map { try lines($0, currency) } ?? [],
            treatment: json["treatment"]?.string ?? "taxed", number: json["tax_number"]?.string ?? "",
            exemption: json["exemption"]?.string ?? "")
    }

    private static func json(_ lines: [TaxLine]) -> JSON {
        .array(lines.map { [.string($0.title), JSON($0.partsPerMillion), .integer($0.amount.amount)] })
    }

    private static func lines(_ json: JSON, _ currency: Currency) throws -> [TaxLine] {
        try (json.array ?? []).map { entry in
            guard let parts = entry.array, parts.count == 3, let title = parts[0].string,
                let rate = parts[1].integer, let amount = parts[2].integer
            else { throw DatabaseError.decoding("a tax of an order cannot be read") }
            return TaxLine(title: title, partsPerMillion: rate, amount: try Money(Int64(amount), currency))
        }
    }
}

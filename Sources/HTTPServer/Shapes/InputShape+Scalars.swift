public import Primitives

extension InputShape where Value == Int {
    /// A whole number; `1.0` is not one.
    public static func integer(_ range: ClosedRange<Int>) -> InputShape {
        let schema: JSON = [
            "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
            "maximum": .integer(Int64(range.upperBound)),
        ]
        return InputShape(Schema(schema), parameter: integerParameter) { json, decoding in
            switch json {
            case .integer(let value) where range.contains(Int(value)): return Int(value)
            case .integer:
                decoding.refuse("out_of_range", "\(range.lowerBound) to \(range.upperBound) is accepted.")
            case .number(let value) where value.magnitude >= 0x1p63:
                decoding.refuse("out_of_range", "\(range.lowerBound) to \(range.upperBound) is accepted.")
            default: decoding.refuse("type", "A whole number is expected.")
            }
            return nil
        }
    }
}

/// Digits with an optional minus sign are a number; any other text stays one, which is then of the wrong type.
private func integerParameter(_ text: String) -> JSON {
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }),
        digits.first != UInt8(ascii: "0") || digits.count == 1
    else { return .string(text) }
    return Int64(text).map { .integer($0) } ?? .number(0x1p64)
}

extension InputShape where Value == Double {
    /// A number, whole or not.
    public static func number(_ range: ClosedRange<Double>) -> InputShape {
        let schema: JSON = [
            "type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
        ]
        return InputShape(Schema(schema)) { json, decoding in
            let value: Double
            switch json {
            case .integer(let whole): value = Double(whole)
            case .number(let number): value = number
            default:
                decoding.refuse("type", "A number is expected.")
                return nil
            }
            guard range.contains(value) else {
                decoding.refuse("out_of_range", "\(range.lowerBound) to \(range.upperBound) is accepted.")
                return nil
            }
            return value
        }
    }
}

extension InputShape where Value == Bool {
    /// `true` or `false`.
    public static var bool: InputShape {
        InputShape(
            Schema(["type": "boolean"]),
            parameter: { $0 == "true" ? true : $0 == "false" ? false : .string($0) }
        ) { json, decoding in
            guard case .bool(let value) = json else {
                decoding.refuse("type", "true or false is expected.")
                return nil
            }
            return value
        }
    }
}

extension InputShape {
    /// A text that `read` makes a value of.
    /// - Parameters:
    ///   - schema: what `read` accepts, exactly.
    ///   - expected: the sentence for what it does not.
    static func text(
        _ schema: JSON, expected: String, read: @escaping @Sendable (String) -> Value?
    ) -> InputShape {
        InputShape(Schema(schema), parameter: { .string($0) }) { json, decoding in
            guard case .string(let text) = json else {
                decoding.refuse("type", "A text is expected.")
                return nil
            }
            guard let value = read(text) else {
                decoding.refuse("format", expected)
                return nil
            }
            return value
        }
    }

    /// An identifier in its edge form, such as `var_01h455vb4pex5vsknk084sn02q`.
    public static func identifier<Kind: IdentifierKind>(
        _ kind: Kind.Type
    ) -> InputShape where Value == Identifier<Kind> {
        text(
            ["type": "string", "pattern": .string(identifierPattern(Kind.prefix))],
            expected: "\(Kind.prefix)_ and 26 characters are expected."
        ) { Identifier($0) }
    }

    /// One of the words of an enumeration.
    public static func oneOf(
        _ type: Value.Type = Value.self
    ) -> InputShape where Value: CaseIterable & RawRepresentable<String> {
        let words = Value.allCases.map(\.rawValue)
        return text(
            ["type": "string", "enum": .array(words.map { .string($0) })],
            expected: "One of \(words.joined(separator: ", ")) is expected."
        ) { text in
            // Compared by bytes: Swift's own comparison takes U+212A for K.
            Value.allCases.first { $0.rawValue.utf8.elementsEqual(text.utf8) }
        }
    }
}

/// The regular expression of an identifier's edge form.
func identifierPattern(_ prefix: String) -> String {
    "^\(prefix)" + identifierPatternEnd
}

private let identifierPatternEnd = "_[0-7][0-9a-hjkmnp-tv-z]{25}$"

extension Schema {
    /// The prefix of the identifiers that it describes; nil when it describes something else.
    var identifierPrefix: String? {
        guard let pattern = json["pattern"]?.string, pattern.hasSuffix(identifierPatternEnd) else { return nil }
        return String(pattern.dropFirst().dropLast(identifierPatternEnd.count))
    }
}

extension InputShape where Value == Instant {
    /// RFC 3339 with any offset, in the years 1 to 9999.
    public static var instant: InputShape {
        text(
            ["type": "string", "format": "date-time"], expected: "A moment such as 2026-01-31T08:30:00Z is expected."
        ) { $0.utf8.count <= 64 ? Instant(rfc3339: $0) : nil }
    }
}

extension InputShape where Value == Currency {
    /// An ISO 4217 code in upper case.
    public static var currency: InputShape {
        text(
            ["type": "string", "enum": .array(Currency.codes.map { .string($0) })],
            expected: "An ISO 4217 currency code is expected."
        ) { $0.utf8.count == 3 ? Currency($0) : nil }
    }
}

extension InputShape where Value == EmailAddress {
    /// An e-mail address.
    public static var email: InputShape {
        text(
            ["type": "string", "format": "email", "maxLength": 320], expected: "An e-mail address is expected."
        ) { EmailAddress($0) }
    }
}

extension InputShape where Value == PhoneNumber {
    /// A telephone number with its country's prefix; spaces, dots, hyphens, slashes and parentheses are dropped.
    public static var phone: InputShape {
        text(
            [
                "type": "string", "maxLength": 40,
                "pattern": "^ *\\+[ ./()-]*[1-9][ ./()-]*(?:[0-9][ ./()-]*){6,14}$",
            ],
            expected: "A telephone number such as +442079460000 is expected."
        ) { $0.utf8.count <= 40 ? PhoneNumber($0) : nil }
    }
}

extension InputShape where Value == Money {
    /// `{"amount": 1299, "currency": "USD"}` with an amount in `range`, in minor units.
    ///
    /// Beyond 2^53 − 1 the code is `money.out_of_range`.
    public static func money(_ range: ClosedRange<Int64> = -Money.limit...Money.limit) -> InputShape {
        let names = [-Money.limit: "MoneyInput", 0: "PriceInput", 1: "PositivePriceInput"]
        let name = range.upperBound == Money.limit ? names[range.lowerBound] : nil
        return InputShape.object(
            name ?? "MoneyInput_\(range.lowerBound)_\(range.upperBound)",
            .required("amount", InputShape<Int>.amount(range)), .required("currency", .currency)
        ) { amount, currency throws(Problem) in try Money(Int64(amount), currency) }
    }
}

extension InputShape where Value == Int {
    fileprivate static func amount(_ range: ClosedRange<Int64>) -> InputShape {
        let inner = integer(Int(range.lowerBound)...Int(range.upperBound))
        return InputShape(inner.schema) { json, decoding in
            switch json {
            case .integer(let value) where value.magnitude <= Money.limit: return inner.decode(json, &decoding)
            case .integer: break
            case .number(let value) where value.magnitude >= 0x1p63: break
            default: return inner.decode(json, &decoding)
            }
            decoding.refuse("money.out_of_range", "The amount is beyond \(Money.limit) minor units.")
            return nil
        }
    }
}

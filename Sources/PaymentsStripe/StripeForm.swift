/// The body of a request to Stripe: `application/x-www-form-urlencoded`, with brackets for what is nested
/// (https://docs.stripe.com/api).
struct StripeForm {
    private(set) var text = ""

    /// Adds a field, such as `line_items[0][quantity]`.
    mutating func add(_ name: String, _ value: String) {
        if !text.isEmpty { text.append("&") }
        Self.append(name, to: &text)
        text.append("=")
        Self.append(value, to: &text)
    }

    var bytes: [UInt8] { Array(text.utf8) }

    private static func append(_ part: String, to text: inout String) {
        let hex = Array("0123456789ABCDEF")
        for byte in part.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text.append("%")
                text.append(hex[Int(byte >> 4)])
                text.append(hex[Int(byte & 15)])
            }
        }
    }
}

/// A piece of an HTML document.
///
/// It is its bytes: text and attribute values are escaped as they become part of it; nothing but the functions of this
/// module can make a tag. So no text, wherever it comes from, becomes markup:
///
///     div(.class("card")) {
///         h2 { product.title }
///         a(.href("/products/\(product.handle)")) { "Look" }
///     }
///
/// - Elements are functions named like them (`Elements.swift`); their names and those of attributes are in the code.
/// - Addresses are `WebAddress`es, which have a harmless scheme.
/// - Data for scripts is JSON, in an attribute or in `script(json:)`. There is no inline script, no event handler and
///   no style attribute.
public struct HTML: Sendable {
    private let bytes: [UInt8]

    /// What is written is a whole piece: no element in it is left open.
    init(capacity: Int = 0, write: (inout Output) -> Void) {
        var output = Output(capacity: capacity)
        write(&output)
        bytes = output.bytes
    }

    /// A piece of this module's own making.
    init(rendered bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// An element with an end tag.
    init(_ name: StaticString, _ attributes: [Attribute], _ content: HTML) {
        self.init(capacity: Self.room(name, attributes) + content.bytes.count + name.utf8CodeUnitCount) { output in
            output.open(name, attributes)
            output.append(content.bytes)
            output.append("</")
            output.append(name)
            output.append(">")
        }
    }

    /// An element without an end tag.
    init(void name: StaticString, _ attributes: [Attribute]) {
        self.init(capacity: Self.room(name, attributes)) { $0.open(name, attributes) }
    }

    /// Bytes of a tag, as far as nothing in it has to be escaped.
    private static func room(_ name: StaticString, _ attributes: [Attribute]) -> Int {
        attributes.reduce(name.utf8CodeUnitCount + 8) { $0 + $1.length }
    }

    /// Nothing at all.
    public static let empty = HTML(rendered: [])

    /// Text, to be escaped.
    public static func text(_ text: String) -> HTML { HTML(capacity: text.utf8.count) { $0.escape(text) } }

    /// One after the other.
    public static func list(_ parts: [HTML]) -> HTML {
        if parts.count == 1 { return parts[0] }
        return HTML(capacity: parts.reduce(0) { $0 + $1.bytes.count }) { output in
            for part in parts { output.append(part.bytes) }
        }
    }

    /// A comment. Whatever it says, it ends where it should.
    public static func comment(_ text: String) -> HTML {
        HTML { output in
            output.append("<!--")
            // A comment ends only with `>`, which is escaped.
            output.escape(text)
            output.append("-->")
        }
    }

    /// The bytes of the piece, in UTF-8.
    public func render() -> [UInt8] { bytes }

    /// The piece as text.
    public var source: String { String(decoding: bytes, as: UTF8.self) }
}

/// Makes HTML of the statements of a closure: texts, pieces, conditions and loops.
@resultBuilder
public enum HTMLBuilder {
    /// Text, to be escaped.
    public static func buildExpression(_ text: String) -> HTML { .text(text) }

    /// A number in digits.
    public static func buildExpression(_ number: Int) -> HTML { .text(String(number)) }

    /// A piece.
    public static func buildExpression(_ html: HTML) -> HTML { html }

    /// A piece, if there is one.
    public static func buildExpression(_ html: HTML?) -> HTML { html ?? .empty }

    /// Pieces, one after the other.
    public static func buildExpression(_ parts: [HTML]) -> HTML { .list(parts) }

    /// No statement.
    public static func buildBlock() -> HTML { .empty }

    /// One statement.
    public static func buildBlock(_ part: HTML) -> HTML { part }

    /// Several statements.
    public static func buildBlock(_ parts: HTML...) -> HTML { .list(parts) }

    /// `if` without `else`.
    public static func buildOptional(_ html: HTML?) -> HTML { html ?? .empty }

    /// `if`.
    public static func buildEither(first html: HTML) -> HTML { html }

    /// `else`.
    public static func buildEither(second html: HTML) -> HTML { html }

    /// `for`.
    public static func buildArray(_ parts: [HTML]) -> HTML { .list(parts) }
}

/// Pieces without an element around them.
public func group(@HTMLBuilder content: () -> HTML) -> HTML { content() }

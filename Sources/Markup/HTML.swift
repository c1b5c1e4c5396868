/// A piece of an HTML document.
///
/// Text and attribute values are escaped when it is rendered; nothing but the functions of this module can make a tag.
/// So no text, wherever it comes from, becomes markup:
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
    enum Node: Sendable {
        case nothing
        case text(String)
        /// Of this module's own making.
        case markup(StaticString)
        case rendered([UInt8])
        case comment(String)
        case json(id: String, text: String)
        case linkedData(String)
        /// `content` is nil for elements without an end tag.
        indirect case element(StaticString, [Attribute], content: HTML?)
        case list([HTML])
    }

    let node: Node

    init(_ node: Node) {
        self.node = node
    }

    /// An element with an end tag.
    init(_ name: StaticString, _ attributes: [Attribute], _ content: HTML) {
        node = .element(name, attributes, content: content)
    }

    /// An element without an end tag.
    init(void name: StaticString, _ attributes: [Attribute]) {
        node = .element(name, attributes, content: nil)
    }

    /// Nothing at all.
    public static let empty = HTML(.nothing)

    /// Text, to be escaped.
    public static func text(_ text: String) -> HTML { HTML(.text(text)) }

    /// One after the other.
    public static func list(_ parts: [HTML]) -> HTML { HTML(.list(parts)) }

    /// A comment. Whatever it says, it ends where it should.
    public static func comment(_ text: String) -> HTML { HTML(.comment(text)) }

    /// The same piece, rendered once: for parts that many pages share.
    public func prerendered() -> HTML { HTML(.rendered(render())) }

    /// The bytes of the piece, in UTF-8.
    public func render() -> [UInt8] {
        var output = Output()
        output.append(self)
        return output.bytes
    }

    /// The piece as text.
    public var source: String { String(decoding: render(), as: UTF8.self) }
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

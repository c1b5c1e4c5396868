public import Markup

/// A page around its body: what every page of the product has in its head.
public struct Document: Sendable {
    public var title: String
    public var description: String?
    /// BCP 47.
    public var language = "en-GB"
    public var sheet: Asset
    public var scripts: [Asset] = []
    /// Scripts that are no modules. They come after those that are, which so hear of everything that these do.
    public var classicScripts: [Asset] = []
    /// What else the head holds.
    public var head = HTML.empty
    /// Whether search engines may list it.
    public var isListed = false
    /// The one address of what can be reached by several.
    public var canonical: WebAddress?
    public var bodyClass: String?

    public init(_ title: String, sheet: Asset) {
        self.title = title
        self.sheet = sheet
    }

    /// The whole document.
    public func render(@HTMLBuilder body content: () -> HTML) -> [UInt8] {
        html(.lang(language)) {
            Markup.head {
                meta(.charset("utf-8"))
                meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
                Markup.title(title)
                if let description { meta(.name("description"), .content(description)) }
                if !isListed { meta(.name("robots"), .content("noindex")) }
                if let canonical { link(.rel("canonical"), .href(canonical)) }
                meta(.name("color-scheme"), .content("light dark"))
                link(.rel("stylesheet"), .href(sheet.address))
                link(.rel("icon"), .type("image/svg+xml"), .href(DesignSystem.favicon.address))
                head
                HTML.list(scripts.map { script(src: $0.address) })
                HTML.list(classicScripts.map { script(src: $0.address, isModule: false) })
            }
            Markup.body(.class(bodyClass), content: content)
        }.render()
    }
}

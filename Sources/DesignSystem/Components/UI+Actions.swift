public import Markup

extension UI {
    /// How much a button wants to be pressed.
    public enum Emphasis: String, Sendable {
        case normal, primary, quiet, danger

        var className: String? { self == .normal ? nil : rawValue }
    }

    /// A button that sends its form.
    /// - Parameter attributes: such as `.name("action"), .value("remove")`.
    public static func button(
        _ title: String, _ emphasis: Emphasis = .normal, size: String? = nil, _ attributes: Attribute...
    ) -> HTML {
        Markup.button(.type("submit"), .class("button", emphasis.className, size), .several(attributes)) { title }
    }

    /// A link that looks like a button.
    public static func linkButton(
        _ title: String, _ address: WebAddress, _ emphasis: Emphasis = .normal, size: String? = nil
    ) -> HTML {
        a(.href(address), .class("button", emphasis.className, size)) { title }
    }

    /// Where one is.
    /// - Parameter trail: from the outermost; the last is this page and no link.
    public static func breadcrumbs(_ trail: [(title: String, address: WebAddress?)]) -> HTML {
        nav(.class("breadcrumbs"), .aria("label", "Breadcrumbs")) {
            ol {
                for step in trail {
                    if let address = step.address {
                        li { a(.href(address)) { step.title } }
                    } else {
                        li(.aria("current", "page")) { step.title }
                    }
                }
            }
        }
    }

    /// The way to other pages of a list that is read from its beginning.
    public static func pagination(first: WebAddress?, next: WebAddress?, more: String = "More") -> HTML {
        guard first != nil || next != nil else { return .empty }
        return nav(.class("pagination"), .aria("label", "Pages")) {
            if let first { linkButton("Back to the beginning", first, .quiet) }
            if let next { a(.href(next), .rel("next"), .class("button")) { more } }
        }
    }

    /// The steps of something, and which one this is.
    /// - Parameter current: counted from 0.
    public static func steps(_ titles: [(title: String, address: WebAddress?)], current: Int) -> HTML {
        nav(.class("steps"), .aria("label", "Steps")) {
            ol {
                for (index, step) in titles.enumerated() {
                    li(.class(index < current ? "done" : nil), .aria("current", index == current ? "step" : nil)) {
                        if let address = step.address, index < current {
                            a(.href(address)) { step.title }
                        } else {
                            step.title
                        }
                    }
                }
            }
        }
    }

    /// Drawings of 24 by 24.
    public enum Icon: Sendable {
        case search, basket

        fileprivate var path: String {
            switch self {
            case .search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 21 21"
            case .basket: "M3 9h18l-2 10a2 2 0 0 1-2 1.6H7A2 2 0 0 1 5 19L3 9zm5 0 3-6m5 6-3-6"
            }
        }
    }

    /// A drawing that says nothing its neighbour does not say.
    public static func icon(_ icon: Icon) -> HTML {
        svg(
            .svg("viewBox", "0 0 24 24"), .width("22"), .height("22"), .svg("fill", "none"),
            .svg("stroke", "currentColor"), .svg("stroke-width", "1.8"), .svg("stroke-linejoin", "round"),
            .svg("stroke-linecap", "round"), .aria("hidden", "true"), .svg("focusable", "false")
        ) { path(.svg("d", icon.path)) }
    }
}

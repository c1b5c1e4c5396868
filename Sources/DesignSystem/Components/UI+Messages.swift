public import Markup

extension UI {
    /// A word about a state.
    public static func badge(_ text: String, _ tone: Tone = .neutral) -> HTML {
        span(.class("badge", tone.className)) { text }
    }

    /// Something to be read now.
    public static func alert(
        _ tone: Tone, _ title: String, @HTMLBuilder content: () -> HTML = { .empty }
    ) -> HTML {
        div(.class("alert", tone.className), .role(tone == .danger ? "alert" : "status")) {
            strong { title }
            content()
        }
    }

    /// What is wrong in a form, with a link to each field. It takes the focus when the page opens.
    /// - Parameter faults: the fields' names and sentences.
    public static func errorSummary(_ title: String, _ faults: [(field: String, sentence: String)]) -> HTML {
        div(.class("alert danger"), .role("alert"), .id("errors"), .tabindex(-1), .autofocus()) {
            h2 { title }
            ul {
                for fault in faults {
                    li {
                        if fault.field.isEmpty {
                            fault.sentence
                        } else {
                            a(.href("#\(fault.field)")) { fault.sentence }
                        }
                    }
                }
            }
        }
    }

    /// A line across the page, such as that this is a demo.
    public static func banner(_ tone: Tone, @HTMLBuilder content: () -> HTML) -> HTML {
        div(.class("banner", tone.className), content: content)
    }

    /// Nothing to show, and the one thing to do about it.
    public static func empty(_ title: String, _ sentence: String, @HTMLBuilder action: () -> HTML = { .empty }) -> HTML
    {
        div(.class("empty")) {
            h2 { title }
            p { sentence }
            action()
        }
    }
}

import Catalog
import DesignSystem
import Markup
import Primitives

/// How the shop is searched: in which language, and which words mean the same.
struct SearchPage: Sendable {
    let language: SearchLanguage
    let synonyms: [Synonym]
    let isBeginning: Bool
    let hasMore: Bool
    /// What was typed and not taken.
    let typed: String
    let faults: Faults

    var html: HTML {
        group {
            div(.class("page-head")) { h1 { "Search" } }
            faults.summary
            UI.card("Language") {
                form(.method(.post), .action("/dashboard/search/language"), .class("stack")) {
                    Field(
                        "language", "Language of the products", .select(Self.languages), value: language.rawValue,
                        hint: "Decides which endings of words count as the same. The products are indexed again "
                            + "within a few minutes.",
                        error: faults["language"], isRequired: true
                    ).html
                    div { UI.button("Save the language") }
                }
            }
            UI.card("Index") {
                form(.method(.post), .action("/dashboard/search/rebuild"), .class("stack")) {
                    p(.class("hint")) {
                        "Products are indexed as they are saved. If `shipshape preflight` says that the search knows "
                        "some otherwise than they are, have all of them indexed again: it takes a few minutes, and "
                        "the search works meanwhile."
                    }
                    div { UI.button("Index all products again") }
                }
            }
            UI.card("Words that mean the same") {
                form(.method(.post), .action("/dashboard/search/synonyms"), .class("stack"), .novalidate()) {
                    Field(
                        "terms", "Words or short phrases, with commas between them", value: typed,
                        hint: "Such as: sofa, couch, settee. Who looks for one finds the others too.",
                        error: faults["terms"], isRequired: true,
                        attributes: [.autocomplete("off"), .maxlength(2000)]
                    ).html
                    div { UI.button("Add", .primary) }
                }
            }
            div(.class("card flush")) {
                if synonyms.isEmpty {
                    UI.empty("No synonyms yet", "Words are found as they are written, with their endings and mistakes.")
                } else {
                    table
                    if hasMore || !isBeginning {
                        div(.class("table-foot")) {
                            UI.pagination(
                                first: isBeginning ? nil : "/dashboard/search",
                                next: hasMore ? synonyms.last.map { "/dashboard/search?after=\($0.id)" } : nil)
                        }
                    }
                }
            }
        }
    }

    private static let languages: [Field.Choice] = [
        .init(SearchLanguage.english.rawValue, "English"), .init(SearchLanguage.german.rawValue, "German"),
        .init(SearchLanguage.french.rawValue, "French"), .init(SearchLanguage.other.rawValue, "Another language"),
    ]

    private var table: HTML {
        UI.table(
            "Synonyms", synonyms,
            [
                .init("Words") { synonym in synonym.terms.joined(separator: ", ") },
                .init("Added") { synonym in UI.time(synonym.createdAt) },
                .init("Change") { synonym in
                    form(.method(.post), .action("/dashboard/search/synonyms/\(synonym.id)/removal")) {
                        Markup.button(
                            .type("submit"), .class("button small danger"),
                            .aria("label", "Remove \(synonym.terms.joined(separator: ", "))")
                        ) { "Remove" }
                    }
                },
            ], rowAttributes: { [.id("row-\($0.id)")] })
    }
}

import Catalog
import DesignSystem
import HTTPServer
import Markup
import Primitives

/// The categories of a store as a tree, and a form that adds one.
struct CategoryListPage: Sendable {
    /// Each category before those below it.
    let tree: [CategoryDetails]
    var typed: Form?
    var faults = Faults()

    var html: HTML {
        group {
            div(.class("page-head")) { h1 { "Categories" } }
            faults.summary
            div(.class("columns")) {
                div(.class("card flush")) {
                    if tree.isEmpty {
                        UI.empty("No categories yet", "Add the first one, or name one with a product.")
                    } else {
                        table
                    }
                }
                UI.card("A new category") {
                    form(.method(.post), .action("/dashboard/categories"), .class("stack"), .novalidate()) {
                        CategoryFields(category: nil, tree: tree, typed: typed, faults: faults).essentials
                        div { UI.button("Add the category", .primary) }
                    }
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Categories", tree,
            [
                .init("Category") { category in
                    if !category.ancestors.isEmpty {
                        span(.class("muted")) { category.ancestors.map(\.title).joined(separator: " › ") + " › " }
                    }
                    a(.class("primary-link"), .href("/dashboard/categories/\(category.id)")) { category.title }
                },
                .init("Address") { category in
                    a(.href("/categories/\(category.handle)")) { "/categories/\(category.handle)" }
                },
                .init("Place", isNumber: true) { category in category.position + 1 },
            ], rowAttributes: { [.id("row-\($0.id)")] })
    }
}

extension CategoryDetails {
    /// Its title behind those above it.
    var path: String { (ancestors.map(\.title) + [title]).joined(separator: " › ") }
}

/// The fields of a category's forms.
struct CategoryFields {
    let category: CategoryDetails?
    let tree: [CategoryDetails]
    let typed: Form?
    let faults: Faults

    @HTMLBuilder var essentials: HTML {
        Field(
            "title", "Title", value: value("title", category?.title), error: faults["title"], isRequired: true,
            attributes: [.autocomplete("off"), .maxlength(255)]
        ).html
        Field(
            "parent", "Below", .select([.init("", "None: it is one of the outermost")] + parents),
            value: value("parent", category?.parent?.description), error: faults["parent"]
        ).html
    }

    @HTMLBuilder var rest: HTML {
        Field(
            "position", "Place", value: value("position", category.map { String($0.position + 1) }),
            hint: "Among those with the same category above; 1 comes first", error: faults["position"],
            attributes: [.inputmode("numeric"), .autocomplete("off")]
        ).html
        Field(
            "handle", "Address", value: value("handle", category?.handle),
            hint: "In /categories/…; the former address leads here", error: faults["handle"],
            attributes: [.autocomplete("off"), .spellcheck("false")]
        ).html
        Field(
            "description", "Description", .area, value: value("description", category?.descriptionHTML),
            hint: "HTML; scripts and styles are left out", error: faults["description"]
        ).html
        Field(
            "image_url", "Picture", .line(type: "url"), value: value("image_url", category?.image?.url),
            hint: "Its address on the web", error: faults["image_url"], attributes: [.autocomplete("off")]
        ).html
        Field(
            "image_alt", "What the picture shows", value: value("image_alt", category?.image?.alt),
            error: faults["image_alt"]
        ).html
        Field(
            "seo_title", "Title for search engines", value: value("seo_title", category?.seoTitle),
            hint: "The title when empty", error: faults["seo_title"]
        ).html
        Field(
            "seo_description", "Description for search engines",
            value: value("seo_description", category?.seoDescription),
            hint: "The beginning of the description when empty", error: faults["seo_description"]
        ).html
    }

    private func value(_ name: String, _ present: String?) -> String { typed?[name] ?? present ?? "" }

    /// Every category but itself and those below it.
    private var parents: [Field.Choice] {
        tree.filter { other in
            other.id != category?.id && !other.ancestors.contains { $0.id == category?.id }
        }
        .map { other in
            Field.Choice(other.id.description, other.path)
        }
    }
}

/// The page of a category.
struct CategoryStaffPage: Sendable {
    let category: CategoryDetails
    let tree: [CategoryDetails]
    var typed: Form?
    var faults = Faults()

    private var address: WebAddress { "/dashboard/categories/\(category.id)" }
    private var children: [CategoryDetails] { tree.filter { $0.parent == category.id } }

    var html: HTML {
        group {
            UI.breadcrumbs(
                [("Categories", "/dashboard/categories")]
                    + category.ancestors.map { ($0.title, "/dashboard/categories/\($0.id)") }
                    + [(category.title, nil)])
            div(.class("page-head")) {
                h1 { category.title }
                UI.linkButton("Look at it in the shop", "/categories/\(category.handle)", .quiet)
            }
            faults.summary
            div(.class("columns")) {
                UI.card("Category") {
                    form(.method(.post), .action(address), .class("stack"), .novalidate()) {
                        let fields = CategoryFields(category: category, tree: tree, typed: typed, faults: faults)
                        fields.essentials
                        fields.rest
                        div { UI.button("Save", .primary) }
                    }
                }
                div(.class("stack")) {
                    UI.card("Below it") {
                        if children.isEmpty {
                            p(.class("muted")) { "No category is below this one." }
                        } else {
                            ul {
                                for child in children {
                                    li { a(.href("/dashboard/categories/\(child.id)")) { child.title } }
                                }
                            }
                        }
                    }
                    UI.card("Remove") {
                        if children.isEmpty {
                            p { "Its products stay, and are in this category no longer." }
                            form(.method(.post), .action("\(address)/removal")) {
                                UI.button("Remove the category", .danger)
                            }
                        } else {
                            p(.class("muted")) { "Move or remove the categories below it first." }
                        }
                    }
                }
            }
        }
    }
}

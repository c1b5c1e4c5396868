import Customers
import DesignSystem
import HTTPServer
import Markup
import Primitives

/// The customers of a store, newest first.
struct CustomerListPage: Sendable {
    let customers: [Customer]
    let orders: [CustomerID: Int]
    let groups: [CustomerGroup]
    let text: String
    let group: CustomerGroupID?
    let isBeginning: Bool
    let next: CustomerID?
    var typed: Form?
    var faults = Faults()

    private var address: WebAddress {
        "/dashboard/customers?q=\(text)&group=\(group?.description ?? "")"
    }

    var html: HTML {
        Markup.group {
            div(.class("page-head")) {
                h1 { "Customers" }
                UI.linkButton("Groups", "/dashboard/customer-groups")
            }
            faults.summary
            filters
            list
            addition
        }
    }

    private var filters: HTML {
        form(.method(.get), .action("/dashboard/customers"), .class("filters"), .role("search")) {
            div(.class("field search-field")) {
                label(.for("q")) { "Name, e-mail address or telephone number" }
                input(.type("search"), .id("q"), .name("q"), .class("input"), .value(text), .autocomplete("off"))
            }
            if !groups.isEmpty {
                div(.class("field")) {
                    label(.for("group")) { "Group" }
                    select(.id("group"), .name("group"), .class("input")) {
                        option(.value("")) { "Any" }
                        for each in groups {
                            option(.value(each.id.description), .selected(each.id == group)) { each.name }
                        }
                    }
                }
            }
            UI.button("Search")
            if !text.isEmpty || group != nil { UI.linkButton("Clear", "/dashboard/customers", .quiet) }
        }
    }

    private var list: HTML {
        div(.id("customers"), .class("card flush")) {
            if customers.isEmpty {
                if text.isEmpty, group == nil {
                    UI.empty("No customers yet", "Whoever orders with an e-mail address becomes one.")
                } else {
                    UI.empty("No customer matches", "Each word has to begin one of the name or of the address.") {
                        UI.linkButton("Show all customers", "/dashboard/customers")
                    }
                }
            } else {
                table
                if next != nil || !isBeginning {
                    div(.class("table-foot")) {
                        UI.pagination(
                            first: isBeginning ? nil : address, next: next.map { "\(address)&after=\($0)" },
                            more: "More customers")
                    }
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Customers", customers,
            [
                .init("Customer") { customer in
                    a(.class("primary-link"), .href("/dashboard/customers/\(customer.id)")) { customer.title }
                },
                .init("E-mail") { customer in customer.details.email?.description ?? "–" },
                .init("Groups") { customer in
                    let names = groups.filter { customer.details.groups.contains($0.id) }.map(\.name)
                    names.isEmpty ? "–" : names.joined(separator: ", ")
                },
                .init("Orders", isNumber: true) { customer in orders[customer.id] ?? 0 },
                .init("Since") { customer in UI.time(customer.createdAt) },
            ], rowAttributes: { [.id("row-\($0.id)")] })
    }

    private var addition: HTML {
        UI.card {
            details(.id("add"), .open(typed != nil)) {
                summary { "Add a customer" }
                form(.method(.post), .action("/dashboard/customers"), .class("stack"), .novalidate()) {
                    CustomerFields(typed: typed, details: CustomerDetails(), faults: faults).identity
                    div { UI.button("Add customer", .primary) }
                }
            }
        }
    }
}

/// The fields that tell who somebody is.
struct CustomerFields {
    let typed: Form?
    let details: CustomerDetails
    let faults: Faults

    var identity: HTML {
        group {
            text("first_name", "First name", details.firstName)
            text("last_name", "Last name", details.lastName)
            Field(
                "email", "E-mail address", .line(type: "email"),
                value: typed?["email"] ?? details.email?.description ?? "", error: faults["email"],
                attributes: [.autocomplete("off")]
            ).html
            Field(
                "phone", "Telephone number", .line(type: "tel"),
                value: typed?["phone"] ?? details.phone?.description ?? "", hint: "With the country's prefix",
                error: faults["phone"], attributes: [.autocomplete("off")]
            ).html
        }
    }

    func text(_ name: String, _ title: String, _ value: String, hint: String? = nil) -> HTML {
        Field(
            name, title, value: typed?[name] ?? value, hint: hint, error: faults[name],
            attributes: [.autocomplete("off")]
        ).html
    }

    func check(_ name: String, _ value: String, _ title: String, isOn: Bool) -> HTML {
        label(.class("row")) {
            input(
                .type("checkbox"), .name(name), .value(value),
                .checked(typed.map { $0.values(name).contains(value) } ?? isOn))
            span { title }
        }
    }
}

import Customers
import DesignSystem
import HTTPServer
import Markup
import Persistence
import Primitives

extension Dashboard {
    var customerGroupEndpoints: [Endpoint] { [groupList, addGroup, changeGroup] }

    private static let path = PathShape("group", .identifier(IdentifierKinds.CustomerGroup.self))

    private var groupList: Endpoint {
        Endpoint(
            .get, "/dashboard/customer-groups", "showCustomerGroups", summary: "The groups of customers",
            policy: Access.reading("customers:read"), takes: .page, answers: .web
        ) { call in
            try await showGroups(of: try call.store, notice: Notice(call.query))
        }
    }

    private var addGroup: Endpoint {
        Endpoint(
            .post, "/dashboard/customer-groups", "addCustomerGroup", summary: "Makes a group of customers",
            policy: Access.changing("customers:write"), takes: .form, answers: .web
        ) { call in
            let store = try call.store
            let name = (call.body["name"] ?? "").trimmed
            if let fault = Self.fault(ofName: name) {
                return try await showGroups(of: store, typed: call.body, faults: Faults("name", fault))
            }
            let add = AddCustomerGroup(store: store, name: name, actor: call.actor, requestID: call.requestID)
            do {
                _ = try await database.write("customers.create_group") { tx in try add.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem) { _ in "name" }
                return try await showGroups(of: store, typed: call.body, faults: faults)
            }
            return .value(.redirect(to: "/dashboard/customer-groups?done=\(Notice.kept.rawValue)"))
        }
    }

    /// Renames it, or removes it.
    private var changeGroup: Endpoint {
        Endpoint(
            .post, "/dashboard/customer-groups/{group}", "changeCustomerGroup",
            summary: "Renames or removes a group of customers", policy: Access.changing("customers:write"),
            takes: .form(Self.path), answers: .web
        ) { call in
            let (store, id) = (try call.store, call.path)
            if call.body["action"] == "remove" {
                let delete = DeleteCustomerGroup(
                    store: store, id: id, actor: call.actor, requestID: call.requestID)
                try await database.write("customers.delete_group") { tx in try delete.run(in: tx) }
                return .value(.redirect(to: "/dashboard/customer-groups?done=\(Notice.removed.rawValue)"))
            }
            let field = CustomerGroupPage.field(id)
            let name = (call.body[field] ?? "").trimmed
            if let fault = Self.fault(ofName: name) {
                return try await showGroups(of: store, typed: call.body, faults: Faults(field, fault))
            }
            let change = ChangeCustomerGroup(
                store: store, id: id, name: name, metadata: nil, actor: call.actor, requestID: call.requestID)
            do {
                _ = try await database.write("customers.update_group") { tx in try change.run(in: tx) }
            } catch let problem as Problem where Faults.canBeShown(problem) {
                let faults = Faults(problem) { _ in field }
                return try await showGroups(of: store, typed: call.body, faults: faults)
            }
            return .value(.redirect(to: "/dashboard/customer-groups?done=\(Notice.kept.rawValue)"))
        }
    }

    private static func fault(ofName name: String) -> String? {
        if name.isEmpty { return "Give the group a name." }
        let isLong = name.unicodeScalars.count > 100 || name.unicodeScalars.contains { $0.value < 32 }
        return isLong ? "A name has at most 100 characters on one line." : nil
    }

    private func showGroups(
        of store: StoreID, typed: Form? = nil, faults: Faults = Faults(), notice: Notice? = nil
    ) async throws -> Answer<WebAnswer> {
        let view = try await database.read("customers.groups") { tx in
            CustomerGroupPage(
                groups: try Customers.groups(of: store, in: tx), counts: try Customers.memberCounts(of: store, in: tx),
                typed: typed, faults: faults)
        }
        var page = try await page(.customers, "Customer groups", of: store)
        page.notice = notice
        page.status = faults.isEmpty ? 200 : 422
        return page.answer(view.html)
    }
}

/// The groups of customers, and forms to change them.
struct CustomerGroupPage: Sendable {
    let groups: [CustomerGroup]
    let counts: [CustomerGroupID: Int]
    var typed: Form?
    var faults = Faults()

    static func field(_ group: CustomerGroupID) -> String { "name.\(group)" }

    var html: HTML {
        group {
            UI.breadcrumbs([("Customers", "/dashboard/customers"), ("Groups", nil)])
            div(.class("page-head")) { h1 { "Customer groups" } }
            p(.class("muted")) { "Customers of a group can have prices of their own: a price list names the group." }
            faults.summary
            div(.class("card flush")) {
                if groups.isEmpty {
                    UI.empty("No groups yet", "A group holds customers who are treated alike, such as trade buyers.")
                } else {
                    table
                }
            }
            UI.card("New group") {
                form(.method(.post), .action("/dashboard/customer-groups"), .class("stack"), .novalidate()) {
                    Field(
                        "name", "Name", value: typed?["name"] ?? "", error: faults["name"], isRequired: true,
                        attributes: [.autocomplete("off"), .maxlength(100)]
                    ).html
                    div { UI.button("Add group", .primary) }
                }
            }
        }
    }

    private var table: HTML {
        UI.table(
            "Customer groups", groups,
            [
                .init("Name") { group in entry(group) },
                .init("Customers", isNumber: true) { group in
                    a(.href("/dashboard/customers?group=\(group.id)")) { String(counts[group.id] ?? 0) }
                },
                .init("Remove") { group in
                    form(.method(.post), .action("/dashboard/customer-groups/\(group.id)")) {
                        Markup.button(
                            .type("submit"), .name("action"), .value("remove"), .class("button quiet small"),
                            .aria("label", "Remove \(group.name)")
                        ) { "Remove" }
                    }
                },
            ])
    }

    private func entry(_ group: CustomerGroup) -> HTML {
        let field = Self.field(group.id)
        let error = faults[field]
        return form(
            .method(.post), .action("/dashboard/customer-groups/\(group.id)"), .class("row inline-form"), .novalidate()
        ) {
            input(
                .type("text"), .id(field), .name(field), .class("input"), .value(typed?[field] ?? group.name),
                .autocomplete("off"), .required(), .maxlength(100), .aria("label", "Name of \(group.name)"),
                .aria("invalid", error == nil ? nil : "true"),
                .aria("describedby", error == nil ? nil : "\(field)-error"))
            Markup.button(
                .type("submit"), .class("button small"), .aria("label", "Rename \(group.name)")
            ) { "Rename" }
            if let error { p(.class("error"), .id("\(field)-error")) { error } }
        }
    }
}

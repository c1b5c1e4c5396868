import Catalog
import Customers
import Orders
import Persistence
import Primitives
import ShopWorld
import Stores
import UseCases

extension Sample {
    static let customerSamples: [String: @Sendable (LiveShop) async throws -> Sample] = [
        "listCustomers": { shop in
            _ = try await shop.customer()
            return Sample(path: "/api/v1/customers?limit=5", status: 200, elsewhere: "200")
        },
        "getCustomer": { shop in try await shop.customerSample("", 200) },
        "createCustomer": { shop in
            Sample(
                path: "/api/v1/customers", body: ["email": .string(LiveShop.freshAddress())], status: 201,
                elsewhere: "201")
        },
        "updateCustomer": { shop in try await shop.customerSample("", 200, body: ["note": "Rings twice"]) },
        "deleteCustomer": { shop in try await shop.customerSample("", 204) },
        "listCustomerOrders": { shop in try await shop.customerSample("/orders?limit=5", 200) },
        "listCustomerGroups": { _ in Sample(path: "/api/v1/customer_groups", status: 200, elsewhere: "200") },
        "getCustomerGroup": { shop in try await shop.groupSample(200) },
        "createCustomerGroup": { _ in
            Sample(
                path: "/api/v1/customer_groups", body: ["name": .string(LiveShop.freshKey())], status: 201,
                elsewhere: "201")
        },
        "updateCustomerGroup": { shop in try await shop.groupSample(200, body: ["metadata": ["rank": "1"]]) },
        "deleteCustomerGroup": { shop in try await shop.groupSample(204) },
    ]
}

extension BodySample {
    static let customerSamples: [String: @Sendable (LiveShop) async throws -> BodySample] = [
        "createCustomer": { shop in
            BodySample(
                "POST", "/api/v1/customers", customer(group: try await shop.customerGroup().id),
                [Field("/email", .form), Field("/phone", .form)] + customerFields)
        },
        "updateCustomer": { shop in
            let (id, group) = (try await shop.customer().id, try await shop.customerGroup().id)
            return BodySample(
                "PATCH", "/api/v1/customers/\(id)", customer(group: group),
                [Field("/email", .clearable), Field("/phone", .clearable)] + customerFields)
        },
        "createCustomerGroup": { _ in
            BodySample(
                "POST", "/api/v1/customer_groups",
                ["name": .string(LiveShop.freshKey()), "metadata": ["rank": "1"]],
                [.text("/name", 100, required: true), Field("/metadata", .map), .text("/metadata/rank", 500, least: 0)])
        },
        "updateCustomerGroup": { shop in
            let id = try await shop.customerGroup().id
            return BodySample(
                "PATCH", "/api/v1/customer_groups/\(id)",
                ["name": .string(LiveShop.freshKey()), "metadata": ["rank": "1"]],
                [.text("/name", 100), Field("/metadata", .map), .text("/metadata/rank", 500, least: 0)])
        },
    ]

    private static func customer(group: CustomerGroupID) -> JSON {
        [
            "email": .string(LiveShop.freshAddress()), "phone": "+442079460000", "first_name": "Zoë",
            "last_name": "Wölfle", "addresses": [address], "tags": ["vip"], "note": "Rings\ntwice",
            "accepts_marketing": true, "tax_exempt": false, "vat_number": "GB123456782",
            "metadata": ["erp": "77"], "group_ids": [JSON(group)],
        ]
    }

    private static let customerFields: [Field] = [
        .text("/first_name", 100, least: 0), .text("/last_name", 100, least: 0), Field("/addresses", .list(most: 50)),
        Field("/addresses/0", .object), .text("/addresses/0/name", 200, required: true),
        .text("/addresses/0/line1", 200, required: true), .text("/addresses/0/line2", 200, least: 0),
        .text("/addresses/0/city", 200, required: true), .text("/addresses/0/region", 100, least: 0),
        Field("/addresses/0/postal_code", .text(most: 20, least: 0)),
        Field("/addresses/0/country", .form, required: true), Field("/tags", .list(most: 100)),
        .text("/tags/0", 100), .lines("/note", 5000), Field("/accepts_marketing", .bool), Field("/tax_exempt", .bool),
        Field("/vat_number", .text(most: 30, least: 0)), Field("/metadata", .map),
        .text("/metadata/erp", 500, least: 0), Field("/group_ids", .list(most: 200)), Field("/group_ids/0", .form),
    ]
}

extension LiveShop {
    static func freshAddress() -> String { "b\(UInt64.random(in: 0...UInt64.max))@example.com" }

    func customer() async throws -> Customer {
        let details = CustomerDetails(email: EmailAddress(Self.freshAddress()), firstName: "Zoë")
        return try await maya.database.write("test.customer") { [store = maya.store.id] tx in
            try AddCustomer(store: store, details: details, actor: .system).run(in: tx)
        }
    }

    func customerGroup() async throws -> CustomerGroup {
        let name = Self.freshKey()
        return try await maya.database.write("test.group") { [store = maya.store.id] tx in
            try AddCustomerGroup(store: store, name: name, actor: .system).run(in: tx)
        }
    }

    fileprivate func customerSample(_ suffix: String, _ status: Int, body: JSON? = nil) async throws -> Sample {
        Sample(
            path: "/api/v1/customers/\(try await customer().id)\(suffix)", body: body, status: status,
            elsewhere: "404 not_found")
    }

    fileprivate func groupSample(_ status: Int, body: JSON? = nil) async throws -> Sample {
        Sample(
            path: "/api/v1/customer_groups/\(try await customerGroup().id)", body: body, status: status,
            elsewhere: "404 not_found")
    }
}

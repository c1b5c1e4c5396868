import DesignSystem
import Inventory
import Markup
import Primitives

/// What came and what left, at one location or at all.
struct StockHistoryPage: Sendable {
    let movements: [StockMovement]
    let next: StockMovementID?
    let isFirst: Bool
    let location: LocationID?
    let names: StockNames

    private var address: WebAddress {
        location.map { "/dashboard/stock/history?location=\($0)" } ?? "/dashboard/stock/history"
    }

    var html: HTML {
        div(.class("stack")) {
            div(.class("page-head")) { h1 { "History of stock" } }
            StockPart.links(.history)
            form(.method(.get), .action("/dashboard/stock/history"), .class("row")) {
                Field(
                    "location", "Location",
                    .select([.init("", "All")] + names.locations.map { .init($0.id.description, $0.name) }),
                    value: location?.description ?? "", isRequired: true
                ).html
                UI.button("Show")
            }
            if movements.isEmpty {
                UI.empty("Nothing has come or gone", "Adjust the stock of a variant, or send an order.")
            } else {
                div(.class("card flush")) {
                    movementTable(movements, names, showsVariant: true)
                    div(.class("table-foot")) {
                        UI.pagination(first: isFirst ? nil : address, next: next.map(page), more: "Older")
                    }
                }
            }
        }
    }

    private func page(_ after: StockMovementID) -> WebAddress {
        location.map { "/dashboard/stock/history?location=\($0)&after=\(after)" }
            ?? "/dashboard/stock/history?after=\(after)"
    }
}

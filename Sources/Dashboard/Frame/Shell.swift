import DesignSystem
import EventLog
import HTTPServer
import Markup
import Persistence
import Primitives
import Stores

/// The part of the dashboard that a page belongs to.
enum Section: String, CaseIterable {
    case orders, delivery, products, categories, collections, prices, stock, taxes, search, customers, jobs, webhooks

    var title: String {
        switch self {
        case .orders: "Orders"
        case .delivery: "Delivery"
        case .products: "Products"
        case .categories: "Categories"
        case .collections: "Collections"
        case .stock: "Stock"
        case .prices: "Prices"
        case .customers: "Customers"
        case .search: "Search"
        case .taxes: "Taxes"
        case .jobs: "Jobs"
        case .webhooks: "Webhooks"
        }
    }

    var address: WebAddress {
        switch self {
        case .orders: "/dashboard"
        case .delivery: "/dashboard/delivery"
        case .products: "/dashboard/products"
        case .categories: "/dashboard/categories"
        case .collections: "/dashboard/collections"
        case .stock: "/dashboard/stock"
        case .prices: "/dashboard/price-lists"
        case .customers: "/dashboard/customers"
        case .search: "/dashboard/search"
        case .taxes: "/dashboard/taxes"
        case .jobs: "/dashboard/jobs"
        case .webhooks: "/dashboard/webhooks"
        }
    }
}

/// One page of those who are signed in: its frame, its title, and what it follows.
struct Page {
    /// What a page wants to be told of.
    enum Following {
        case nothing
        /// What happens in the store after a position.
        case store(after: Int64)
        /// What happens to one order after a position.
        case order(OrderID, after: Int64)

        var address: WebAddress? {
            switch self {
            case .nothing: nil
            case .store(let position): "/dashboard/events?after=\(position)"
            case .order(let order, let position): "/dashboard/events?order=\(order)&after=\(position)"
            }
        }
    }

    let section: Section
    let title: String
    let storeName: String
    var following = Following.nothing
    var notice: Notice?
    var status = 200

    /// The answer, around the content.
    func answer(_ content: HTML) -> Answer<WebAnswer> {
        var document = Document("\(title) · \(storeName)", sheet: DesignSystem.dashboardSheet)
        document.scripts = [Dashboard.script]
        document.classicScripts = Dashboard.libraries
        document.head = meta(.name("htmx-config"), .content(Self.htmxConfiguration))
        let bytes = document.render {
            a(.class("skip"), .href("#content")) { "To the content" }
            div(.class("shell")) {
                navigation
                main(.class("content"), .id("content")) {
                    if let address = following.address {
                        Dashboard.libraries.isEmpty ? Self.withoutScripts : Self.liveStream(address)
                    }
                    if let notice { notice.html }
                    content
                }
            }
        }
        return .value(.html(bytes, status: status))
    }

    /// Scripts of a page are its own; what a piece of a page brings along is not run, and failures replace nothing.
    private static let htmxConfiguration =
        #"{"includeIndicatorCSS":false,"history":false,"extensions":"sse","noSwap":[204,304,"4xx","5xx"]}"#

    /// What a page that should be live says in a build whose scripts were not fetched.
    private static let withoutScripts = UI.alert(
        .warn, "This page does not change by itself: the program was built without the scripts that bin/setup fetches.")

    private static func liveStream(_ address: WebAddress) -> HTML {
        div(.id("live"), .hx("sse:connect", address), .hx("swap", "none")) {
            div(.id("stale"), .class("alert warn"), .role("status"), .hidden()) {
                strong { "This page is not up to date." }
                p {
                    "The connection to the server is interrupted; it is tried again by itself. "
                    a(.href("")) { "Load the page again" }
                }
            }
        }
    }

    private var navigation: HTML {
        nav(.class("side"), .aria("label", "Dashboard")) {
            a(.class("brand"), .href("/dashboard")) { storeName }
            ul {
                for part in Section.allCases {
                    li { a(.href(part.address), .aria("current", part == section ? "page" : nil)) { part.title } }
                }
            }
            div(.class("side-foot")) {
                if following.address != nil {
                    span(.class("live"), .id("live-state"), .hidden()) { "Live" }
                }
                form(.method(.post), .action("/dashboard/sign-out")) { UI.button("Sign out", .quiet, size: "small") }
            }
        }
    }
}

extension Dashboard {
    /// The page of a caller's store.
    func page(_ section: Section, _ title: String, of store: StoreID) async throws -> Page {
        Page(section: section, title: title, storeName: try await self.store(store).name)
    }
}

/// What was done, said once on the page after it: the address carries a word of this list, never a sentence.
enum Notice: String, CaseIterable {
    case fulfilled, canceled, annotated, moved, delivering, saved, stocked, retried, discarded
    case notThere = "not_there"
    case kept, removed
    case categorySaved = "category_saved"
    case categoryRemoved = "category_removed"
    case collectionSaved = "collection_saved"
    case collectionRemoved = "collection_removed"
    case searchSaved = "search_saved"
    case searchRebuilding = "search_rebuilding"
    case fetching
    case redirectRemoved = "redirect_removed"
    case taxesSaved = "taxes_saved"

    init?(_ query: Form) {
        guard let word = query["done"], let notice = Notice(rawValue: word) else { return nil }
        self = notice
    }

    var html: HTML {
        switch self {
        case .fulfilled: UI.alert(.ok, "The units are marked as on their way.")
        case .canceled: UI.alert(.ok, "The order is canceled.")
        case .annotated: UI.alert(.ok, "The note and the tags are saved.")
        case .moved: UI.alert(.ok, "The delivery is moved.")
        case .delivering: UI.alert(.ok, "The delivery settings are saved.")
        case .saved: UI.alert(.ok, "The product is saved.")
        case .categorySaved: UI.alert(.ok, "The category is saved.")
        case .categoryRemoved: UI.alert(.ok, "The category is removed. Its products stay.")
        case .collectionSaved: UI.alert(.ok, "The collection is saved.")
        case .collectionRemoved: UI.alert(.ok, "The collection is removed. Its products stay.")
        case .redirectRemoved: UI.alert(.ok, "The former address leads nowhere now.")
        case .stocked: UI.alert(.ok, "The stock is saved.")
        case .retried: UI.alert(.ok, "The job will be tried again at once.")
        case .discarded: UI.alert(.ok, "The job is given up.")
        case .kept: UI.alert(.ok, "What you changed is saved.")
        case .removed: UI.alert(.ok, "It is removed.")
        case .searchSaved: UI.alert(.ok, "The search is changed.")
        case .searchRebuilding: UI.alert(.ok, "The products are indexed again within a few minutes.")
        case .fetching: UI.alert(.ok, "The images are fetched in a moment.")
        case .taxesSaved: UI.alert(.ok, "The taxes are saved. They apply to checkouts from now on.")
        case .notThere: UI.alert(.warn, "Somebody was faster: this job is no dead letter any more.")
        }
    }
}

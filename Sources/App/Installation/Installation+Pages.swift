import Dashboard
import DesignSystem
import EventLog
import HTTPServer
import Orders
import Primitives
import Storefront
import UseCases

/// What browsers see of an installation.
extension Installation {
    /// The pages' endpoints, and the page that shows a person what went wrong.
    /// - Parameters:
    ///   - feed: has to run beside the server.
    ///   - desk: takes card payments.
    ///   - address: where browsers find the pages while no public address is set.
    func pages(
        tokens: OrderTokens, feed: EventFeed, desk: PaymentDesk, address: ListeningAddress
    ) -> (endpoints: [Endpoint], problemPage: ProblemPage) {
        let publicURL = settings.publicURL
        let storefront = Storefront(
            database: database, clock: clock, tokens: tokens, store: settings.storefrontStore, payments: desk,
            origin: { publicURL ?? address.url ?? "" })
        let library = AssetLibrary(
            DesignSystem.assets + Dashboard.assets + Storefront.assets + DemoPictures.assets)
        return (
            storefront.endpoints + [OrderStream(feed: feed, tokens: tokens).endpoint, library.endpoint],
            { problem, path, requestID in
                if let page = Dashboard.problemPage(problem, path: path, requestID: requestID) { return page }
                return await storefront.problemPage(problem, path: path, requestID: requestID)
            }
        )
    }
}

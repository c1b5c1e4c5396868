import Catalog
import EventLog
import HTTPServer
import Inventory
import Observability
import Orders
import Persistence
import Primitives
import Readiness
import Stores
import UseCases

/// The drill of SEC-01: every endpoint of this build as everyone whom it has to tell apart, each compared with what
/// its policy says, and as the keys of a second store.
struct PolicyDrill: Sendable {
    private let endpoints: [Endpoint]
    private let shop: PolicyDrillShop
    private let origin: Origin

    /// Serves the scratch installation on a port of its own and asks.
    /// - Parameter wrap: puts another judge of callers before the real one; for seeing the drill fail.
    static func run(
        _ installation: Installation, judging wrap: (any Authenticator) -> any Authenticator = { $0 }
    ) async throws -> Finding {
        let feed = EventFeed(database: installation.database, clock: installation.clock, logger: installation.logger)
        let (endpoints, authenticator) = try await installation.api(feed: feed, desk: installation.idleDesk)
        let shop = try await PolicyDrillShop.open(in: installation, for: endpoints)
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let server = try HTTPServer(
            endpoints, authenticator: wrap(authenticator), health: Health { [] }, settings: ServerSettings(port: 0),
            clock: installation.clock, accessLog: .none, logger: installation.logger,
            onListening: { listening.yield($0) })
        return try await DrillGroup.run([feed, server], of: installation) {
            guard let port = await ports.first(where: { _ in true }), let origin = Origin("http://127.0.0.1:\(port)")
            else { return .unknown("The drill's server never listened.") }
            // Pages answer browsers and not callers with keys; what removes things comes last.
            let asked = endpoints.filter { !$0.isUndocumented }
            return try await PolicyDrill(
                endpoints: asked.filter { $0.method != .delete } + asked.filter { $0.method == .delete }, shop: shop,
                origin: origin
            ).ask()
        }
    }

    private func ask() async throws -> Finding {
        var calls = 0
        var wrong: [Measure] = []
        for endpoint in endpoints {
            let requirement = endpoint.policy.caller
            // Those who are let in come last: they may change what the others ask for.
            let callers = MatrixCaller.allCases.filter { $0.answer(by: requirement).status != nil }
            for caller in callers {
                let answer = try await ask(endpoint, shop.headers(of: caller, lacking: requirement.scope))
                calls += 1
                if answer.status != caller.answer(by: requirement).status {
                    wrong.append(Self.measure(endpoint, caller.rawValue, answer.status))
                }
            }
            guard !endpoint.isStream else { continue }
            for (name, headers) in shop.strangersKeys(for: requirement) {
                let answer = try await ask(endpoint, headers)
                calls += 1
                if shop.isExposed(by: answer, at: endpoint) {
                    wrong.append(Self.measure(endpoint, name, answer.status))
                }
            }
            for caller in MatrixCaller.allCases where caller.answer(by: requirement).status == nil {
                let answer = try await ask(endpoint, shop.headers(of: caller, lacking: nil))
                calls += 1
                if [401, 403].contains(answer.status) {
                    wrong.append(Self.measure(endpoint, caller.rawValue, answer.status))
                }
            }
        }
        let measured = [
            Measure("drill_endpoints", endpoints.count), Measure("drill_calls", calls),
            Measure("drill_wrong", wrong.count),
        ]
        let sentence = wrong.first.map { "In the drill \($0.name) was answered \($0.value), against the policy." }
        return Finding(
            wrong.isEmpty ? .pass : .fail,
            sentence ?? "In the drill all \(calls) calls to \(endpoints.count) endpoints were answered as declared.",
            measured: measured + wrong.prefix(20), threshold: [Measure("drill_wrong", 0)], level: .drilled)
    }

    private func ask(_ endpoint: Endpoint, _ headers: [String]) async throws -> ProbeAnswer {
        var random = SystemRandomNumberGenerator()
        let request = ProbeRequest(
            endpoint.method.rawValue, endpoint.address(naming: shop.names, using: &random), headers: headers,
            hasBody: [.post, .put, .patch].contains(endpoint.method), readsStatusOnly: endpoint.isStream)
        let origin = origin
        return try await OwnThread.run { try request.send(to: origin) }
    }

    private static func measure(_ endpoint: Endpoint, _ caller: String, _ status: Int) -> Measure {
        Measure("\(endpoint.method.rawValue) \(endpoint.path) by \(caller)", status)
    }
}

import Readiness

/// What `preflight --drills` does: each drill on a scratch installation of its own.
struct Drills: Sendable {
    private let installation: Installation

    init(like installation: Installation) {
        self.installation = installation
    }

    /// 200 buyers at once for the last 10 units.
    func stock(_ context: CheckContext) async throws -> Finding {
        try await drill { try await StockDrill($0, context).run() }
    }

    /// Two runners of jobs, one of which is asked to stop.
    func jobs(_ context: CheckContext) async throws -> Finding {
        try await drill { try await JobsDrill($0).run() }
    }

    /// Every endpoint as everyone whom it has to tell apart.
    func policies(_ context: CheckContext) async throws -> Finding {
        try await drill { try await PolicyDrill.run($0) }
    }

    private func drill(_ body: @Sendable (Installation) async throws -> Finding) async throws -> Finding {
        do {
            return try await Scratch.lend(like: installation, body)
        } catch let refused as Scratch.Refused {
            return .unknown(refused.sentence)
        }
    }
}

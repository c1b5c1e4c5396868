import Jobs
import Persistence
import Primitives

extension ConsoleDesk {
    /// The most dead letters in one answer.
    static let largestPage = 500

    /// A page of the dead letters, the newest first, and where the next one begins.
    func listDeadLetters(_ arguments: JSON) async throws -> JSON {
        let limit = arguments["limit"]?.integer ?? Self.largestPage
        guard (1...Self.largestPage).contains(limit) else {
            throw Problem.validation("/limit", "range", "The limit has to be between 1 and \(Self.largestPage).")
        }
        let cursor = try arguments["after"]?.string.map(DeadLetter.Cursor.init(text:))
        let letters = try await database.read("jobs.dead") { tx in
            try Jobs.deadLetters(after: cursor, limit: limit, in: tx)
        }
        return [
            "dead_letters": .array(letters.map(\.json)),
            "next": JSON(letters.count == limit ? letters.last?.cursor.text : nil),
        ]
    }

    /// Ends what is said of the dead letters that are named, or of all there are: all of them or, when one of those
    /// named is none, none.
    func end(
        _ arguments: JSON, _ name: StaticString,
        _ change: @escaping @Sendable (JobID, borrowing Transaction) throws -> Bool
    ) async throws -> JSON {
        if arguments["all"]?.bool == true { return ["jobs": .array(try await endAll(name, change).map { JSON($0) })] }
        let ids = try (arguments["ids"]?.strings ?? []).map { text in
            guard let id = JobID(text) else {
                throw Problem.validation("/ids", "identifier", "\(text.prefix(100)) is no id such as job_….")
            }
            return id
        }
        try await database.write(name) { tx in
            for id in ids {
                guard try change(id, tx) else {
                    throw Problem(.notFound, "not_found", "There is no dead letter \(id): nothing was changed.")
                }
            }
        }
        return ["jobs": .array(ids.map { JSON($0) })]
    }

    /// Page by page towards the older ones, so that a job that dies again meanwhile is not met again.
    private func endAll(
        _ name: StaticString, _ change: @escaping @Sendable (JobID, borrowing Transaction) throws -> Bool
    ) async throws -> [JobID] {
        var ended: [JobID] = []
        var cursor: DeadLetter.Cursor?
        while true {
            let previous = cursor
            let (page, changed) = try await database.write(name) { tx in
                let page = try Jobs.deadLetters(after: previous, limit: Self.largestPage, in: tx)
                return (page, try page.map(\.id).filter { try change($0, tx) })
            }
            ended += changed
            guard page.count == Self.largestPage else { return ended }
            cursor = page.last?.cursor
        }
    }
}

extension DeadLetter {
    fileprivate var json: JSON {
        [
            "id": JSON(id), "kind": JSON(kind), "queue": JSON(queue.description), "store": JSON(store),
            "payload": JSON(payload), "attempts": JSON(attempt), "failures": JSON(failures),
            "last_error": JSON(lastError), "died_at": JSON(diedAt),
        ]
    }
}

extension DeadLetter.Cursor {
    fileprivate var text: String { "\(diedAt.microseconds).\(id)" }

    fileprivate init(text: String) throws(Problem) {
        let parts = text.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let moment = Int64(parts[0]), let id = JobID(String(parts[1])) else {
            throw .validation("/after", "cursor", "The page to go on from is the `next` of the page before.")
        }
        self.init(diedAt: Instant(microseconds: moment), id: id)
    }
}

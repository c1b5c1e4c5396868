import EventLog
import FoundationEssentials
import Logging
import Persistence
import Primitives

@testable import EventLog

enum Samples {
    static let store = StoreID(UUID(high: 1, low: 1))
    static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    static func order(_ number: Int) -> Aggregate {
        Aggregate(kind: "order", id: UUID(high: 2, low: UInt64(number)))
    }

    static func event(
        order number: Int, version: Int = 1, type: EventType = "order.placed", data: JSON = [:],
        store: StoreID = store
    ) -> NewEvent {
        NewEvent(
            store: store, aggregate: order(number), version: version, type: type, actor: .buyer, data: data,
            requestID: "req-\(number)")
    }
}

extension Database {
    func append(_ events: NewEvent...) async throws {
        try await write("test.append") { try EventLog.append(events, in: $0) }
    }

    /// Runs the sequencer until nothing is left, where there is one.
    func placeAll() async throws {
        guard engine == .postgres else { return }
        let sequencer = Sequencer(database: self, logger: Samples.quiet)
        while try await sequencer.place() > 0 {}
    }

    /// The log after a position, as order numbers with versions.
    func log(after position: Int64 = 0, limit: Int = 1000) async throws -> [RecordedEvent] {
        try await read("test.read") { try EventLog.read(after: position, limit: limit, in: $0) }
    }
}

extension RecordedEvent {
    /// The number of `Samples.order`.
    var order: Int {
        withUnsafeBytes(of: aggregate.id.uuid) { Int(UInt64(bigEndian: $0.load(fromByteOffset: 8, as: UInt64.self))) }
    }
}

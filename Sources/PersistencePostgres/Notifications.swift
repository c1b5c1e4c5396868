import CLibPQ
import Persistence
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Carries wakes between processes: LISTEN and NOTIFY on a connection and a thread of its own.
///
/// NOTIFY inside a transaction takes a lock that all committing transactions share, so it is sent after the commit, and
/// at most once per topic and interval.
final class Notifications: Sendable {
    static let intervalMilliseconds: Int32 = 5

    private struct State {
        var outgoing: Set<Topic> = []
        var listening: Set<Topic> = []
        var isRung = false
        var isStarted = false
        var isClosed = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let connector: Connector
    private let waiters: Waiters
    private let bell = Bell()
    private let state = Mutex(State())

    init(_ connector: Connector, waiters: Waiters) {
        self.connector = connector
        self.waiters = waiters
    }

    /// Wakes other processes soon.
    func notify(_ topics: Set<Topic>) {
        change { $0.outgoing.formUnion(topics) }
    }

    /// From now on passes on what other processes notify.
    func listen(to topic: Topic) {
        change { $0.listening.insert(topic) }
    }

    /// Sends what is to be sent and ends the thread.
    func close() async {
        await withCheckedContinuation { continuation in
            let isRunning = state.withLock { state in
                state.isClosed = true
                if state.isStarted { state.closers.append(continuation) }
                return state.isStarted
            }
            if isRunning { bell.ring() } else { continuation.resume() }
        }
    }

    private enum Change {
        case none, ring, start
    }

    private func change(_ body: @Sendable (inout State) -> Void) {
        let change = state.withLock { state -> Change in
            guard !state.isClosed else { return .none }
            body(&state)
            if !state.isStarted {
                state.isStarted = true
                return .start
            }
            if state.isRung { return .none }
            state.isRung = true
            return .ring
        }
        switch change {
        case .none: break
        case .ring: bell.ring()
        case .start:
            do {
                try OwnThread.start { [self] in run() }
            } catch {
                // Waiters poll as well; the next change tries again.
                state.withLock { $0.isStarted = false }
            }
        }
    }

    private func run() {
        var connection: DirectConnection?
        var heard: Set<Topic> = []
        var failures = 0
        while true {
            let (outgoing, listening, isClosed) = state.withLock { state in
                defer { state.outgoing.removeAll() }
                state.isRung = false
                return (state.outgoing, state.listening, state.isClosed)
            }
            if isClosed, outgoing.isEmpty || failures > 0 { break }
            do {
                if connection == nil {
                    heard = []
                    connection = try DirectConnection(connector, role: .notifications)
                }
                guard let connection else { continue }
                let isFirst = heard.isEmpty
                try listen(to: listening.subtracting(heard), on: connection)
                heard = listening
                // What was notified while nobody listened is lost.
                if isFirst, failures > 0 { waiters.wakeAll() }
                failures = 0
                try send(outgoing, on: connection)
                try receive(on: connection)
                if !outgoing.isEmpty { _ = wait(for: nil, milliseconds: Self.intervalMilliseconds) }
                if state.withLock({ !$0.isRung && !$0.isClosed }) {
                    _ = wait(for: connection.socket, milliseconds: -1)
                }
                try receive(on: connection)
            } catch {
                connection = nil
                failures += 1
                state.withLock { $0.outgoing.formUnion(outgoing) }
                _ = wait(for: nil, milliseconds: Int32(min(2000, 50 << min(failures, 6))))
            }
        }
        let closers = state.withLock { state in
            state.isStarted = false
            defer { state.closers.removeAll() }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }

    private func listen(to topics: Set<Topic>, on connection: DirectConnection) throws(Failure) {
        guard !topics.isEmpty else { return }
        try connection.execute(topics.map { "LISTEN \(Self.channel($0))" }.joined(separator: ";"))
    }

    private func send(_ topics: Set<Topic>, on connection: DirectConnection) throws(Failure) {
        guard !topics.isEmpty else { return }
        try connection.execute(topics.map { "NOTIFY \(Self.channel($0))" }.joined(separator: ";"))
    }

    private func receive(on connection: DirectConnection) throws(Failure) {
        guard PQconsumeInput(connection.handle) == 1 else {
            throw .connectionLost("the connection for notifications was lost")
        }
        var topics: Set<Topic> = []
        while let notification = PQnotifies(connection.handle) {
            defer { PQfreemem(notification) }
            let channel = String(cString: notification.pointee.relname)
            // Its own waiters were woken directly.
            guard notification.pointee.be_pid != connection.processID, channel.hasPrefix(Self.prefix) else { continue }
            topics.insert(Topic(String(channel.dropFirst(Self.prefix.count))))
        }
        waiters.wake(topics)
    }

    /// Waits for the bell, and for the server where a socket is given.
    private func wait(for socket: Int32?, milliseconds: Int32) -> Bool {
        var pollers = [pollfd(fd: bell.reader, events: Int16(POLLIN), revents: 0)]
        if let socket { pollers.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0)) }
        guard poll(&pollers, nfds_t(pollers.count), milliseconds) > 0 else { return false }
        if pollers[0].revents != 0 { bell.silence() }
        return true
    }

    private static let prefix = "shipshape_"

    private static func channel(_ topic: Topic) -> String {
        "\"\(prefix)\(topic.name.filter { $0 != "\"" })\""
    }
}

/// A pipe that wakes a thread which waits for a socket.
private final class Bell: Sendable {
    let reader: Int32
    private let writer: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        // Without descriptors the thread wakes only when the server sends something; waiters poll as well.
        _ = pipe(&ends)
        (reader, writer) = (ends[0], ends[1])
        for end in ends where end >= 0 {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        if reader >= 0 { close(reader) }
        if writer >= 0 { close(writer) }
    }

    func ring() {
        var byte: UInt8 = 1
        _ = write(writer, &byte, 1)
    }

    func silence() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(reader, &bytes, bytes.count) == bytes.count {}
    }
}

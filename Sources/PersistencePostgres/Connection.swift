import CLibPQ
import Persistence

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A connection in pipeline mode, used by one thread. It never blocks inside libpq: while it waits to send it also
/// receives, so that two full buffers cannot wait for each other.
final class Connection {
    /// What a result that is still to come belongs to.
    enum Expected {
        case statement(onRow: ((Row) throws -> Void)?, onEnd: ((Int) -> Void)?)
        case commit
        /// BEGIN, ROLLBACK, DEALLOCATE, Parse.
        case command
        case description
        /// The mark that ends a batch, and with it what the server holds open outside BEGIN.
        case sync
    }

    let cancelHandle: OpaquePointer
    let handle: OpaquePointer
    let isWriter: Bool
    let statementTimeoutSeconds: Double
    private let parameters = ParameterEncoding()
    let cursor = ResultCursor()
    private var cache: StatementCache
    private var expected: [Expected] = []
    private var unsettledBytes = 0
    var describedTypes: [Oid] = []
    /// COMMIT was sent and has not been answered.
    var isCommitting = false
    /// The batch that is being answered had a COMMIT, and it was confirmed.
    var isCommitted = false
    /// The server ended the session, or it was lost: nothing more can be sent or received.
    var hasEnded = false

    init(_ connector: Connector, role: Connector.Role, settings: PostgresSettings) throws(Failure) {
        let handle = try connector.connect(role)
        guard let cancelHandle = PQgetCancel(handle) else {
            PQfinish(handle)
            throw .unreachable("out of memory")
        }
        self.handle = handle
        self.cancelHandle = cancelHandle
        isWriter = role == .writer
        statementTimeoutSeconds = settings.statementTimeoutSeconds
        cache = StatementCache(limit: settings.preparedStatementLimit)
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else {
            throw .unreachable("libpq refuses pipeline mode")
        }
        guard isWriter else { return }
        for control in Control.allCases {
            try checkSent(PQsendPrepare(handle, control.rawValue, control.text, 0, nil))
            expected.append(.command)
        }
        do { try settle() } catch let failure as Failure { throw failure } catch { throw .unreachable("\(error)") }
    }

    deinit {
        PQfreeCancel(cancelHandle)
        PQfinish(handle)
    }

    /// The statements that frame a writer's transaction, prepared with the connection under their names.
    enum Control: String, CaseIterable {
        case begin, commit, rollback

        var text: String {
            switch self {
            case .begin: "BEGIN"
            case .commit: "COMMIT"
            case .rollback: "ROLLBACK"
            }
        }
    }

    /// False when the server has closed the connection while nobody used it.
    func isAlive() -> Bool {
        // A server that ends the session sends a last message before it closes; a notice may come at any time.
        for _ in 0..<8 {
            guard PQstatus(handle) == CONNECTION_OK else { return false }
            var poller = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            if poll(&poller, 1, 0) == 0 { return true }
            guard PQconsumeInput(handle) == 1 else { return false }
            _ = PQisBusy(handle)
        }
        return true
    }

    /// Whether the server has a transaction open, as of the last `settle`.
    var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }

    /// Whether as much is on its way as should be before answers are read.
    var isPipelineFull: Bool { expected.count >= 64 || unsettledBytes >= 256 * 1024 }

    /// Whether someone waits for rows of what was sent.
    var isAnyoneWaiting: Bool {
        expected.contains {
            if case .statement(let onRow, let onEnd) = $0 { onRow != nil || onEnd != nil } else { false }
        }
    }

    /// Sends a writer's BEGIN, COMMIT or ROLLBACK; it travels with what follows or precedes it.
    func send(_ control: Control) throws(Failure) {
        try checkSent(PQsendQueryPrepared(handle, control.rawValue, 0, nil, nil, nil, 1))
        expected.append(control == .commit ? .commit : .command)
        if control == .commit { isCommitting = true }
    }

    /// Sends a statement. One not prepared yet on this connection costs a round trip, in which its parameters' types
    /// are learnt.
    func send(
        _ sql: SQL, onRow: ((Row) throws -> Void)?, onEnd: ((Int) -> Void)?
    ) throws {
        let statement = try cache.statement(sql.text) ?? prepare(sql)
        do {
            unsettledBytes += try parameters.encode(sql.arguments, as: statement.parameterTypes)
        } catch {
            throw Failure.refused(error)
        }
        let sent = parameters.withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, 1)
        }
        try checkSent(sent)
        expected.append(.statement(onRow: onRow, onEnd: onEnd))
    }

    private func prepare(_ sql: SQL) throws -> PreparedStatement {
        guard sql.arguments.count <= 65535 else {
            throw Failure.refused(
                .misuse(code: "54000", message: "\(sql.arguments.count) values were bound, at most 65535 can be"))
        }
        if let word = TransactionControl.word(in: sql.text) {
            throw Failure.refused(
                .misuse(code: "2D000", message: "\(word) inside a closure: it commits when it returns"))
        }
        let isKept = sql.text.utf8.count <= StatementCache.longestText
        let name = isKept ? cache.newName() : ""
        try checkSent(PQsendPrepare(handle, name, sql.text, 0, nil))
        expected.append(.command)
        try checkSent(PQsendDescribePrepared(handle, name))
        expected.append(.description)
        try settle()
        let statement = PreparedStatement(name: name, parameterTypes: describedTypes)
        if isKept, let oldest = cache.insert(statement, text: sql.text) {
            try checkSent(PQsendQueryParams(handle, "DEALLOCATE \(oldest)", 0, nil, nil, nil, nil, 1))
            expected.append(.command)
        }
        return statement
    }

    /// Waits for the answers to all that was sent and hands out their rows.
    ///
    /// A reader asks for them without ending the batch: until `endReading` the server keeps the batch's transaction
    /// open, and with it the one snapshot that its isolation gives it.
    /// - Throws: the first failure, or what a row's closure threw first; the connection is in step again unless the
    ///   failure says that it is lost.
    func settle() throws {
        guard !expected.isEmpty else { return }
        if isWriter { try sendSync() } else { try checkSent(PQsendFlushRequest(handle)) }
        try receiveAll()
    }

    /// Ends a reader's transaction, and waits for the answers to what is still on its way. When nothing is, nobody
    /// waits: the answer to the end itself is read with those that follow.
    func endReading() throws {
        let isAwaited = !expected.isEmpty
        try sendSync()
        if isAwaited { try receiveAll() }
    }

    private func sendSync() throws(Failure) {
        try checkSent(PQpipelineSync(handle))
        expected.append(.sync)
    }

    private func receiveAll() throws {
        isCommitted = false
        var firstError: (any Error)?
        do {
            for index in expected.indices {
                do {
                    try receive(expected[index], remaining: expected.count - index)
                } catch {
                    if hasEnded { throw error }
                    firstError = firstError ?? error
                }
            }
        } catch {
            // A commit that was confirmed has happened, whatever became of the connection afterwards.
            guard isCommitted else { throw error }
        }
        expected.removeAll(keepingCapacity: true)
        unsettledBytes = 0
        isCommitting = false
        if let firstError { throw firstError }
    }
}

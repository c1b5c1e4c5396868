import CLibPQ
import Persistence

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Connection {
    /// Reads the answers to one command.
    func receive(_ expected: Expected, remaining: Int) throws {
        if case .sync = expected { return try receiveSync() }
        var firstError: (any Error)?
        while let result = try nextResult(remaining: remaining) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                guard firstError == nil else { break }
                do {
                    try deliver(result, to: expected)
                } catch {
                    firstError = error
                }
            case PGRES_PIPELINE_ABORTED: break
            case PGRES_FATAL_ERROR: firstError = try failure(of: result, at: expected)
            default:
                firstError = Failure.refused(
                    .misuse(code: "0A000", message: "a statement must not be of the COPY or pipeline kind"))
            }
        }
        if let firstError { throw firstError }
    }

    private func receiveSync() throws(Failure) {
        while let result = try nextResult(remaining: 1) {
            let status = PQresultStatus(result)
            PQclear(result)
            if status == PGRES_PIPELINE_SYNC { return }
        }
        throw lost("the server's answers are out of step")
    }

    /// Throws when libpq took no more.
    func checkSent(_ status: Int32) throws(Failure) {
        guard status == 1 else { throw lost() }
    }

    private func deliver(_ result: OpaquePointer, to expected: Expected) throws {
        switch expected {
        case .statement(let onRow, let onEnd):
            let count = PQntuples(result)
            if let onRow {
                cursor.result = result
                defer { cursor.result = nil }
                for row in 0..<count { try onRow(Row(ResultRow(cursor: cursor, row: row))) }
            }
            if let onEnd { onEnd(Int(String(cString: PQcmdTuples(result))) ?? 0) }
        case .commit: try confirmCommit(result)
        case .description:
            describedTypes = (0..<PQnparams(result)).map { PQparamtype(result, $0) }
        case .command, .sync: break
        }
    }

    private func confirmCommit(_ result: OpaquePointer) throws(Failure) {
        isCommitting = false
        // COMMIT of a transaction that has failed succeeds as ROLLBACK.
        guard strcmp(PQcmdStatus(result), "COMMIT") == 0 else {
            throw .refused(.misuse(code: "25P02", message: "the transaction was rolled back instead of committed"))
        }
        isCommitted = true
    }

    private func failure(of result: OpaquePointer, at expected: Expected) throws(Failure) -> Failure {
        let error = ServerError(result)
        if error.sqlState.isEmpty { throw lost(error.message) }
        let failure = error.failure(isWriter: isWriter)
        if error.isFatal {
            hasEnded = true
            // The session ended at this statement: a COMMIT behind it was not reached.
            if case .commit = expected { throw .commitUnknown }
            isCommitting = false
            guard failure.isLoss || failure == .statementEnded else { throw .connectionLost(error.message) }
            throw failure
        }
        isCommitting = false
        return failure
    }

    /// What the loss of the connection means now.
    private func lost(_ reason: String? = nil) -> Failure {
        hasEnded = true
        guard !isCommitting else { return .commitUnknown }
        return .connectionLost(reason ?? "the connection to the database was lost")
    }

    /// The next result of the command at the head of the pipeline; nil at its end.
    private func nextResult(remaining: Int) throws(Failure) -> OpaquePointer? {
        while PQisBusy(handle) == 1 { try exchange(remaining: remaining) }
        if let result = PQgetResult(handle) { return result }
        guard PQstatus(handle) == CONNECTION_OK else { throw lost() }
        return nil
    }

    /// Sends and receives what can be, waiting until something can.
    private func exchange(remaining: Int) throws(Failure) {
        let unsent = PQflush(handle)
        guard unsent >= 0 else { throw lost() }
        var poller = pollfd(
            fd: PQsocket(handle), events: Int16(unsent == 1 ? POLLIN | POLLOUT : POLLIN), revents: 0)
        let ready = poll(&poller, 1, patienceMilliseconds(remaining))
        if ready == 0 { throw lost("the database does not answer") }
        if ready < 0 {
            guard errno == EINTR else { throw lost("poll failed with error \(errno)") }
            return
        }
        guard PQconsumeInput(handle) == 1 else {
            // Bytes that came before the end may still explain it.
            if PQisBusy(handle) == 0 { return }
            throw lost()
        }
    }

    /// The server ends each statement at its limit; a server that has vanished is not waited for much longer.
    private func patienceMilliseconds(_ remaining: Int) -> Int32 {
        guard statementTimeoutSeconds > 0 else { return -1 }
        return Int32(min(statementTimeoutSeconds * Double(remaining) + 10, 86400) * 1000)
    }
}

extension Failure {
    /// Whether the connection is of no further use.
    var isLoss: Bool {
        switch self {
        case .connectionLost, .commitUnknown, .unreachable: true
        case .conflict, .stalePlan, .statementEnded, .cancelled, .refused: false
        }
    }
}

import Persistence
@testable import PersistencePostgres
import Testing

struct FailureTests {
    @Test(arguments: [
        ("40001", Failure.conflict), ("40P01", .conflict), ("55P03", .conflict),
        ("57014", .statementEnded), ("25P03", .statementEnded),
        ("23505", .refused(.constraint(.unique, name: "c"))), ("23503", .refused(.constraint(.foreignKey, name: "c"))),
        ("23001", .refused(.constraint(.foreignKey, name: "c"))), ("23514", .refused(.constraint(.check, name: "c"))),
        ("23502", .refused(.constraint(.notNull, name: "c"))), ("23P01", .refused(.constraint(.other, name: "c"))),
        ("08006", .connectionLost("m")), ("53300", .connectionLost("m")), ("57P01", .connectionLost("m")),
        ("57P02", .connectionLost("m")), ("57P03", .connectionLost("m")),
        ("53100", .refused(.unavailable("m (SQLSTATE 53100)"))),
        ("58030", .refused(.unavailable("m (SQLSTATE 58030)"))),
        ("42P01", .refused(.misuse(code: "42P01", message: "m"))),
        ("26000", .stalePlan(.misuse(code: "26000", message: "m"))),
        ("", .connectionLost("m")),
    ])
    func `an error is recognised by its SQLSTATE`(sqlState: String, failure: Failure) {
        let error = ServerError(sqlState: sqlState, message: "m", constraint: "c")
        #expect(error.failure(isWriter: true) == failure)
    }

    @Test func `a read-only server is of no use to a writer and a defect for a reader`() {
        let error = ServerError(sqlState: "25006", message: "m")
        #expect(error.failure(isWriter: true) == .connectionLost("the server is read-only"))
        #expect(error.failure(isWriter: false) == .refused(.misuse(code: "25006", message: "m")))
    }

    @Test func `a fatal error of any kind ends the connection`() {
        #expect(
            ServerError(sqlState: "42501", message: "m", isFatal: true).failure(isWriter: true) == .connectionLost("m"))
    }
}

struct AttemptsTests {
    /// What is decided: seconds to wait, or the error.
    private enum Expected: Equatable {
        case again(Double), reconnect(Double), fail(DatabaseError), cancelled

        init(_ decision: Attempts.Decision) {
            switch decision {
            case .again(let seconds): self = .again(seconds)
            case .reconnect(let seconds): self = .reconnect(seconds)
            case .fail(let error as DatabaseError): self = .fail(error)
            case .fail: self = .cancelled
            }
        }
    }

    private func decisions(
        _ failures: [Failure], isCancelled: Bool = false, secondsBetween: Double = 0
    ) -> [Expected] {
        var attempts = Attempts(unavailableAfterSeconds: 5)
        return failures.enumerated().map { index, failure in
            Expected(
                attempts.decide(
                    after: failure, isCancelled: isCancelled, now: UInt64(Double(index) * secondsBetween * 1e9),
                    jitter: 0.5))
        }
    }

    @Test func `a conflict is tried ten times, ever later`() {
        let all = decisions(Array(repeating: .conflict, count: 10))
        #expect(all[0] == .again(0.001))
        #expect(all[1] == .again(0.002))
        #expect(all[8] == .again(0.2))
        #expect(all[9] == .fail(.conflict))
    }

    @Test func `a lost connection is replaced twice`() {
        #expect(
            decisions(Array(repeating: .connectionLost("x"), count: 3))
                == [.reconnect(0), .reconnect(0.05), .fail(.unavailable("x"))])
    }

    @Test func `connecting is tried until the time is over`() {
        let all = decisions(Array(repeating: .unreachable("x"), count: 12), secondsBetween: 0.5)
        #expect(all[0] == .reconnect(0.05))
        #expect(all[8] == .reconnect(0.5))
        #expect(all[9] == .fail(.unavailable("x")))
    }

    @Test func `a stale plan is prepared anew once`() {
        let error = DatabaseError.misuse(code: "0A000", message: "m")
        #expect(decisions([.stalePlan(error), .stalePlan(error)]) == [.reconnect(0), .fail(error)])
    }

    @Test func `what stands is not tried again`() {
        #expect(decisions([.commitUnknown]) == [.fail(.ambiguousCommit)])
        #expect(decisions([.statementEnded]) == [.fail(.statementTimeout)])
        #expect(decisions([.refused(.queueFull)]) == [.fail(.queueFull)])
    }

    @Test func `a cancelled closure is not run again, but an ambiguous commit stays one`() {
        #expect(decisions([.conflict], isCancelled: true) == [.cancelled])
        #expect(decisions([.statementEnded], isCancelled: true) == [.cancelled])
        #expect(decisions([.connectionLost("x")], isCancelled: true) == [.cancelled])
        #expect(decisions([.commitUnknown], isCancelled: true) == [.fail(.ambiguousCommit)])
    }
}

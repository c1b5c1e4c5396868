import FoundationEssentials

/// How a SQLite database is opened.
public struct SQLiteSettings: Sendable {
    /// The file; made when it is absent, its folder is not.
    public var path: String
    /// Opens for reading beside the process that writes: no lock, no writer.
    public var isReadOnly = false
    /// Connections that read, one thread each; opened when they are needed.
    public var readers = 4
    /// So many of them work at once, one for each core, as long as no closure has to wait for long. Reading takes a
    /// whole core: with more at work, each would be interrupted for the others and all would end late.
    public var usualReaders = max(2, ProcessInfo.processInfo.activeProcessorCount)
    /// So many closures may wait for the writer, and as many for a reader; one more is refused with `queueFull`.
    public var queueLimit = 1024
    /// A statement that runs longer is ended.
    public var statementTimeoutSeconds = 10.0
    /// How long one attempt waits for a lock that another process holds. There are 10 attempts.
    public var busyTimeoutSeconds = 0.5
    /// Closures in one commit, at most.
    public var batchLimit = 64
    /// How long a commit collects closures, at most, when the disk is fast.
    public var batchSeconds = 0.005
    /// How long at most when it is slow: a commit collects for eight times as long as the one before it took.
    public var longestBatchSeconds = 0.1
    /// Prepared statements kept for each connection.
    public var preparedStatementLimit = 400
    /// A transaction that takes longer, waiting in the queue not counted, is told to `onSlowTransaction`.
    public var slowTransactionSeconds = 0.5
    /// Told the name and the seconds of each slow transaction, on the connection's thread: must return at once.
    public var onSlowTransaction: (@Sendable (_ name: String, _ seconds: Double) -> Void)?

    /// The defaults, for this file.
    public init(path: String) {
        self.path = path
    }
}

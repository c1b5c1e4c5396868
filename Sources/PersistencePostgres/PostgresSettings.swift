/// How to reach a PostgreSQL server, and with what limits.
public struct PostgresSettings: Sendable {
    /// A libpq connection URL (`postgres://user:password@host:port/database?option=value`) or keyword string.
    public var url: String
    /// A URL that leads to the server itself where `url` leads through a pooler; for migrations and notifications.
    public var directURL: String?
    /// Shown by `pg_stat_activity`.
    public var applicationName = "shipshape"
    /// At most so many connections for `write`, one thread each; opened when they are needed.
    public var writers: Int
    /// At most so many connections for `read`, one thread each; opened when they are needed.
    public var readers: Int
    /// So many closures may wait for a writer, and as many for a reader; one more is refused with `queueFull`.
    public var queueLimit: Int
    /// The server ends a statement that runs longer.
    public var statementTimeoutSeconds: Double
    /// The server ends a connection whose transaction does nothing for longer.
    public var idleInTransactionTimeoutSeconds = 30.0
    /// One attempt to connect takes no longer; libpq takes whole seconds, at least 2.
    public var connectTimeoutSeconds = 3.0
    /// After so long without a connection, what waits for it fails with `unavailable`.
    public var unavailableAfterSeconds = 5.0
    /// A connection that nobody has used for so long is closed.
    public var idleConnectionSeconds = 300.0
    /// So many prepared statements are kept per connection.
    public var preparedStatementLimit = 256
    /// A transaction that takes longer, waiting in the queue not counted, is told to `onSlowTransaction`.
    public var slowTransactionSeconds = 0.5
    /// Told the name and the seconds of each slow transaction, on the connection's thread: must return at once.
    public var onSlowTransaction: (@Sendable (_ name: String, _ seconds: Double) -> Void)?

    public init(
        url: String, writers: Int = 24, readers: Int = 4, queueLimit: Int = 1024, statementTimeoutSeconds: Double = 10
    ) {
        self.url = url
        self.writers = writers
        self.readers = readers
        self.queueLimit = queueLimit
        self.statementTimeoutSeconds = statementTimeoutSeconds
    }
}

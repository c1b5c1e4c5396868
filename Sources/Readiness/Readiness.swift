public import Persistence

/// The checks that tell whether an installation may be trusted, their evidence, and the verdict over all.
public enum Readiness {
    /// The table of evidence.
    public static let migrations: [Migration] = []
}

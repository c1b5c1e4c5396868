import Persistence

/// The table that these tests write to.
enum Notes {
    static let migration = Migration(
        1, "notes",
        [
            """
            CREATE TABLE notes (
                id BIGINT NOT NULL PRIMARY KEY,
                body TEXT NOT NULL
            )
            """
        ])
}

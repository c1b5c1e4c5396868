public import Persistence

/// The store's own pictures: the bytes of images, each once, by the digest of what it is.
///
/// They are kept in the database, so that every process sees them and a backup has them. See
/// `docs/decisions/0021-images-are-kept-in-the-database.md`.
public enum Media {
    public static let migrations: [Migration] = [
        Migration(
            820, "images and where they came from",
            [
                """
                CREATE TABLE media_images (
                    store_id UUID NOT NULL,
                    digest TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    width BIGINT NOT NULL CHECK (width > 0),
                    height BIGINT NOT NULL CHECK (height > 0),
                    byte_count BIGINT NOT NULL CHECK (byte_count > 0),
                    content BYTES NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, digest)
                )
                """,
                // What is compressed already would only cost time.
                .on(.postgres, "ALTER TABLE media_images ALTER COLUMN content SET STORAGE EXTERNAL"),
                """
                CREATE TABLE media_sources (
                    store_id UUID NOT NULL,
                    address_digest TEXT NOT NULL,
                    address TEXT NOT NULL,
                    image_digest TEXT NOT NULL,
                    failure TEXT NOT NULL,
                    checked_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, address_digest),
                    CONSTRAINT media_sources_outcome CHECK ((image_digest = '') <> (failure = ''))
                )
                """,
            ])
    ]

    /// The largest image that is kept.
    public static let mostBytes = 5 << 20
}

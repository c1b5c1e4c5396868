import Persistence

extension Pricing {
    /// The tables of taxes.
    static let taxMigrations: [Migration] = [
        Migration(
            350, "tax settings",
            [
                // No foreign key to `stores`: placing an order reads this row, and settings are few.
                """
                CREATE TABLE tax_settings (
                    store_id UUID NOT NULL PRIMARY KEY,
                    version BIGINT NOT NULL,
                    document TEXT NOT NULL,
                    updated_at BIGINT NOT NULL
                )
                """
            ])
    ]
}

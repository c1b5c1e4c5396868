import Persistence

extension Catalog {
    static let priceLists = Migration(
        250, "currencies and price lists", [priceBooks, currencies, lists, prices, pricesByVariant])

    /// A version for everything but the prices themselves, so that whoever keeps it for a moment sees that it is old.
    /// No rounding is the one that is usual for the store's currency.
    private static let priceBooks: Migration.Statement = """
        CREATE TABLE price_books (
            store_id UUID NOT NULL PRIMARY KEY,
            base_rounding_step BIGINT CHECK (base_rounding_step >= 1),
            base_rounding_offset BIGINT CHECK (base_rounding_offset >= 0),
            version BIGINT NOT NULL
        )
        """
    private static let currencies: Migration.Statement = """
        CREATE TABLE currencies (
            store_id UUID NOT NULL,
            currency TEXT NOT NULL,
            rate_billionths BIGINT NOT NULL CHECK (rate_billionths > 0),
            rated_at BIGINT NOT NULL,
            rounding_step BIGINT NOT NULL CHECK (rounding_step >= 1),
            rounding_offset BIGINT NOT NULL CHECK (rounding_offset >= 0),
            PRIMARY KEY (store_id, currency)
        )
        """
    private static let lists: Migration.Statement = """
        CREATE TABLE price_lists (
            store_id UUID NOT NULL,
            id UUID NOT NULL,
            name TEXT NOT NULL,
            currency TEXT NOT NULL,
            group_id UUID,
            starts_at BIGINT,
            ends_at BIGINT,
            adjustment_ppm BIGINT,
            version BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (store_id, id)
        )
        """
    private static let prices: Migration.Statement = """
        CREATE TABLE price_list_prices (
            store_id UUID NOT NULL,
            price_list_id UUID NOT NULL,
            variant_id UUID NOT NULL,
            price BIGINT NOT NULL CHECK (price >= 0),
            compare_at_price BIGINT CHECK (compare_at_price >= 0),
            PRIMARY KEY (store_id, price_list_id, variant_id),
            FOREIGN KEY (store_id, price_list_id) REFERENCES price_lists (store_id, id) ON DELETE CASCADE,
            FOREIGN KEY (store_id, variant_id) REFERENCES variants (store_id, id) ON DELETE CASCADE
        )
        """
    private static let pricesByVariant: Migration.Statement =
        "CREATE INDEX price_list_prices_by_variant ON price_list_prices (store_id, variant_id, price_list_id)"
}

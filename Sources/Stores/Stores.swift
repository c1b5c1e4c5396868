public import Persistence

/// Stores are the tenants: each has a currency, API keys and everything that is sold in it.
public enum Stores {
    public static let migrations: [Migration] = [
        Migration(
            100, "stores and API keys",
            [
                """
                CREATE TABLE stores (
                    id UUID NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL,
                    currency TEXT NOT NULL,
                    country TEXT NOT NULL,
                    created_at BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE api_keys (
                    id UUID NOT NULL PRIMARY KEY,
                    store_id UUID NOT NULL REFERENCES stores (id),
                    name TEXT NOT NULL,
                    kind TEXT NOT NULL CHECK (kind IN ('publishable', 'secret')),
                    digest BYTES NOT NULL UNIQUE,
                    scopes TEXT NOT NULL,
                    origins TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    revoked_at BIGINT
                )
                """,
                "CREATE INDEX api_keys_by_store ON api_keys (store_id, id)",
                """
                CREATE TABLE installation_secrets (
                    name TEXT NOT NULL PRIMARY KEY,
                    value BYTES NOT NULL
                )
                """,
            ])
    ]
}

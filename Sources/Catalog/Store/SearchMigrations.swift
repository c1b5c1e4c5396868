import Persistence

extension Catalog {
    /// The search's own index, the same on both engines.
    static let searchMigrations: [Migration] = [
        Migration(
            240, "search by sets of documents",
            [
                """
                CREATE TABLE search_states (
                    store_id UUID NOT NULL PRIMARY KEY,
                    language TEXT NOT NULL,
                    next_document BIGINT NOT NULL,
                    generation BIGINT NOT NULL,
                    rebuilt_through UUID NOT NULL,
                    is_complete BOOLEAN NOT NULL
                )
                """,
                """
                CREATE TABLE search_documents (
                    store_id UUID NOT NULL,
                    document BIGINT NOT NULL,
                    product_id UUID NOT NULL,
                    title_key TEXT NOT NULL,
                    keys TEXT NOT NULL,
                    PRIMARY KEY (store_id, document),
                    CONSTRAINT search_documents_product UNIQUE (store_id, product_id),
                    FOREIGN KEY (store_id, product_id) REFERENCES products (store_id, id) ON DELETE CASCADE
                )
                """,
                "CREATE INDEX search_documents_by_title ON search_documents (store_id, title_key, document)",
                """
                CREATE TABLE search_sets (
                    store_id UUID NOT NULL,
                    key TEXT NOT NULL,
                    chunk BIGINT NOT NULL,
                    members BYTES NOT NULL,
                    PRIMARY KEY (store_id, key, chunk)
                )
                """,
                """
                CREATE TABLE search_spellings (
                    store_id UUID NOT NULL,
                    form TEXT NOT NULL,
                    stem TEXT NOT NULL,
                    written TEXT NOT NULL,
                    PRIMARY KEY (store_id, form, stem)
                )
                """,
                """
                CREATE TABLE search_synonyms (
                    store_id UUID NOT NULL,
                    id UUID NOT NULL,
                    terms TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (store_id, id)
                )
                """,
                """
                CREATE TABLE search_synonym_terms (
                    store_id UUID NOT NULL,
                    term TEXT NOT NULL,
                    synonym_id UUID NOT NULL,
                    PRIMARY KEY (store_id, term, synonym_id),
                    FOREIGN KEY (store_id, synonym_id) REFERENCES search_synonyms (store_id, id) ON DELETE CASCADE
                )
                """,
            ]),
        // The newest documents are those that change: with the chunk first, they lie together.
        Migration(
            241, "chunks of sets lie together",
            [
                """
                CREATE TABLE search_chunks (
                    store_id UUID NOT NULL,
                    chunk BIGINT NOT NULL,
                    key TEXT NOT NULL,
                    members BYTES NOT NULL,
                    PRIMARY KEY (store_id, chunk, key)
                )
                """,
                """
                INSERT INTO search_chunks (store_id, chunk, key, members)
                SELECT store_id, chunk, key, members FROM search_sets ORDER BY store_id, chunk, key
                """,
                "DROP TABLE search_sets",
            ]),
        // What every answer reads is small then, and what only changes need stands by itself.
        Migration(
            242, "keys of documents by themselves",
            [
                """
                CREATE TABLE search_document_keys (
                    store_id UUID NOT NULL,
                    document BIGINT NOT NULL,
                    keys TEXT NOT NULL,
                    PRIMARY KEY (store_id, document),
                    FOREIGN KEY (store_id, document) REFERENCES search_documents (store_id, document) ON DELETE CASCADE
                )
                """,
                """
                INSERT INTO search_document_keys (store_id, document, keys)
                SELECT store_id, document, keys FROM search_documents ORDER BY store_id, document
                """,
                "ALTER TABLE search_documents DROP COLUMN keys",
            ]),
        // Every index is written again by its job: with barcodes, types, and what is not shown yet or no longer. What
        // is in it meanwhile stays true, and processes of the former version read it as before.
        Migration(
            260, "search by barcodes and by what is shown",
            [
                .on(
                    .sqlite,
                    "UPDATE search_states SET is_complete = FALSE, rebuilt_through = zeroblob(16)"),
                .on(
                    .postgres,
                    """
                    UPDATE search_states
                    SET is_complete = FALSE, rebuilt_through = '00000000-0000-0000-0000-000000000000'
                    """),
            ]),
        // Each search asks which moments of its store have come.
        Migration(
            261, "moments of publications by store",
            ["CREATE INDEX publications_by_store ON publications (store_id, moment, product_id)"]),
        // A page of a search reads its products here; those that are not here are read from their own tables. Whoever
        // changes products, variants or their categories by a migration empties this table.
        Migration(
            262, "products beside their documents",
            [
                """
                CREATE TABLE search_products (
                    store_id UUID NOT NULL,
                    document BIGINT NOT NULL,
                    contents BYTES NOT NULL,
                    PRIMARY KEY (store_id, document),
                    FOREIGN KEY (store_id, document) REFERENCES search_documents (store_id, document) ON DELETE CASCADE
                )
                """
            ]),
        // Every index is written again by its job, with the beginnings of titles.
        Migration(
            263, "search in the order of titles",
            [
                .on(.sqlite, "UPDATE search_states SET is_complete = FALSE, rebuilt_through = zeroblob(16)"),
                .on(
                    .postgres,
                    """
                    UPDATE search_states
                    SET is_complete = FALSE, rebuilt_through = '00000000-0000-0000-0000-000000000000'
                    """),
            ]),
    ]
}

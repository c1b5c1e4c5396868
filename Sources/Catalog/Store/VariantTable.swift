import Persistence
import Primitives

/// The SQL of `variants`.
enum VariantTable {
    static func ofProducts(
        _ products: [ProductID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<Variant> {
        try tx.later(
            """
            SELECT id, product_id, sku, title, option_values, price, compare_at_price, weight_grams, taxable,
                requires_shipping, barcode, weight_unit, cost, tax_code, image_url, metadata
            FROM variants WHERE store_id = \(store) AND product_id IN \(list: products)
            ORDER BY product_id, position
            """
        ) { row in
            Variant(
                id: try row[0], product: try row[1], sku: try row[2], title: try row[3],
                optionValues: try ProductDocument.texts(row[4]), priceMinorUnits: try row[5],
                compareAtPriceMinorUnits: try row[6], weightGrams: try row[7], isTaxable: try row[8],
                requiresShipping: try row[9], costMinorUnits: try row[12],
                details: VariantDetails(
                    barcode: try row[10], weightUnit: try weightUnit(row[11]), taxCode: try row[13],
                    imageURL: try row[14], metadata: try ProductDocument.metadata(row[15])))
        }
    }

    static func sellable(
        _ condition: SQL, store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<SellableVariant> {
        try tx.later(
            """
            SELECT v.id, v.sku, p.title, v.title, v.option_values, v.price, v.taxable, v.requires_shipping,
                CASE WHEN \(ProductTable.isShown(at: tx.now, as: "p.")) THEN 1 ELSE 0 END,
                v.weight_grams, v.tax_code, \(CurrencyTable.version(of: store))
            FROM variants v JOIN products p ON p.store_id = v.store_id AND p.id = v.product_id
            WHERE v.store_id = \(store) AND \(condition)
            """
        ) { row in
            let title: String = try row[2]
            let variantTitle: String = try row[3]
            let optionValues: String = try row[4]
            let isPublished: Int = try row[8]
            return SellableVariant(
                id: try row[0], sku: try row[1], title: optionValues == "[]" ? title : "\(title) – \(variantTitle)",
                priceMinorUnits: try row[5], isTaxable: try row[6], requiresShipping: try row[7],
                weightGrams: try row[9], taxCode: try row[10], isPublished: isPublished == 1,
                priceBookVersion: try row[11])
        }
    }

    static func displays(
        of variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> Later<VariantDisplay> {
        try tx.later(
            """
            SELECT v.id, p.handle, p.images
            FROM variants v JOIN products p ON p.store_id = v.store_id AND p.id = v.product_id
            WHERE v.store_id = \(store) AND v.id IN \(list: variants)
            """
        ) { row in
            VariantDisplay(
                variant: try row[0], handle: try row[1], image: try ProductDocument.images(row[2]).first)
        }
    }

    static func products(
        of variants: [VariantID], store: StoreID, in tx: borrowing Transaction
    ) throws -> [ProductID] {
        try tx.query(
            "SELECT DISTINCT product_id FROM variants WHERE store_id = \(store) AND id IN \(list: variants)"
        ) { try $0[0] }
    }

    /// What products fulfil that have one of these variants.
    static func having(_ variants: [VariantID], store: StoreID) -> SQL {
        "id IN (SELECT product_id FROM variants WHERE store_id = \(store) AND id IN \(list: variants))"
    }

    static func hasTaxable(of store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try tx.first(
            """
            SELECT 1 FROM variants v JOIN products p ON p.store_id = v.store_id AND p.id = v.product_id
            WHERE v.store_id = \(store) AND v.taxable AND p.status = 'active' LIMIT 1
            """
        ) { try $0[0] as Int } != nil
    }

    /// How many variants buyers can see at a price of nothing, and below their cost; each with a product's handle.
    static func doubtfulPrices(of store: StoreID, in tx: borrowing Transaction) throws -> DoubtfulPrices {
        let found = try tx.first(
            """
            SELECT COUNT(CASE WHEN v.price = 0 THEN 1 END), MIN(CASE WHEN v.price = 0 THEN p.handle END),
                COUNT(CASE WHEN v.price > 0 THEN 1 END), MIN(CASE WHEN v.price > 0 THEN p.handle END)
            FROM variants v JOIN products p ON p.store_id = v.store_id AND p.id = v.product_id
            WHERE v.store_id = \(store) AND (v.price = 0 OR v.cost > v.price)
                AND \(ProductTable.isShown(at: tx.now, as: "p."))
            """
        ) { row in
            DoubtfulPrices(
                free: (count: try row[0], handle: try row[1]), belowCost: (count: try row[2], handle: try row[3]))
        }
        return found ?? DoubtfulPrices(free: (0, nil), belowCost: (0, nil))
    }

    private static func weightUnit(_ word: String) throws -> WeightUnit {
        guard let unit = WeightUnit(rawValue: word) else {
            throw DatabaseError.decoding("a variant has the unknown unit of weight \(word)")
        }
        return unit
    }

    static func exists(_ id: VariantID, store: StoreID, in tx: borrowing Transaction) throws -> Bool {
        try tx.first("SELECT 1 FROM variants WHERE store_id = \(store) AND id = \(id)") { try $0[0] as Int } != nil
    }

    /// Writes the product's variants as they are now and removes those it no longer has.
    static func replace(
        _ product: Product, former: Product?, store: StoreID, in tx: borrowing Transaction
    ) throws {
        let removed = (former?.variants ?? []).map(\.id).filter { id in !product.variants.contains { $0.id == id } }
        if !removed.isEmpty {
            try tx.execute("DELETE FROM variants WHERE store_id = \(store) AND id IN \(list: removed)")
        }
        try insert(product.variants.enumerated().map { row($1, at: $0, store) }, in: tx)
    }

    /// Rows as `row` makes them; variants that exist are changed.
    static func insert(_ rows: some Collection<[SQLValue]>, in tx: borrowing Transaction) throws {
        try tx.execute(
            """
            INSERT INTO variants (store_id, id, product_id, position, sku, title, option_values, price,
                compare_at_price, weight_grams, taxable, requires_shipping, barcode, weight_unit, cost, tax_code,
                image_url, metadata)
            VALUES \(rows: rows)
            ON CONFLICT (store_id, id) DO UPDATE SET position = excluded.position, sku = excluded.sku,
                title = excluded.title, option_values = excluded.option_values, price = excluded.price,
                compare_at_price = excluded.compare_at_price, weight_grams = excluded.weight_grams,
                taxable = excluded.taxable, requires_shipping = excluded.requires_shipping,
                barcode = excluded.barcode, weight_unit = excluded.weight_unit, cost = excluded.cost,
                tax_code = excluded.tax_code, image_url = excluded.image_url, metadata = excluded.metadata
            """)
    }

    static func row(_ variant: Variant, at position: Int, _ store: StoreID) -> [SQLValue] {
        [
            store.sqlValue, variant.id.sqlValue, variant.product.sqlValue, position.sqlValue, variant.sku.sqlValue,
            variant.title.sqlValue, ProductDocument.texts(variant.optionValues).sqlValue,
            variant.priceMinorUnits.sqlValue, variant.compareAtPriceMinorUnits.sqlValue,
            variant.weightGrams.sqlValue, variant.isTaxable.sqlValue, variant.requiresShipping.sqlValue,
            variant.details.barcode.sqlValue, variant.details.weightUnit.rawValue.sqlValue,
            variant.costMinorUnits.sqlValue, variant.details.taxCode.sqlValue, variant.details.imageURL.sqlValue,
            ProductDocument.metadata(variant.details.metadata).sqlValue,
        ]
    }
}

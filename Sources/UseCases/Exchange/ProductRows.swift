import Catalog
import Exchange
import Primitives
import Tabular

/// Reads the records of one product.
struct ProductReading {
    private let sheet: ProductSheet
    private let currency: Currency
    private let rows: RecordGroup
    private var product = ParsedProduct()
    private var images: [(position: Int, image: ProductImage)] = []

    /// What the records say, with all that is wrong with them.
    static func product(_ rows: RecordGroup, sheet: ProductSheet, currency: Currency) -> ParsedProduct {
        var reading = ProductReading(sheet: sheet, currency: currency, rows: rows)
        reading.read()
        return reading.product
    }

    private init(sheet: ProductSheet, currency: Currency, rows: RecordGroup) {
        self.sheet = sheet
        self.currency = currency
        self.rows = rows
    }

    private mutating func read() {
        guard let first = rows.records.first else { return }
        product.line = first.line
        product.rows = rows.records.count + rows.dropped
        product.handle = rows.key
        if rows.key.isEmpty {
            refuse(first, .handle, "required", "A record needs the handle of its product.")
        } else if !Catalog.isHandle(rows.key) {
            refuse(first, .handle, "handle", "A handle has letters, digits, - and _ only, and at most 200 bytes.")
        }
        if rows.dropped > 0 {
            refuse(first, .handle, "too_many_rows", "A product has at most \(RecordGroup.most) records.")
        }
        if rows.isBroken {
            refuse(
                first, .handle, "broken", "A record of this product cannot be read; the product is left as it is.")
        }
        readProduct(first)
        for (index, record) in rows.records.enumerated() {
            let isVariant = ProductColumn.ofVariants.contains { !(sheet.text($0, in: record) ?? "").isEmpty }
            if isVariant { readVariant(record, isFirst: index == 0) }
            if index > 0 { readRest(record, isVariant: isVariant) }
            readImage(record)
        }
        if sheet.has(.imageSource) {
            // A stable order: pictures of one position stay as they stand in the file.
            product.images = images.enumerated().sorted {
                ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
            }
            .map(\.element.image)
        }
        if product.variants.count > 100 {
            refuse(first, .option1Value, "too_many_variants", "A product has at most 100 variants.")
        }
    }

    private mutating func refuse(_ record: CSVRecord, _ column: ProductColumn, _ code: String, _ detail: String) {
        product.problems.append(
            ImportProblem(line: record.line, column: sheet.name(of: column), code: code, detail: detail))
    }

    // MARK: Product

    private mutating func readProduct(_ record: CSVRecord) {
        product.title = line(.title, in: record, most: 255)
        // A product that is changed may leave its title out; an empty one is not asked for.
        if product.title?.trimmed.isEmpty == true { product.title = nil }
        product.bodyHTML = text(.body, in: record, most: 65_536)
        product.vendor = line(.vendor, in: record, most: 255)
        product.type = line(.type, in: record, most: 255)
        product.seoTitle = line(.seoTitle, in: record, most: 255)
        product.seoDescription = text(.seoDescription, in: record, most: 1000)
        readTags(record)
        readStatus(record)
        if let title = line(.collection, in: record, most: 255)?.trimmed, !title.isEmpty {
            product.category = ProductDraft.CategoryDraft(title: title)
        }
        readOptionNames(record)
        if let text = line(.giftCard, in: record, most: 5) {
            // What is not a gift card is not worth a word.
            product.metadata[ProductColumn.giftCard.rawValue] = text.lowercased() == "false" ? "" : text
        }
        for other in sheet.others {
            let text = CSVText.unprotected(record.cells[other.index])
            guard accept(text, named: other.name, in: record) else { continue }
            if let name = MetadataColumn.variantName(other.name) {
                if !text.isEmpty || firstVariantMetadata[name] == nil { firstVariantMetadata[name] = text }
            } else {
                product.metadata[MetadataColumn.productName(other.name)] = text
            }
        }
    }

    /// What the first record says of its variant under names that mean nothing else.
    private var firstVariantMetadata: [String: String] = [:]

    private mutating func readTags(_ record: CSVRecord) {
        guard let text = sheet.text(.tags, in: record) else { return }
        var tags: [String] = []
        for part in text.split(separator: ",") {
            let tag = String(part).trimmed
            guard !tag.isEmpty, !tags.contains(tag) else { continue }
            guard tag.unicodeScalars.count <= 100, tag.isOneLine else {
                return refuse(record, .tags, "too_long", "A tag has one line of at most 100 characters.")
            }
            tags.append(tag)
        }
        guard tags.count <= 100 else { return refuse(record, .tags, "too_many", "A product has at most 100 tags.") }
        product.tags = tags
    }

    private mutating func readStatus(_ record: CSVRecord) {
        let isPublished = bool(.published, in: record)
        let word = (sheet.text(.status, in: record) ?? "").trimmed.lowercased()
        if !word.isEmpty {
            guard let status = ProductStatus(rawValue: word) else {
                return refuse(record, .status, "status", "The status is active, draft or archived.")
            }
            // Active and not published is not shown to buyers, which is our draft.
            product.status = status == .active && isPublished == false ? .draft : status
        } else if let isPublished {
            product.status = isPublished ? .active : .draft
        }
    }

    private mutating func readOptionNames(_ record: CSVRecord) {
        guard sheet.has(.option1Name), sheet.has(.option1Value) else { return }
        var names: [String] = []
        for (column, value) in ProductColumn.options {
            guard let name = line(column, in: record, most: 100), !name.isEmpty else { continue }
            guard !names.contains(name) else {
                refuse(record, column, "duplicate", "The option is there twice.")
                continue
            }
            guard sheet.has(value) else { continue }
            names.append(name)
        }
        let isSingle = names == ["Title"] && sheet.text(.option1Value, in: record) == "Default Title"
        if isSingle || (names.isEmpty && (sheet.text(.option1Value, in: record) ?? "").isEmpty) {
            // A file that only changes prices may leave the options out.
            product.optionNames = isSingle ? [] : nil
        } else {
            product.optionNames = names
        }
    }

    /// What stands in a later record under columns of the product: the same as in the first, or nothing.
    private mutating func readRest(_ record: CSVRecord, isVariant: Bool) {
        guard let first = rows.records.first else { return }
        for column in ProductColumn.allCases
        where !ProductColumn.ofVariants.contains(column) && !ProductColumn.ofImages.contains(column)
            && column != .handle
        {
            guard let text = sheet.text(column, in: record), !text.isEmpty, text != sheet.text(column, in: first)
            else { continue }
            refuse(record, column, "differs", "Only the first record of a product tells of the product; this differs.")
        }
        guard !isVariant else { return }
        for other in sheet.others where !record.cells[other.index].isEmpty {
            guard record.cells[other.index] != first.cells[other.index] else { continue }
            product.problems.append(
                ImportProblem(
                    line: record.line, column: other.name, code: "differs",
                    detail: "The record tells of a picture only; this has no place there."))
        }
    }

    // MARK: Variants

    private mutating func readVariant(_ record: CSVRecord, isFirst: Bool) {
        var row = ParsedProduct.Row()
        row.line = record.line
        row.optionValues = optionValues(record)
        row.sku = line(.sku, in: record, most: 100)
        row.barcode = line(.barcode, in: record, most: 100)
        row.taxCode = line(.taxCode, in: record, most: 100)
        row.price = money(.price, in: record) ?? nil
        row.compareAtPrice = money(.compareAtPrice, in: record)
        row.cost = money(.cost, in: record)
        row.requiresShipping = bool(.requiresShipping, in: record)
        row.isTaxable = bool(.taxable, in: record)
        row.grams = grams(record)
        row.weightUnit = weightUnit(record)
        row.imageURL = address(.variantImage, in: record)
        readStock(record, into: &row)
        if isFirst {
            row.metadata.merge(firstVariantMetadata) { $1 }
        } else {
            for other in sheet.others {
                let text = CSVText.unprotected(record.cells[other.index])
                guard accept(text, named: other.name, in: record) else { continue }
                let name = MetadataColumn.variantName(other.name) ?? MetadataColumn.productName(other.name)
                // A variant's metadata may have two columns, of which one is filled.
                if !text.isEmpty || row.metadata[name] == nil { row.metadata[name] = text }
            }
        }
        product.variants.append(row)
    }

    private mutating func optionValues(_ record: CSVRecord) -> [String] {
        let names = product.optionNames ?? []
        var values: [String] = []
        for (index, columns) in ProductColumn.options.enumerated() where index < names.count {
            let value = line(columns.value, in: record, most: 255) ?? ""
            if value.isEmpty {
                refuse(record, columns.value, "required", "A variant needs a value for the option \(names[index]).")
            }
            values.append(value)
        }
        if names.isEmpty, !product.variants.isEmpty {
            refuse(record, .option1Value, "duplicate", "A product without options has one variant.")
        } else if !names.isEmpty, product.variants.contains(where: { $0.optionValues == values }) {
            refuse(record, .option1Value, "duplicate", "Another variant of the product has the same options.")
        }
        return values
    }

    /// Stock is only ours to keep where the file says that somebody tracks it; elsewhere the number is kept as it is.
    private mutating func readStock(_ record: CSVRecord, into row: inout ParsedProduct.Row) {
        let tracker = line(.tracker, in: record, most: 100) ?? ""
        if sheet.has(.tracker) {
            row.metadata[ProductColumn.tracker.rawValue] = tracker.lowercased() == "shopify" ? "" : tracker
        }
        if let policy = sheet.text(.policy, in: record)?.trimmed.lowercased() {
            guard ["", "deny", "continue"].contains(policy) else {
                return refuse(record, .policy, "policy", "The policy is deny or continue.")
            }
            row.metadata[ProductColumn.policy.rawValue] = policy == "deny" ? "" : policy
        }
        if let service = line(.fulfillmentService, in: record, most: 255) {
            row.metadata[ProductColumn.fulfillmentService.rawValue] = service == "manual" ? "" : service
        }
        guard let text = sheet.text(.quantity, in: record)?.trimmed else { return }
        guard text.isEmpty || Int(text).map({ abs($0) <= 1_000_000_000 }) == true else {
            return refuse(record, .quantity, "integer", "The quantity is a whole number.")
        }
        let isTracked = !tracker.isEmpty || !sheet.has(.tracker)
        row.metadata[ProductColumn.quantity.rawValue] = isTracked ? "" : text
        guard isTracked, let quantity = Int(text) else { return }
        if quantity < 0 {
            product.problems.append(
                ImportProblem(
                    line: record.line, column: sheet.name(of: .quantity), code: "stock.negative",
                    detail: "There cannot be \(quantity) units in the house: the stock is set to 0.",
                    severity: .adjusted))
        }
        row.onHand = max(0, quantity)
    }

    private mutating func grams(_ record: CSVRecord) -> Int? {
        guard let text = sheet.text(.grams, in: record)?.trimmed, !text.isEmpty else { return nil }
        guard let number = Double(text), (0...1_000_000_000).contains(number), text.isPlainDecimal else {
            refuse(record, .grams, "weight", "The weight is a number of grams from 0 to 1,000,000,000.")
            return nil
        }
        return Int(number.rounded())
    }

    private mutating func weightUnit(_ record: CSVRecord) -> WeightUnit? {
        guard let text = sheet.text(.weightUnit, in: record)?.trimmed.lowercased(), !text.isEmpty else { return nil }
        guard let unit = WeightUnit(rawValue: text) else {
            refuse(record, .weightUnit, "weight_unit", "The unit of weight is g, kg, oz or lb.")
            return nil
        }
        return unit
    }

    // MARK: Pictures

    private mutating func readImage(_ record: CSVRecord) {
        guard let url = address(.imageSource, in: record), !url.isEmpty else { return }
        var position = images.count + 1
        if let text = sheet.text(.imagePosition, in: record)?.trimmed, !text.isEmpty {
            guard let number = Int(text), (0...100_000).contains(number) else {
                return refuse(record, .imagePosition, "integer", "The position of a picture is a whole number.")
            }
            position = number
        }
        let alt = line(.imageAlt, in: record, most: 500) ?? ""
        guard images.count < 250 else {
            return refuse(record, .imageSource, "too_many_images", "A product has at most 250 pictures.")
        }
        images.append((position, ProductImage(url: url, alt: alt)))
    }

    // MARK: Cells

    private mutating func line(_ column: ProductColumn, in record: CSVRecord, most: Int) -> String? {
        guard let text = sheet.text(column, in: record) else { return nil }
        guard text.isOneLine else {
            refuse(record, column, "control_character", "The text has a line break or another control character.")
            return nil
        }
        return bounded(text, column, in: record, most: most)
    }

    private mutating func text(_ column: ProductColumn, in record: CSVRecord, most: Int) -> String? {
        guard let text = sheet.text(column, in: record) else { return nil }
        guard text.isText else {
            refuse(record, column, "control_character", "The text has a control character.")
            return nil
        }
        return bounded(text, column, in: record, most: most)
    }

    private mutating func bounded(
        _ text: String, _ column: ProductColumn, in record: CSVRecord, most: Int
    ) -> String? {
        guard text.utf8.count <= most || text.unicodeScalars.count <= most else {
            refuse(record, column, "too_long", "At most \(most) characters are accepted.")
            return nil
        }
        return text
    }

    private mutating func accept(_ text: String, named name: String, in record: CSVRecord) -> Bool {
        guard text.isText, text.utf8.count <= 5000 else {
            product.problems.append(
                ImportProblem(
                    line: record.line, column: name, code: "too_long",
                    detail: "A text of at most 5,000 bytes without control characters is accepted."))
            return false
        }
        return true
    }

    private mutating func bool(_ column: ProductColumn, in record: CSVRecord) -> Bool? {
        guard let text = sheet.text(column, in: record)?.trimmed.lowercased(), !text.isEmpty else { return nil }
        switch text {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            refuse(record, column, "boolean", "true or false is expected.")
            return nil
        }
    }

    private mutating func money(_ column: ProductColumn, in record: CSVRecord) -> Money?? {
        guard let text = sheet.text(column, in: record)?.trimmed else { return .none }
        guard !text.isEmpty else { return .some(nil) }
        do throws(Problem) {
            return .some(try Money(decimal: text, currency))
        } catch {
            refuse(record, column, error.code, error.detail)
            return .none
        }
    }

    private mutating func address(_ column: ProductColumn, in record: CSVRecord) -> String? {
        guard let text = sheet.text(column, in: record)?.trimmed else { return nil }
        let isAddress =
            (text.hasPrefix("https://") || text.hasPrefix("http://")) && text.utf8.count <= 2048
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard text.isEmpty || isAddress else {
            refuse(record, column, "address", "The address of a picture begins with https:// and has no blanks.")
            return nil
        }
        return text
    }
}

extension MetadataColumn {
    /// The name of a variant's metadata that a column holds in every record; nil when it is the product's in the first.
    static func variantName(_ column: String) -> String? {
        if column.hasPrefix(variantPrefix) { return String(column.dropFirst(variantPrefix.count)) }
        return column.hasPrefix("Variant ") ? column : nil
    }

    static func productName(_ column: String) -> String {
        column.hasPrefix(productPrefix) ? String(column.dropFirst(productPrefix.count)) : column
    }
}

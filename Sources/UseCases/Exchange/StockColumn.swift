/// The columns of Shopify's inventory file, by their names there.
enum StockColumn: String, SheetColumn {
    case handle = "Handle"
    case title = "Title"
    case option1Name = "Option1 Name"
    case option1Value = "Option1 Value"
    case option2Name = "Option2 Name"
    case option2Value = "Option2 Value"
    case option3Name = "Option3 Name"
    case option3Value = "Option3 Value"
    case sku = "SKU"
    case hsCode = "HS Code"
    case countryOfOrigin = "COO"
    case location = "Location"
    case bin = "Bin name"
    case incoming = "Incoming (not editable)"
    case unavailable = "Unavailable (not editable)"
    case committed = "Committed (not editable)"
    case available = "Available (not editable)"
    case current = "On hand (current)"
    case new = "On hand (new)"

    /// Older files have one column of units, and none of those beside it say that they cannot be edited.
    static let byName: [String: StockColumn] = names([
        "incoming": .incoming, "unavailable": .unavailable, "committed": .committed, "available": .available,
        "on hand": .new, "on_hand": .new, "bin": .bin,
    ])

    static let required: [[StockColumn]] = [[.handle, .sku], [.new, .current]]
    static let fileTitle = "an inventory file"

    static let optionNames: [StockColumn] = [.option1Name, .option2Name, .option3Name]
    static let optionValues: [StockColumn] = [.option1Value, .option2Value, .option3Value]

    /// What a cell says of a variant that is not kept at a location.
    static let notStocked = "not stocked"
}

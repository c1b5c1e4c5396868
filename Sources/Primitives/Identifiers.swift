/// The kinds of identifiers. They live here because domains name each other's things without importing each other.
public enum IdentifierKinds {
    public enum Store: IdentifierKind { public static let prefix = "sto" }
    public enum APIKey: IdentifierKind { public static let prefix = "key" }
    public enum Product: IdentifierKind { public static let prefix = "prod" }
    public enum Variant: IdentifierKind { public static let prefix = "var" }
    public enum Category: IdentifierKind { public static let prefix = "cat" }
    public enum Collection: IdentifierKind { public static let prefix = "coll" }
    public enum Checkout: IdentifierKind { public static let prefix = "chk" }
    public enum Line: IdentifierKind { public static let prefix = "line" }
    public enum Order: IdentifierKind { public static let prefix = "ord" }
    public enum Payment: IdentifierKind { public static let prefix = "pay" }
    public enum Fulfillment: IdentifierKind { public static let prefix = "ful" }
    public enum Event: IdentifierKind { public static let prefix = "evt" }
    public enum Job: IdentifierKind { public static let prefix = "job" }
    public enum Account: IdentifierKind { public static let prefix = "acc" }
    public enum Session: IdentifierKind { public static let prefix = "ses" }
    public enum Message: IdentifierKind { public static let prefix = "msg" }
    public enum Connection: IdentifierKind { public static let prefix = "con" }
    public enum LedgerEntry: IdentifierKind { public static let prefix = "led" }
    public enum Customer: IdentifierKind { public static let prefix = "cus" }
    public enum CustomerGroup: IdentifierKind { public static let prefix = "cgr" }
    public enum Synonym: IdentifierKind { public static let prefix = "syn" }
    public enum Import: IdentifierKind { public static let prefix = "imp" }
    public enum PriceList: IdentifierKind { public static let prefix = "prl" }
    public enum Location: IdentifierKind { public static let prefix = "loc" }
    public enum StockMovement: IdentifierKind { public static let prefix = "mov" }
    public enum IncomingStock: IdentifierKind { public static let prefix = "inc" }
    public enum StockTransfer: IdentifierKind { public static let prefix = "trf" }
    public enum StockCount: IdentifierKind { public static let prefix = "cnt" }
}

/// Names a store, the tenant.
public typealias StoreID = Identifier<IdentifierKinds.Store>
/// Names an API key; not the key itself.
public typealias APIKeyID = Identifier<IdentifierKinds.APIKey>
/// Names a product.
public typealias ProductID = Identifier<IdentifierKinds.Product>
/// Names a variant of a product.
public typealias VariantID = Identifier<IdentifierKinds.Variant>
/// Names a category.
public typealias CategoryID = Identifier<IdentifierKinds.Category>
/// Names a price list.
public typealias PriceListID = Identifier<IdentifierKinds.PriceList>
/// Names a collection of products.
public typealias CollectionID = Identifier<IdentifierKinds.Collection>
/// Names a checkout. A secret: 128 random bits, never UUIDv7, never logged.
public typealias CheckoutID = Identifier<IdentifierKinds.Checkout>
/// Names a line of a checkout or an order.
public typealias LineID = Identifier<IdentifierKinds.Line>
/// Names an order.
public typealias OrderID = Identifier<IdentifierKinds.Order>
/// Names a payment.
public typealias PaymentID = Identifier<IdentifierKinds.Payment>
/// Names a fulfilment.
public typealias FulfillmentID = Identifier<IdentifierKinds.Fulfillment>
/// Names an event of the log.
public typealias EventID = Identifier<IdentifierKinds.Event>
/// Names a job.
public typealias JobID = Identifier<IdentifierKinds.Job>
/// Names an account: someone who signs in.
public typealias AccountID = Identifier<IdentifierKinds.Account>
/// Names a session of an account; not the secret in its cookie.
public typealias SessionID = Identifier<IdentifierKinds.Session>
/// Names a message to a customer, such as an e-mail.
public typealias MessageID = Identifier<IdentifierKinds.Message>
/// Names a store's connection to a provider.
public typealias ConnectionID = Identifier<IdentifierKinds.Connection>
/// Names an entry of the ledger.
public typealias LedgerEntryID = Identifier<IdentifierKinds.LedgerEntry>
/// Names a customer: a buyer that the store knows.
public typealias CustomerID = Identifier<IdentifierKinds.Customer>
/// Names a group of customers.
public typealias CustomerGroupID = Identifier<IdentifierKinds.CustomerGroup>
/// Names words that mean the same in a store's search.
public typealias SynonymID = Identifier<IdentifierKinds.Synonym>
/// Names an import of a file.
public typealias ImportID = Identifier<IdentifierKinds.Import>
/// Names a place where units are kept. A store's main location has the same bytes as the store.
public typealias LocationID = Identifier<IdentifierKinds.Location>
/// Names a line of the history of stock.
public typealias StockMovementID = Identifier<IdentifierKinds.StockMovement>
/// Names units that are expected from a supplier.
public typealias IncomingStockID = Identifier<IdentifierKinds.IncomingStock>
/// Names units on their way from one location to another.
public typealias StockTransferID = Identifier<IdentifierKinds.StockTransfer>
/// Names a count of what is at a location.
public typealias StockCountID = Identifier<IdentifierKinds.StockCount>

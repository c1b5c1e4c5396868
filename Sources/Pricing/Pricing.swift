public import Persistence

/// What is added to the goods: today the delivery, with its zones, methods, windows and prices.
public enum Pricing {
    public static let migrations: [Migration] = deliveryMigrations
}

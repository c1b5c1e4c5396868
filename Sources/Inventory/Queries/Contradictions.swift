public import Persistence
import Primitives

extension Inventory {
    /// Where the books contradict themselves: units reserved or owed that no reservation explains, or the reverse;
    /// more units promised than there are and are owed; locations that do not add up to the whole. Empty in a sound
    /// database. At most `limit` sentences.
    ///
    /// All sides are read in pages of so many rows, none of which takes long, but have to be of one moment: ask in a
    /// reading transaction, which sees one snapshot.
    public static func contradictions(
        limit: Int = 20, pageSize: Int = 10_000, in tx: borrowing Transaction
    ) throws -> [String] {
        var held = try heldUnits(pageSize: pageSize, in: tx)
        var found: [String] = []
        func note(_ place: StockPlace, onHand: Int, reserved: Int, held: Int) {
            found.append(
                "\(place.variant) of \(place.store): \(onHand) on hand, \(reserved) reserved, "
                    + "\(held) held by reservations")
        }
        var after: StockPlace?
        repeat {
            let page = try StockTable.page(after: after, limit: pageSize, in: tx)
            let end = page.count == pageSize ? page.last?.place : nil
            var elsewhere = Dictionary(
                uniqueKeysWithValues: try StockLevelTable.sums(after: after, through: end, in: tx).map {
                    ($0.place, $0.quantity)
                })
            for (place, level) in page {
                let units = held.removeValue(forKey: place) ?? HeldUnits()
                if level.reserved != units.quantity || level.free < 0 || level.onHand < 0 {
                    note(place, onHand: level.onHand, reserved: level.reserved, held: units.quantity)
                } else if level.owed != units.owed {
                    found.append(
                        "\(place.variant) of \(place.store): \(level.owed) owed, \(units.owed) owed by reservations")
                }
                let there = elsewhere.removeValue(forKey: place) ?? 0
                if level.elsewhere != there || level.onHand < there {
                    found.append(
                        "\(place.variant) of \(place.store): \(level.onHand) on hand, \(level.elsewhere) of them "
                            + "elsewhere, \(there) at the locations")
                }
            }
            for (place, there) in elsewhere.sorted(by: { $0.key.variant < $1.key.variant }) where there > 0 {
                found.append("\(place.variant) of \(place.store): not tracked, \(there) at the locations")
            }
            after = end
        } while after != nil && found.count < limit
        if after == nil {
            for (place, units) in held.sorted(by: { $0.key.variant < $1.key.variant }) {
                note(place, onHand: 0, reserved: 0, held: units.quantity)
            }
        }
        return Array(found.prefix(limit))
    }

    private static func heldUnits(pageSize: Int, in tx: borrowing Transaction) throws -> [StockPlace: HeldUnits] {
        var held: [StockPlace: HeldUnits] = [:]
        var after: ReservationPlace?
        repeat {
            let last = try ReservationTable.end(ofPageAfter: after, limit: pageSize, in: tx)
            for (place, units) in try ReservationTable.held(after: after, through: last, in: tx) {
                held[place, default: HeldUnits()].quantity += units.quantity
                held[place, default: HeldUnits()].owed += units.owed
            }
            after = last
        } while after != nil
        return held
    }
}

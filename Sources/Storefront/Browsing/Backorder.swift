import DesignSystem
import Primitives

/// What buyers are told of units that have to come first.
enum Backorder {
    static func words(expectedAt: Instant?) -> String {
        guard let expectedAt else { return "Back-order" }
        return "Back-order, expected on \(expectedAt.text.prefix { $0 != "," })"
    }
}

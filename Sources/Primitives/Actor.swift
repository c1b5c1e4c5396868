/// Who does something: recorded with every event.
public enum Actor: Hashable, Sendable, CustomStringConvertible {
    /// The product itself: jobs, schedules.
    case system
    /// The holder of a checkout or of an order's token.
    case buyer
    /// A program or a member of staff with an API key.
    case apiKey(APIKeyID)
    /// Someone at the command line of the installation.
    case operatorConsole

    /// `system`, `buyer`, `console` or the key's id.
    public var description: String {
        switch self {
        case .system: "system"
        case .buyer: "buyer"
        case .apiKey(let id): id.description
        case .operatorConsole: "console"
        }
    }
}

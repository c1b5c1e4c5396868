/// Who does something: recorded with every event.
public enum Actor: Hashable, Sendable, CustomStringConvertible {
    /// The product itself: jobs, schedules.
    case system
    /// The holder of a checkout or of an order's token.
    case buyer
    /// A program or a member of staff with an API key.
    case apiKey(APIKeyID)
    /// A member of staff who is signed in.
    case account(AccountID)
    /// Someone at the command line of the installation.
    case operatorConsole

    /// `system`, `buyer`, `console` or the id of the key or the account.
    public var description: String {
        switch self {
        case .system: "system"
        case .buyer: "buyer"
        case .apiKey(let id): id.description
        case .account(let id): id.description
        case .operatorConsole: "console"
        }
    }
}

/// Everyone whom an endpoint has to tell apart: with its policy, the authorisation matrix. Tests and the drill of the
/// readiness check ask every endpoint as each of them.
public enum MatrixCaller: String, Sendable, CaseIterable {
    case nobody = "nobody"
    case rubbish = "rubbish"
    /// Well-formed, and nobody's.
    case unknownPublishableKey = "an unknown publishable key"
    case unknownSecretKey = "an unknown secret key"
    case revokedPublishableKey = "a revoked publishable key"
    case revokedSecretKey = "a revoked secret key"
    /// A good key where one of the other kind belongs.
    case publishableKeyAsSecret = "a publishable key as a secret one"
    case secretKeyAsPublishable = "a secret key as a publishable one"
    case otherOrdersToken = "the token of another order"
    case shortenedOrderToken = "a token that is cut short"
    case publishableKey = "a publishable key"
    /// A publishable key that belongs to another page than it is used on.
    case publishableKeyElsewhere = "a publishable key on another page"
    case secretKey = "a secret key"
    /// A secret key with every scope but that of the endpoint.
    case secretKeyWithoutScope = "a secret key without the scope"

    /// What the policy says to a caller.
    public enum Answer: Sendable {
        case admitted
        /// 401: nothing acceptable was shown.
        case unauthenticated
        /// 403: what was shown is genuine and not enough.
        case forbidden

        /// The status of a refusal.
        public var status: Int? {
            switch self {
            case .admitted: nil
            case .unauthenticated: 401
            case .forbidden: 403
            }
        }
    }

    /// What this caller is told where that is required.
    public func answer(by requirement: CallerRequirement) -> Answer {
        guard requirement != .anyone else { return .admitted }
        switch self {
        case .publishableKey: return requirement.acceptsPublishableKey ? .admitted : .unauthenticated
        case .publishableKeyElsewhere: return requirement.acceptsPublishableKey ? .forbidden : .unauthenticated
        case .secretKey: return requirement.scope != nil ? .admitted : .unauthenticated
        case .secretKeyWithoutScope: return requirement.scope != nil ? .forbidden : .unauthenticated
        case .nobody, .rubbish, .unknownPublishableKey, .unknownSecretKey, .revokedPublishableKey, .revokedSecretKey,
            .publishableKeyAsSecret, .secretKeyAsPublishable, .otherOrdersToken, .shortenedOrderToken:
            return .unauthenticated
        }
    }
}

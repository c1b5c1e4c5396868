import Primitives

/// What is wrong with the declarations, one sentence each. A defect of the program, found at its start.
public struct DeclarationError: Error, Hashable, Sendable, CustomStringConvertible {
    public let defects: [String]

    public var description: String { defects.joined(separator: " ") }
}

/// Looks for declarations that contradict themselves or each other.
enum DeclarationCheck {
    static func defects(in endpoints: [Endpoint]) -> [String] {
        var defects = endpoints.flatMap { Self.defects(in: $0) }
        var names: Set<String> = []
        for endpoint in endpoints where !names.insert(endpoint.name).inserted {
            defects.append("Two endpoints have the name \(endpoint.name).")
        }
        var components: [String: JSON] = [:]
        for schema in endpoints.flatMap({ [$0.input.schema, $0.output.schema] }).compactMap({ $0 }) {
            for (name, json) in schema.components.sorted(by: { $0.key < $1.key }) {
                if let other = components.updateValue(json, forKey: name), other != json {
                    defects.append("Two schemas have the name \(name).")
                }
            }
        }
        return defects
    }

    private static func defects(in endpoint: Endpoint) -> [String] {
        let place = "\(endpoint.method.rawValue) \(endpoint.path)"
        var defects = endpoint.input.unfit.map { "\(place): the parameter \($0) is no scalar." }
        let inTemplate = endpoint.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
            String($0.dropFirst().dropLast())
        }
        if inTemplate != endpoint.input.path.map(\.name) {
            defects.append("\(place): the path's parameters and their shapes have different names.")
        }
        if !endpoint.path.hasPrefix("/") || endpoint.path.hasSuffix("/") && endpoint.path != "/" {
            defects.append("\(place): a path begins with a slash and does not end with one, unless it is the root.")
        }
        switch endpoint.policy.caller {
        case .checkoutHolder where !inTemplate.contains("checkout"):
            defects.append("\(place): the holder of a checkout needs {checkout} in the path.")
        case .orderHolder where !inTemplate.contains("order"),
            .orderHolderOrSecretKey where !inTemplate.contains("order"):
            defects.append("\(place): the holder of an order needs {order} in the path.")
        case .anyone where endpoint.policy.idempotencyKey != .notUsed:
            defects.append("\(place): a key of nobody makes nothing idempotent.")
        default: break
        }
        if endpoint.method == .get, endpoint.input.takesBody || endpoint.policy.idempotencyKey != .notUsed {
            defects.append("\(place): GET takes no body and no idempotency key.")
        }
        return defects
    }
}

import Primitives

/// Finds the endpoint for a method and a path. Made once from the declarations.
struct Router: Sendable {
    /// What a path leads to.
    struct Match: Sendable {
        let node: Int
        let parameters: [String]
    }

    private struct Node {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [(method: Endpoint.Method, route: Int)] = []
    }

    /// An endpoint and the names of its path's parameters.
    struct Route: Sendable {
        let endpoint: Endpoint
        let parameterNames: [String]
    }

    private var nodes = [Node()]
    private var routes: [Route] = []

    /// - Returns: the defects of the declarations as well.
    static func build(_ endpoints: [Endpoint]) -> (router: Router, defects: [String]) {
        var router = Router()
        var defects: [String] = []
        for endpoint in endpoints {
            if let defect = router.add(endpoint) { defects.append(defect) }
        }
        return (router, defects)
    }

    private mutating func add(_ endpoint: Endpoint) -> String? {
        var node = 0
        var names: [String] = []
        for segment in endpoint.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                names.append(String(segment.dropFirst().dropLast()))
                node = child(of: node)
            } else {
                node = child(of: node, Array(segment.utf8))
            }
        }
        if nodes[node].routes.contains(where: { $0.method == endpoint.method }) {
            return "\(endpoint.method.rawValue) \(endpoint.path) is declared twice."
        }
        nodes[node].routes.append((endpoint.method, routes.count))
        routes.append(Route(endpoint: endpoint, parameterNames: names))
        return nil
    }

    private mutating func child(of node: Int) -> Int {
        if let child = nodes[node].parameter { return child }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func child(of node: Int, _ segment: [UInt8]) -> Int {
        if let literal = nodes[node].literals.first(where: { $0.segment == segment }) { return literal.node }
        nodes.append(Node())
        nodes[node].literals.append((segment, nodes.count - 1))
        return nodes.count - 1
    }

    /// Follows a path, literals before parameters.
    /// - Returns: nil when no endpoint has such a path.
    func match(_ path: Substring.UTF8View) -> Match? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var node = 0
        var parameters: [String] = []
        var rest = path.dropFirst()
        while true {
            let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
            let segment = rest[..<end]
            if let literal = nodes[node].literals.first(where: { $0.segment.elementsEqual(segment) }) {
                node = literal.node
            } else if let parameter = nodes[node].parameter, !segment.isEmpty,
                let value = PercentCoding.decode(segment, plusIsSpace: false)
            {
                node = parameter
                parameters.append(value)
            } else {
                return nil
            }
            guard end < rest.endIndex else { break }
            rest = rest[rest.index(after: end)...]
        }
        return nodes[node].routes.isEmpty ? nil : Match(node: node, parameters: parameters)
    }

    /// The endpoint for a method at a matched path.
    func route(_ method: Endpoint.Method, at match: Match) -> Route? {
        nodes[match.node].routes.first { $0.method == method }.map { routes[$0.route] }
    }

    /// All endpoints at a matched path.
    func endpoints(at match: Match) -> [Endpoint] {
        nodes[match.node].routes.map { routes[$0.route].endpoint }
    }
}

extension Router.Route {
    /// The path's parameters by their names.
    func parameters(_ match: Router.Match) -> PathParameters {
        PathParameters(zip(parameterNames, match.parameters).map { (name: $0, value: $1) })
    }
}

/// The targets under Sources: their layer, and the modules that each may import.
enum Targets {
    /// From the bottom; an import points to a lower layer, or in the first to a target that stands before.
    static let layers: [[String]] = [
        ["Primitives"],
        [
            "Persistence", "Readiness", "EventLog", "Jobs", "Observability", "CZlib", "HTTPServer", "HTTPOutbound",
            "Markup", "Tabular", "CLibPQ", "PersistenceSQLite", "PersistencePostgres",
        ],
        [
            "Stores", "Identity", "Catalog", "Inventory", "Pricing", "Orders", "Ledger", "Payments", "Fulfillment",
            "Messaging", "Exchange", "Media", "Customers",
        ],
        ["UseCases", "PaymentsStripe", "MessagingSMTP", "Simulators"],
        ["DesignSystem", "API", "Storefront", "Dashboard"],
        ["App", "shipshape"],
    ]

    static let drivers: Set = ["PersistenceSQLite", "PersistencePostgres", "CLibPQ", "GRDB", "GRDBSQLite"]
    static let domains = Set(layers[2])

    /// Where shared mutable state may live, each piece with the reason why it is safe.
    static let infrastructure: Set = [
        "Persistence", "PersistenceSQLite", "PersistencePostgres", "EventLog", "Jobs", "Observability", "HTTPServer",
        "HTTPOutbound", "MessagingSMTP", "Simulators", "App",
    ]

    /// The only modules that each target may import, modules of the toolchain and of packages included.
    static let allowedImports: [String: Set<String>] = [
        "Primitives": ["FoundationEssentials", "Glibc", "Darwin", "Crypto"],
        "Persistence": system.union(["Dispatch", "Primitives", "Crypto", "Logging"]),
        "EventLog": system.union(["Primitives", "Persistence", "Readiness", "Logging", "ServiceLifecycle"]),
        "Jobs": system.union(["Primitives", "Persistence", "Readiness", "Logging", "ServiceLifecycle"]),
        "Observability": system.union(["Dispatch", "Primitives", "Logging"]),
        "Readiness": ["FoundationEssentials", "Primitives", "Persistence", "Crypto"],
        "HTTPServer": system.union([
            "Primitives", "Persistence", "Observability", "CZlib", "Crypto", "HTTPTypes", "Hummingbird",
            "HummingbirdCore", "Logging",
            "NIOCore", "NIOHTTP1", "NIOHTTPTypesHTTP1", "NIOPosix", "ServiceLifecycle",
        ]),
        "PersistenceSQLite": system.union(["Foundation", "Primitives", "Persistence", "GRDB", "GRDBSQLite"]),
        "PersistencePostgres": system.union(["Primitives", "Persistence", "CLibPQ", "Logging"]),
        "Stores": seams.union(["Crypto"]),
        "HTTPOutbound": system.union([
            "Primitives", "AsyncHTTPClient", "Logging", "NIOCore", "NIOHTTP1", "NIOPosix",
        ]),
        "Markup": ["FoundationEssentials", "Primitives"],
        "Identity": seams.union(["Crypto"]),
        "Catalog": seams.union(["Foundation"]),
        "Inventory": seams,
        "Pricing": seams.union(["Foundation"]),
        "Orders": seams.union(["Crypto"]),
        "Ledger": seams,
        "Payments": seams.union(["Crypto"]),
        "Fulfillment": seams,
        "Messaging": seams,
        "Customers": seams.union(["Foundation"]),
        "Media": seams.union(["Crypto"]),
        "UseCases": seams.union(domains).union(["Crypto", "Markup", "Tabular", "Logging"]),
        "Exchange": seams,
        "Tabular": [],
        "PaymentsStripe": ["FoundationEssentials", "Primitives", "Payments", "HTTPOutbound", "Crypto"],
        "MessagingSMTP": system.union([
            "Foundation", "Primitives", "Messaging", "NIOCore", "NIOPosix", "NIOSSL",
        ]),
        "Simulators": system.union([
            "Foundation", "Primitives", "AsyncHTTPClient", "Crypto", "HTTPTypes", "Hummingbird", "Logging",
            "NIOCore", "NIOHTTP1", "NIOPosix", "ServiceLifecycle",
        ]),
        "DesignSystem": ["FoundationEssentials", "Primitives", "HTTPServer", "Markup", "Crypto"],
        "Storefront": web,
        "Dashboard": web,
        "API": seams.union(domains).union(["UseCases", "HTTPServer", "Crypto", "HTTPTypes", "Logging"]),
        "App": system.union(seams).union(domains).union([
            "UseCases", "API", "Storefront", "Dashboard", "DesignSystem", "PaymentsStripe", "MessagingSMTP",
            "Simulators", "HTTPOutbound", "Markup", "HTTPServer", "Observability", "PersistenceSQLite",
            "PersistencePostgres", "Configuration",
            "Crypto", "Foundation", "HTTPTypes", "Hummingbird", "Logging", "NIOCore", "NIOPosix", "ServiceLifecycle",
            "UnixSignals",
        ]),
        "shipshape": [
            "App", "ArgumentParser", "Foundation", "FoundationEssentials", "Glibc", "Darwin", "Primitives",
        ],
    ]

    private static let web = seams.union(domains).union([
        "UseCases", "HTTPServer", "Markup", "DesignSystem", "Crypto", "Logging",
    ])
    private static let system: Set = ["FoundationEssentials", "Glibc", "Darwin", "Synchronization"]
    private static let seams: Set = [
        "FoundationEssentials", "Primitives", "Persistence", "EventLog", "Jobs", "Readiness",
    ]

    static func layer(of target: String) -> Int? {
        layers.firstIndex { $0.contains(target) }
    }
}
